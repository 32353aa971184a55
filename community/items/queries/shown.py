"""Posts and titles as pages show them, by statements that are built once."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, case, cast, exists, func, literal, or_, select

from community.core.asking import numbers, rows_of
from community.core.permissions import Role
from community.items.models import Follow, Item, Post, Pseudonym, Stance, State, Tag, Thank
from community.items.models.shown import Author, PostLook, ShownItem, ShownPost, Theme, Title
from community.items.queries.lists import anybody
from community.items.queries.posts import opening, readable
from community.members.models import Member, MemberState
from community.sites.models import Site

_OF_ITEM = tuple(field.name for field in fields(ShownItem) if field.name not in ("byline", "author"))
_WIDTH = len(_OF_ITEM)


@dataclass(frozen=True)
class Conversation:
    """A post that answers no other, with all answers below it. Its own words may be gone; then it is not live."""

    root: ShownPost
    answers: list[ShownPost]


def shown_at(item: Item | ShownItem, wanted: Iterable[int], reader: Any) -> dict[int, ShownPost]:
    """The posts of these numbers under an item, by number, in whatever state."""
    asked = {"item_id": item.id, "numbers": wanted, "reader_id": reader.id}
    rows = rows_of(_by_number(reader.is_member), asked).all()
    return {post.number: post for post in (_shown(row, item) for row in rows)}


def conversations(item: Item | ShownItem, reader: Any, offset: int, limit: int) -> tuple[list[Conversation], int]:
    """A stretch of an item's conversations, oldest first, and how many there are in all: one statement."""
    asked = {"item_id": item.id, "reader_id": reader.id, "offset": offset, "limit": limit}
    rows = rows_of(_conversations(reader.is_member), asked).all()
    found: dict[int, Conversation] = {}
    for row in rows:
        if row.root_id is None:
            found[row.id] = Conversation(_shown(row, item), [])
        else:
            found[row.root_id].answers.append(_shown(row, item))
    return list(found.values()), rows[0].total if rows else 0


def item_columns(kind: type[Item], author: Any) -> tuple[Any, ...]:
    """What `parted()` takes of an item of this kind, joined to the table of its author."""
    own = (getattr(kind, name) for name in _OF_ITEM)
    return *own, byline_of(Item.__table__, author), *author_columns(author)


def parted(row: Any) -> tuple[dict[str, Any], Any]:
    """The fields of a `ShownItem` from a row that begins with its columns, and what stands behind them."""
    own, (byline, *author), rest = row[:_WIDTH], row[_WIDTH : _WIDTH + 6], row[_WIDTH + 6 :]
    return dict(zip(_OF_ITEM, own, strict=True), byline=byline or "", author=as_author(*author)), rest


def author_columns(member: Any) -> tuple[Any, ...]:
    """What `as_author()` takes of a table of members."""
    is_expert = cast(member.c.role_names, Text).contains(f'"{Role.EXPERT}@')
    return member.c.id, member.c.site, member.c.username, member.c.title, is_expert


def as_author(member_id: int | None, site: Site, username: str, title: str, is_expert: bool) -> Author | None:
    """The author of such columns, if there is one."""
    return None if member_id is None else Author(member_id, site, username, title, bool(is_expert))


def title_rows() -> Select[Any]:
    """Items as `as_title()` takes them."""
    own = Item.id, Item.kind, Item.path, Item.title, Item.minutes, Item.stage_from, Item.stage_to
    query: Any = select(*own, Tag.name, Tag.site)
    return query.outerjoin(Tag, Tag.id == Item.theme_id)


def as_title(row: Any) -> Title:
    """A row of `title_rows()`."""
    theme, site = row[-2:]
    return Title._make((*row[:-2], Theme(theme, site) if site else None))


def _shown(row: Any, item: Item | ShownItem) -> ShownPost:
    """A post of a row of `_posts()`, which may hold more behind it."""
    seen, (body, deleted_at, writer_id, is_folded, is_thanked), author = row[:9], row[9:14], row[14:19]
    post_id, number, state, byline, answers, *rest = seen
    look = PostLook(post_id, number, state, as_author(*author), byline or "", answers or "", *rest)
    return ShownPost(look, item, body, writer_id, deleted_at, bool(is_folded), bool(is_thanked))


def byline_of(written: Any, author: Any) -> Any:
    """`Authored.byline` as an expression: of a table, joined to its author's."""
    return case((author.c.state != MemberState.ERASED, author.c.name), else_=written.c.author_name)


@lru_cache
def _by_number(is_member: bool) -> Select[Any]:
    posts, parent = Post.__table__.c, Post.__table__.alias()
    query = _posts(is_member, parent, parent.c.number > 1).where(posts.item_id == bindparam("item_id"))
    return query.where(posts.number.in_(numbers("numbers"))).order_by(posts.number)


@lru_cache
def _conversations(is_member: bool) -> Select[Any]:
    posts, parent, reader = Post.__table__.c, Post.__table__.alias(), anybody(is_member)
    roots = select(Post.id, func.count().over().label("total")).where(*opening(bindparam("item_id"), reader))
    shown = roots.order_by(Post.number).offset(bindparam("offset")).limit(bindparam("limit")).subquery()
    is_deeper = and_(parent.c.id != posts.root_id, parent.c.state == State.LIVE)
    query = _posts(is_member, parent, is_deeper).add_columns(posts.root_id, shown.c.total)
    query = query.join(shown, or_(posts.id == shown.c.id, posts.root_id == shown.c.id))
    return query.where(or_(posts.root_id.is_(None), readable(reader))).order_by(posts.number)


def _posts(is_member: bool, parent: Any, says_whom: Any) -> Select[Any]:
    """Posts as `_shown()` takes them; `says_whom` is the condition to name the writer of the post that is answered."""
    posts, author, pseudonyms = Post.__table__, Member.__table__.alias(), Pseudonym.__table__
    parents_author = Member.__table__.alias()
    writer = case((posts.c.pseudonym_id.is_not(None), pseudonyms.c.member_id), else_=posts.c.author_id)
    columns = (
        *(posts.c.id, posts.c.number, posts.c.state, byline_of(posts, author)),
        case((says_whom, byline_of(parent, parents_author))),
        *(posts.c.body_html, posts.c.created_at, posts.c.edited_at, posts.c.thank_count),
        *(posts.c.body, posts.c.deleted_at, writer, *_marks(posts.c, is_member)),
        *author_columns(author),
    )
    place = posts.outerjoin(author, author.c.id == posts.c.author_id)
    place = place.outerjoin(pseudonyms, pseudonyms.c.id == posts.c.pseudonym_id)
    place = place.outerjoin(parent, parent.c.id == posts.c.parent_id)
    place = place.outerjoin(parents_author, parents_author.c.id == parent.c.author_id)
    return select(*columns).select_from(place)


def _marks(posts: Any, is_member: bool) -> tuple[Any, ...]:
    """Whether the reader muted or blocked who wrote a post, and whether they thanked for it."""
    if not is_member:
        return literal(False), literal(False)
    follows, thanks = Follow.__table__.c, Thank.__table__.c
    reader: Any = bindparam("reader_id")
    refused = and_(follows.member_id == reader, follows.person_id == posts.author_id, follows.stance != Stance.FOLLOW)
    thanked = and_(thanks.post_id == posts.id, thanks.member_id == reader)
    return exists().where(refused), exists().where(thanked)
