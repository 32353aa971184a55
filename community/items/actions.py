"""Writes that serve every kind of item: addresses, tags, posts. Making things live is moderation's."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.orm.attributes import set_committed_value

from community.core import clock
from community.core.db import db, hold, insert_into, send, store
from community.core.generation import changed
from community.core.text import excerpt, slug_of, to_safe_html, without_name
from community.items import queries
from community.items.models import (
    Collection,
    Draft,
    Follow,
    Followed,
    Item,
    OldAddress,
    Post,
    PostVersion,
    Pseudonym,
    ReadPosition,
    Stance,
    State,
    Tag,
    Thank,
)
from community.members.models import Member
from community.sites.models import Site

_PLACES = cast(Table, Collection.__table__)
_COUNT_IN = (  # of the table alone: a deed that counts has no need of the place itself
    update(_PLACES)
    .where(_PLACES.c.id == bindparam("place"))
    .values(
        item_count=_PLACES.c.item_count + bindparam("items"),
        post_count=_PLACES.c.post_count + bindparam("posts"),
    )
)
_ITEMS = cast(Table, Item.__table__)
_COUNT_AT = update(_ITEMS).where(_ITEMS.c.id == bindparam("of"))
_DRAFTS = cast(Table, Draft.__table__)
_DROP_DRAFT = delete(_DRAFTS).where(_DRAFTS.c.member_id == bindparam("writer"), _DRAFTS.c.about == bindparam("thing"))
WHEN_STATE_CHANGES: list[Callable[[Item], None]] = []  # what higher rooms count, in the same commit


def write_post(item: Item, author: Member, body: str, parent: Post | None = None, is_anonymous: bool = False) -> Post:
    """A new post: `moderation.publish()` decides whether it is live, and only then it is stored. An anonymous one
    stands under a pseudonym."""
    hold(item)
    pseudonym = pseudonym_of(item, author) if is_anonymous else None
    return Post(
        item=item,
        item_id=item.id,
        number=item.last_post_number + 1,
        parent_id=parent and parent.id,
        root_id=parent and (parent.root_id or parent.id),
        author=None if pseudonym else author,
        author_id=None if pseudonym else author.id,
        author_name=pseudonym_name(item.site, pseudonym.number) if pseudonym else "",
        pseudonym=pseudonym,
        pseudonym_id=pseudonym and pseudonym.id,
        body=body,
        body_html=html_of(body),
        created_at=clock.now(),
    )


def html_of(body: str) -> str:
    """A member's text as HTML; whom it names it leads to."""
    return to_safe_html(body, queries.people_in(body))


def pseudonym_of(item: Item, member: Member) -> Pseudonym:
    """The name of a member as an anonymous parent in one conversation, made at first need."""
    known = queries.pseudonym(item.id, member.id)
    if known is None:
        known = Pseudonym(item_id=item.id, member_id=member.id, number=queries.last_pseudonym(item.id) + 1)
        known.member = member
        db.session.add(known)
        db.session.flush()
    return known


def pseudonym_name(site: Site, number: int) -> str:
    """How an anonymous parent is called on a site: in its language, told apart by a number."""
    with force_locale(site.locale):
        return _("Anonymous parent %(number)s", number=number)


def edit_post(post: Post, body: str) -> None:
    """Change the text; what it said before is kept."""
    if body == post.body:
        return
    db.session.add(PostVersion(post_id=post.id, body=post.body, replaced_at=clock.now()))
    post.body, post.body_html = body, html_of(body)
    post.edited_at = clock.now()
    changed(post.item.site.code)


def set_post_state(post: Post, state: State) -> None:
    """Move a post to a state, a new one to its first; the counts, the item that it opens, and the cached pages
    follow."""
    item = post.item
    if post.id is None:
        _store_post(post, state)
    else:
        _move_post(post, state)
    if item.opens_with_post and post.number == 1:
        set_item_state(item, state)
    changed(item.site.code)


def set_item_state(item: Item, state: State) -> None:
    """Move an item to a state; its collection's counts and the cached pages follow."""
    hold(item)
    more = (state == State.LIVE) - (item.state == State.LIVE)
    _count_in(item, items=more, posts=more * item.post_count)
    item.state, item.changed_at = state, clock.now()
    if state == State.LIVE and item.published_at is None:
        item.published_at = clock.now()
    item.active_at = item.active_at or item.published_at
    for count in WHEN_STATE_CHANGES:
        count(item)
    changed(item.site.code)


def recount(item: Item) -> None:
    """Count an item's live posts anew; its collection and the cached pages follow."""
    hold(item)
    before, item.post_count = item.post_count, queries.live_posts_under(item.id)
    item.last_live_number, item.active_at = queries.last_live_post(item)
    if item.is_live:
        _count_in(item, posts=item.post_count - before)
    changed(item.site.code)


def place(item: Item, collection: Collection) -> None:
    """Let an item stand in a collection: who may see it, for whom it is and how quiet are the collection's."""
    is_live = item.is_live
    if is_live:
        _count_in(item, items=-1, posts=-item.post_count)
    item.collection_id, item.group_id, item.theme_id = collection.id, collection.group_id, collection.theme_id
    item.visibility, item.is_quiet = collection.visibility, collection.is_quiet
    item.stage_from, item.stage_to = collection.stage_from, collection.stage_to
    if is_live:
        _count_in(item, items=1, posts=item.post_count)


def set_quiet(collection: Collection, is_quiet: bool) -> None:
    """Let a collection and all that stands in it be quiet, or be offered again."""
    collection.is_quiet = is_quiet
    db.session.execute(update(Item).where(Item.collection_id == collection.id).values(is_quiet=is_quiet))


def recount_all(item_ids: Iterable[int]) -> None:
    """Count the live posts of these items, and what stands in their collections, from the rows themselves."""
    db.session.flush()
    ids = list(item_ids)
    unsynchronised = {"synchronize_session": False}
    db.session.execute(
        update(Item).where(Item.id.in_(ids)).values(**queries.counts_of_item()), execution_options=unsynchronised
    )
    places = update(Collection).where(Collection.id.in_(queries.collections_of(ids)))
    db.session.execute(places.values(**queries.counts_of_collection()), execution_options=unsynchronised)


def move_item(item: Item, slug: str, path: str) -> None:
    """Give an item a new address; the old one leads to it from now on."""
    if item.path and item.path != path:
        db.session.execute(delete(OldAddress).where(OldAddress.site == item.site, OldAddress.path == path))
        remember_address(item, item.path)
    item.slug, item.path = slug, path


def remember_address(item: Item, path: str) -> None:
    """Let an old address lead to this item; the first item that claims it keeps it."""
    if not path or queries.old_address(item.site, path) is not None:
        return
    db.session.add(OldAddress(site=item.site, path=path[:400], item=item))
    db.session.flush()


def tag_named(site: Site, name: str, is_theme: bool = False) -> Tag:
    """The tag of this name, made where there is none."""
    slug = slug_of(name)
    tag = queries.tag_by_slug(site, slug)
    if tag is None:
        tag = Tag(site=site, slug=slug, name=name[:80], is_theme=is_theme)
        db.session.add(tag)
        db.session.flush()
    return tag


def set_tags(item: Item, names: Iterable[str]) -> None:
    """An item's tags by name; its theme is always one of them."""
    tags = {tag.id: tag for tag in (tag_named(item.site, name) for name in names if name.strip())}
    if item.theme is not None:
        tags[item.theme.id] = item.theme
    item.tags = list(tags.values())


def keep_draft(member: Member, about: str, fields: dict[str, Any]) -> Draft:
    """Keep this text, in the place of what was kept before about the same thing."""
    draft = queries.draft(member.id, about)
    if draft is None:
        draft = Draft(member_id=member.id, about=about)
        db.session.add(draft)
    draft.fields, draft.kept_at = fields, clock.now()
    return draft


def drop_draft(member: Member, about: str) -> None:
    """It was saved, or thrown away."""
    send(_DROP_DRAFT, {"writer": member.id, "thing": about})


def follow(member: Member, thing: Followed, stance: Stance | None) -> None:
    """Follow, mute or block a thing; None: none of these."""
    before = queries.stance_to(member, thing)
    if stance == before:
        return
    known = queries.follow(member, thing) if before else None
    if stance is None:
        if known is not None:
            db.session.delete(known)
    elif known is not None:
        known.stance, known.since = stance, clock.now()
    else:
        column = queries.follow_column(thing).key
        store(Follow(member_id=member.id, stance=stance, since=clock.now(), **{column: thing.id}))


def thank(post: Post, member: Member) -> bool:
    """Thank for a post; False where this member did so before, also a moment ago in another window."""
    row = insert_into(Thank).values(post_id=post.id, member_id=member.id, at=clock.now())
    if db.session.scalar(row.on_conflict_do_nothing().returning(Thank.post_id)) is None:
        return False
    _count_thanks(post, 1)
    return True


def take_thanks_back(post: Post, member: Member) -> None:
    """Thank no more; without thanks nothing changes."""
    gone = delete(Thank).where(Thank.post_id == post.id, Thank.member_id == member.id)
    if db.session.scalar(gone.returning(Thank.post_id)) is not None:
        _count_thanks(post, -1)


def keep_positions(rows: Iterable[dict[str, Any]]) -> None:
    """How far members read (`member_id`, `item_id`, `number`): a position only moves on."""
    furthest: dict[tuple[int, int], int] = {}
    for row in rows:
        place = row["member_id"], row["item_id"]
        furthest[place] = max(row["number"], furthest.get(place, 0))
    for (member_id, item_id), number in sorted(furthest.items()):  # two who keep the same ones never wait crosswise
        if queries.are_there(member_id, item_id):
            row = insert_into(ReadPosition).values(member_id=member_id, item_id=item_id, number=number, at=clock.now())
            moved = {"number": row.excluded.number, "at": row.excluded.at}
            db.session.execute(
                row.on_conflict_do_update(
                    index_elements=["member_id", "item_id"], set_=moved, where=ReadPosition.number < number
                )
            )


def erase_posts(member_id: int) -> None:
    """Take a member's texts away, those under a pseudonym too: the places stay, without a word or a name."""
    for post in queries.all_written_by(member_id):
        set_post_state(post, State.DELETED)
        post.body = post.body_html = ""
        if post.item.opens_with_post and post.number == 1:
            _erase_title(post.item)
        db.session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))


def erase_items(member_id: int) -> None:
    """Take away what a member wrote as items of their own: the places stay, without a word."""
    for item in queries.items_written_by(member_id):
        set_item_state(item, State.DELETED)
        item.erase_words()
        _erase_title(item)


def erase_mentions(username: str) -> None:
    """Where others named a member who leaves, they name a former member."""
    for post in queries.posts_naming(username):
        was_linked = f"/members/{username}" in post.body_html  # else it stands in code, or came with an import
        with force_locale(post.item.site.locale):
            nobody = _("a former member")
        post.body = without_name(post.body, username, nobody)
        post.body_html = html_of(post.body) if was_linked else without_name(post.body_html, username, nobody)
        if post.item.opens_with_post and post.number == 1:
            post.item.summary = excerpt(post.body_html)
        changed(post.item.site.code)
    for version in queries.versions_naming(username):
        version.body = without_name(version.body, username, "…")
    for draft in queries.drafts_naming(username):
        draft.fields = {
            name: without_name(text, username, "…") if isinstance(text, str) else text
            for name, text in draft.fields.items()
        }


def take_back_thanks(member_id: int) -> None:
    """Posts that a member thanked for are thanked for once less."""
    thanked = (Post.id == Thank.post_id) & (Thank.member_id == member_id)
    db.session.execute(update(Post).where(thanked).values(thank_count=Post.thank_count - 1))
    db.session.execute(delete(Thank).where(Thank.member_id == member_id))


def _store_post(post: Post, state: State) -> None:
    """A new post, whose item is held since its number was taken."""
    item, post.state = post.item, state
    counts: dict[str, Any] = {"last_post_number": post.number}
    if post.is_live:
        counts |= {"post_count": item.post_count + 1, "last_live_number": post.number, "active_at": post.created_at}
    send(_COUNT_AT, {"of": item.id, **counts})
    for name, count in counts.items():
        set_committed_value(item, name, count)
    store(post)
    if post.is_live and item.is_live:
        _count_in(item, posts=1)


def _move_post(post: Post, state: State) -> None:
    item = post.item
    hold(item)
    hold(post)
    more = (state == State.LIVE) - (post.state == State.LIVE)
    post.state, post.deleted_at = state, clock.now() if state == State.DELETED else None
    if more:
        item.post_count += more
        _note_last(item, post)
        if item.is_live:
            _count_in(item, posts=more)


def _erase_title(item: Item) -> None:
    """The words of an item, also those in its addresses."""
    item.title = item.summary = ""
    item.path = item.path.removesuffix(item.slug) + str(item.id)
    item.slug = str(item.id)
    db.session.execute(delete(OldAddress).where(OldAddress.item_id == item.id))


def _count_thanks(post: Post, more: int) -> None:
    post.thank_count = Post.thank_count + more
    changed(post.item.site.code)


def _count_in(item: Item, items: int = 0, posts: int = 0) -> None:
    """So many more (or fewer) live items and posts in the collection that holds this item."""
    if item.collection_id is not None and (items or posts):
        send(_COUNT_IN, {"place": item.collection_id, "items": items, "posts": posts})


def _note_last(item: Item, post: Post) -> None:
    """The newest live post of an item is the one that went live just now, else it is looked for."""
    if post.is_live and post.number > item.last_live_number:
        item.last_live_number, item.active_at = post.number, post.created_at
    else:
        db.session.flush()
        item.last_live_number, item.active_at = queries.last_live_post(item)
