"""What changed, and what the index is made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, insert, literal, select, union
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.text import plain, slug_of
from community.items.models import Item, Post, State, Tag, Visibility, item_tags
from community.members.models import Member, MemberState
from community.profiles.models import FIELDS, Audience, Profile
from community.search.documents import SOURCES, Document, Text
from community.search.models import IndexChange

MANY = 500  # so many rows are read at once
TALK = frozenset({"topic", "post", "blogpost"})  # says less as it grows older
SAID_UNDER = ("post", "review")  # whose title is that of what they are about


def newest_change() -> int:
    """The number of the last change that was told."""
    return db.session.scalar(select(func.max(IndexChange.id))) or 0


def oldest_change() -> int:
    """The number of the first change that is still known."""
    return db.session.scalar(select(func.min(IndexChange.id))) or 0


def changes_after(bookmark: int, until: int, limit: int = MANY) -> list[IndexChange]:
    """What changed, in order."""
    query = select(IndexChange).where(IndexChange.id > bookmark, IndexChange.id <= until)
    return list(db.session.scalars(query.order_by(IndexChange.id).limit(limit)))


def documents_of(keys: Iterable[str]) -> Iterator[Document]:
    """What is to be found of these things now, and of what stands under them: nothing of what nobody may see."""
    ids: dict[str, list[int]] = {"item": [], "post": [], "member": []}
    for key in keys:
        kind, _, number = key.partition(":")
        ids.get(kind, []).append(int(number))
    found = {document.key: document for document in _of_items(ids["item"])}
    found |= {document.key: document for document in _of_posts(Item.id.in_(ids["item"]))}
    found |= {document.key: document for document in _of_posts(Post.id.in_(ids["post"]))}
    found |= {document.key: document for document in _of_members(ids["member"])}
    yield from found.values()


def everything() -> Iterator[Document]:
    """All that is to be found, in batches of rows."""
    for ids in _stretches(Item):
        yield from _of_items(ids)
    for ids in _stretches(Post):
        yield from _of_posts(Post.id.in_(ids))
    for ids in _stretches(Member):
        yield from _of_members(ids)


def count_of_everything() -> int:
    """How many rows `everything()` reads."""
    return sum(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Item, Post, Member))


def written_by(member_id: int) -> Any:
    """The keys of all that a member wrote, as an INSERT reads them."""
    items = select(literal("item:").concat(Item.id)).where(Item.author_id == member_id)
    posts = select(literal("post:").concat(Post.id)).where(Post.author_id == member_id)
    return union(items, posts)


def note_of(keys: Any) -> Any:
    """The statement that notes these keys as changed."""
    return insert(IndexChange).from_select(["key"], keys)


def _stretches(model: Any) -> Iterator[list[int]]:
    """The numbers of all rows of a table, so many at once."""
    last = 0
    while ids := list(db.session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(MANY))):
        yield ids
        last = ids[-1]


def _of_items(ids: Sequence[int]) -> Iterator[Document]:
    rows = list(db.session.scalars(select(Item).where(Item.id.in_(ids), Item.state == State.LIVE))) if ids else []
    texts = _texts_of(rows)
    tags = _tags_of([item.id for item in rows])
    for item in rows:
        marks = _marks_of(item, item.author_id, tags) | {f"kind:{item.kind}"}
        if (stars := texts[item.id].stars) is not None:
            marks.add(f"stars:{int(stars)}")
        document = _document(item, f"item:{item.id}", item.kind, texts[item.id], item.path, marks)
        yield replace(
            document, tags=" ".join(name for tag, name in tags.get(item.id, {}).items() if tag != item.theme_id)
        )


def _of_posts(which: Any) -> Iterator[Document]:
    """Live posts under live items, but those that are an item's own words."""
    query = select(Post).join(Post.item).where(which, Post.state == State.LIVE, Item.state == State.LIVE)
    rows = [post for post in db.session.scalars(query.options(joinedload(Post.item))) if not _opens(post)]
    tags = _tags_of([post.item_id for post in rows])
    for post in rows:
        item = post.item
        marks = _marks_of(item, item.author_id, tags) | {f"by:{post.author_id}", "kind:post"}
        document = _document(item, f"post:{post.id}", "post", Text(plain(post.body_html)), post.path, marks)
        yield replace(document, at=post.created_at)


def _of_members(ids: Sequence[int]) -> Iterator[Document]:
    """Members by their names: for all to find where they show something to all, else for members."""
    query = select(Member, Profile).outerjoin(Profile, Profile.member_id == Member.id)
    query = query.where(Member.id.in_(ids), Member.state == MemberState.ACTIVE, Member.username.is_not(None))
    for member, profile in db.session.execute(query) if ids else ():
        shows = {profile.audience_of(field) for field in FIELDS} if profile else set()
        sees = "public" if Audience.PUBLIC in shows else "members"
        yield Document(
            key=member.key,
            kind="member",
            site=member.site.code,
            language=member.site.language,
            title=member.name,
            words=member.title if member.username == slug_of(member.name) else f"{member.title} @{member.username}",
            path=member.path,
            marks=frozenset({f"{member.site.code}:{sees}", "kind:member", "stage:none", f"by:{member.id}"}),
        )


def _document(item: Item, key: str, kind: str, text: Text, path: str, marks: set[str]) -> Document:
    is_staged = item.stage_from is not None and item.stage_to is not None
    return Document(
        key=key,
        kind=kind,
        site=item.site.code,
        language=item.site.language,
        title=item.title or text.title,
        words=" ".join(text.words.split()),
        path=path,
        marks=frozenset(marks),
        item_id=item.id,
        stage=(item.stage_from, item.stage_to) if is_staged else None,  # type: ignore[arg-type]
        at=item.published_at,
        ages=kind in TALK,
        is_public=item.visibility == Visibility.PUBLIC,
        has_own_title=kind not in SAID_UNDER,
    )


def _marks_of(item: Item, author_id: int | None, tags: dict[int, dict[int, str]]) -> set[str]:
    """Who may see an item, where it stands, whom it is of and what it is about."""
    sees = {
        Visibility.CLUB: f"club-{item.group_id}",
        Visibility.ME: f"me-{item.author_id}",
    }.get(Visibility(item.visibility), item.visibility)
    marks = {f"{item.site.code}:{sees}", f"item:{item.id}", f"in:{item.collection_id}", f"by:{author_id}"}
    marks |= {f"tag:{tag}" for tag in (item.theme_id, *tags.get(item.id, ())) if tag}
    marks |= {f"month:{item.published_at:%Y-%m}"} if item.published_at else set()
    if item.stage_from is None:
        return marks | {"stage:none"}
    return marks | {f"basis:{item.stage_basis}", f"span:{item.stage_from}:{item.stage_to}"}


def _texts_of(items: Sequence[Item]) -> dict[int, Text]:
    """The texts of these items as their rooms give them, or the post that they open with."""
    texts: dict[int, Text] = {item.id: Text(item.summary) for item in items}
    for kind in {item.kind for item in items} & set(SOURCES):
        texts |= SOURCES[kind]([item.id for item in items if item.kind == kind])
    opening = [item.id for item in items if item.opens_with_post]
    query = select(Post.item_id, Post.body_html).where(Post.item_id.in_(opening), Post.number == 1)
    return texts | {item_id: Text(plain(html)) for item_id, html in db.session.execute(query)} if opening else texts


def _tags_of(item_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """The tags of these items by their numbers, with their names."""
    found: dict[int, dict[int, str]] = {}
    query = select(item_tags.c.item_id, Tag.id, Tag.name).join(Tag, Tag.id == item_tags.c.tag_id)
    for item_id, tag_id, name in db.session.execute(query.where(item_tags.c.item_id.in_(item_ids))) if item_ids else ():
        found.setdefault(item_id, {})[tag_id] = name
    return found


def _opens(post: Post) -> bool:
    return post.number == 1 and post.item.opens_with_post
