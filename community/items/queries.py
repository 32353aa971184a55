"""Reads that serve every kind of item alike: cards, lists, posts, tags, old addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, Text, and_, cast, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.core.db import db
from community.core.text import names_in
from community.items.models import (
    FOLLOWED,
    Basis,
    Collection,
    Draft,
    Follow,
    Followed,
    Item,
    OldAddress,
    Post,
    PostVersion,
    Pseudonym,
    Stance,
    State,
    Tag,
    Thank,
    Visibility,
    item_tags,
)
from community.members.models import Member
from community.members.queries import members_named
from community.sites.models import Site

MOST_NAMED = 20  # so many people can be named in one text
Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class StageDay:
    """Where one child is on the axis of life stages: by corrected and by calendar age, in days."""

    corrected: int
    calendar: int


@dataclass(frozen=True)
class Guard:
    """What the lists of a reader may hold after "something changed": items without a stage range, and those
    that fit one of these other children; nothing of a club, which only its address leads to."""

    days: tuple[StageDay, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """A post that answers no other, with all answers below it. Its own words may be gone; then it is not live."""

    root: Post
    answers: list[Post]


def fits_day(day: StageDay, lead: int = 0) -> Any:
    """The condition that an item's range holds a child's day, or will within `lead` days."""
    by_basis = [
        and_(Item.stage_basis == basis, Item.stage_from <= value + lead, Item.stage_to >= value)
        for basis, value in ((Basis.CORRECTED, day.corrected), (Basis.CALENDAR, day.calendar))
    ]
    return or_(*by_basis)


def guarded(query: Rows, guard: Guard | None) -> Rows:
    """Leave out what a guarded reader's lists may not hold."""
    if guard is None:
        return query
    fits = or_(Item.stage_from.is_(None), *(fits_day(day) for day in guard.days))
    return query.where(Item.group_id.is_(None), fits)


def visible_to(query: Rows, member: Any) -> Rows:
    """Live items that this reader may see at all."""
    query = query.where(Item.state == State.LIVE)
    if not member.is_member:
        return query.where(Item.visibility == Visibility.PUBLIC)
    own = and_(Item.visibility == Visibility.ME, Item.author_id == member.id)
    of_club = and_(Item.visibility == Visibility.CLUB, Item.group_id.in_(member.group_ids))
    return query.where(or_(Item.visibility.in_((Visibility.PUBLIC, Visibility.MEMBERS)), of_club, own))


def wanted_by(query: Rows, member: Any) -> Rows:
    """Leave out what a member muted: the item itself, its collection, its author, its theme or one of its tags."""
    if not member.is_member:
        return query
    refused_tags = refused(member, Follow.tag_id)
    tagged = select(item_tags.c.item_id).where(item_tags.c.tag_id.in_(refused_tags))
    return query.where(
        Item.id.not_in(refused(member, Follow.item_id)),
        Item.id.not_in(tagged),
        or_(Item.theme_id.is_(None), Item.theme_id.not_in(refused_tags)),
        or_(Item.author_id.is_(None), Item.author_id.not_in(refused(member, Follow.person_id))),
        or_(Item.collection_id.is_(None), Item.collection_id.not_in(refused(member, Follow.collection_id))),
    )


def refused(member: Any, column: Any) -> Select[Any]:
    """The ids that a member muted or blocked, of the kind that this column of `Follow` holds."""
    return select(column).where(Follow.member_id == member.id, Follow.stance != Stance.FOLLOW, column.is_not(None))


def offered(query: Rows, member: Any, guard: Guard | None) -> Rows:
    """What a list may offer a reader: they may see it, do not mute it, and it fits "something changed"."""
    return wanted_by(visible_to(guarded(query, guard), member), member)


def as_cards(query: Rows) -> Rows:
    """Load all that a card shows."""
    parts = joinedload(Item.author), joinedload(Item.collection), joinedload(Item.theme), joinedload(Item.picture)
    return query.options(*parts)


def cards(item_ids: Sequence[int]) -> list[Item]:
    """Items as cards, in the order of their ids as given."""
    found = {item.id: item for item in db.session.scalars(as_cards(select(Item).where(Item.id.in_(item_ids))))}
    return [found[item_id] for item_id in item_ids if item_id in found]


def latest(site: Site, member: Any, guard: Guard | None, kind: str | None, limit: int) -> list[Item]:
    """The newest items of a site as cards."""
    query = offered(select(Item).where(Item.site == site, Item.is_quiet.is_(False)), member, guard)
    if kind:
        query = query.where(Item.kind == kind)
    query = as_cards(query).order_by(Item.published_at.desc(), Item.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def item_by_key(key: str) -> Item | None:
    """The item of a key such as `article:12`, live or not."""
    kind, _, number = key.partition(":")
    if not number.isdecimal() or len(number) > 15:
        return None
    return db.session.scalar(select(Item).where(Item.id == int(number), Item.kind == kind))


def moved_to(site: Site, path: str, reader: Any) -> str | None:
    """Where the item that this reader may see stands now, and once had this address: to the letter, else without
    its query or last slash, else by its first two parts alone (`/questions/12/any-words`)."""
    bare = path.partition("?")[0].rstrip("/")
    same, short = (path, bare, f"{bare}/"), "/".join(bare.split("/")[:3])
    query = (
        select(Item.path)
        .join(OldAddress, OldAddress.item_id == Item.id)
        .where(OldAddress.path.in_((*same, short)))
        .order_by(OldAddress.path.not_in(same), OldAddress.site != site, OldAddress.path != path)
    )
    return db.session.scalar(visible_to(query, reader).limit(1))


def themes(site: Site) -> list[Tag]:
    """A site's themes in their order."""
    query = select(Tag).where(Tag.site == site, Tag.is_theme.is_(True)).order_by(Tag.position, Tag.name)
    return list(db.session.scalars(query))


def theme_by_slug(site: Site, slug: str) -> Tag | None:
    """One theme of a site."""
    return db.session.scalar(select(Tag).where(Tag.site == site, Tag.slug == slug, Tag.is_theme.is_(True)))


def tag_by_slug(site: Site, slug: str) -> Tag | None:
    """One tag of a site, theme or not."""
    return db.session.scalar(select(Tag).where(Tag.site == site, Tag.slug == slug))


def conversations(item: Item, reader: Any, offset: int, limit: int) -> tuple[list[Conversation], int]:
    """A stretch of an item's conversations, oldest first, and how many there are in all: one statement."""
    roots = select(Post.id, func.count().over().label("total")).where(*_opening(item.id, reader))
    shown = roots.order_by(Post.number).offset(offset).limit(limit).subquery()
    query = select(Post, shown.c.total).join(shown, or_(Post.id == shown.c.id, Post.root_id == shown.c.id))
    query = query.where(or_(Post.root_id.is_(None), _readable(reader))).order_by(Post.number)
    rows = db.session.execute(query.options(*_post_parts())).all()
    found: dict[int, Conversation] = {}
    for post, _total in rows:
        if post.root_id is None:
            found[post.id] = Conversation(post, [])
        else:
            found[post.root_id].answers.append(post)
    return list(found.values()), rows[0].total if rows else 0


def post_by_id(post_id: int) -> Post | None:
    """A post with its author, pseudonym and item, live or not."""
    query = select(Post).where(Post.id == post_id)
    query = query.options(joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.item))
    return db.session.scalar(query)


def conversations_before(post: Post, reader: Any) -> int:
    """How many conversations this reader sees before the one that holds a post."""
    root_number = select(Post.number).where(Post.id == (post.root_id or post.id)).scalar_subquery()
    query = select(func.count()).select_from(Post).where(*_opening(post.item_id, reader), Post.number < root_number)
    return db.session.scalar(query) or 0


def held_posts(sites: Sequence[Site] | None, limit: int = 50) -> list[Post]:
    """Posts that wait for a moderator, oldest first; of these sites, or (None) of all."""
    query = select(Post).join(Post.item).where(Post.state == State.HELD).order_by(Post.created_at).limit(limit)
    if sites is not None:
        query = query.where(Item.site.in_(sites))
    return list(db.session.scalars(query.options(joinedload(Post.item), *_post_parts())))


def live_post_count(member_id: int) -> int:
    """How many posts of a member are live."""
    query = select(func.count()).select_from(Post).where(Post.author_id == member_id, Post.state == State.LIVE)
    return db.session.scalar(query) or 0


def live_posts_under(item_id: int) -> int:
    """How many posts under an item are live."""
    query = select(func.count()).select_from(Post).where(Post.item_id == item_id, Post.state == State.LIVE)
    return db.session.scalar(query) or 0


def all_written_by(member_id: int) -> list[Post]:
    """Every post of a member in whatever state, under their name or a pseudonym, with its item."""
    pseudonyms = select(Pseudonym.id).where(Pseudonym.member_id == member_id)
    query = select(Post).where(or_(Post.author_id == member_id, Post.pseudonym_id.in_(pseudonyms)))
    return list(db.session.scalars(query.options(joinedload(Post.item)).order_by(Post.id)))


def posts_naming(username: str) -> list[Post]:
    """Every post in which somebody wrote `@name`, with its item."""
    query = select(Post).where(Post.body.contains(f"@{username}", autoescape=True))
    return list(db.session.scalars(query.options(joinedload(Post.item))))


def versions_naming(username: str) -> list[PostVersion]:
    """Earlier words of posts that hold `@name`."""
    return list(db.session.scalars(select(PostVersion).where(PostVersion.body.contains(f"@{username}"))))


def drafts_naming(username: str) -> list[Draft]:
    """Drafts that hold `@name`."""
    return list(db.session.scalars(select(Draft).where(cast(Draft.fields, Text).contains(f"@{username}"))))


def pseudonym(item_id: int, member_id: int) -> Pseudonym | None:
    """Under which name a member writes as an anonymous parent in a conversation."""
    query = select(Pseudonym).where(Pseudonym.item_id == item_id, Pseudonym.member_id == member_id)
    return db.session.scalar(query.order_by(Pseudonym.number).limit(1))


def last_pseudonym(item_id: int) -> int:
    """How many anonymous parents a conversation has had."""
    return db.session.scalar(select(func.max(Pseudonym.number)).where(Pseudonym.item_id == item_id)) or 0


def last_live_post(item: Item) -> tuple[int, datetime | None]:
    """The number and moment of an item's newest live post; without one, 0 and when the item was published."""
    query = select(Post.number, Post.created_at).where(Post.item_id == item.id, Post.state == State.LIVE)
    row = db.session.execute(query.order_by(Post.number.desc()).limit(1)).first()
    return (row.number, row.created_at) if row else (0, item.published_at)


def counts_of_item() -> dict[str, Any]:
    """What an item's columns say of its live posts, as expressions for an update of items."""
    live = Post.item_id == Item.id, Post.state == State.LIVE
    newest = select(Post.created_at).where(*live).order_by(Post.number.desc()).limit(1).scalar_subquery()
    return {
        "post_count": select(func.count()).select_from(Post).where(*live).scalar_subquery(),
        "last_live_number": select(func.coalesce(func.max(Post.number), 0)).where(*live).scalar_subquery(),
        "active_at": func.coalesce(newest, Item.published_at),
    }


def counts_of_collection() -> dict[str, Any]:
    """What a collection's columns say of its live items, as expressions for an update of collections."""
    live = Item.collection_id == Collection.id, Item.state == State.LIVE
    return {
        "item_count": select(func.count()).select_from(Item).where(*live).scalar_subquery(),
        "post_count": select(func.coalesce(func.sum(Item.post_count), 0)).where(*live).scalar_subquery(),
    }


def collections_of(item_ids: Sequence[int]) -> Select[Any]:
    """The ids of the collections that these items stand in."""
    return select(Item.collection_id).where(Item.id.in_(item_ids))


def follow(member: Any, thing: Followed) -> Follow | None:
    """The row that says how a member stands to a thing."""
    query = select(Follow).where(Follow.member_id == member.id, follow_column(thing) == thing.id)
    return db.session.scalar(query)


def follow_column(thing: Followed) -> Any:
    """The column of `Follow` that names such a thing."""
    return next(column for kind, column in FOLLOWED.items() if isinstance(thing, kind))


def stance_to(reader: Any, thing: Followed) -> str:
    """Whether a reader follows, mutes or blocks a thing; empty for none of these."""
    known = follow(reader, thing) if reader.is_member else None
    return known.stance if known else ""


def refusers(person_id: int | None, item: Item | None) -> Select[Any]:
    """The ids of members who want to hear nothing of this person (a pseudonym's writer is None: whoever misses
    a notice must not learn who wrote) or about this item, its collection, its theme or its tags."""
    conditions: list[Any] = [Follow.person_id == person_id] if person_id else []
    if item is not None:
        tags = select(item_tags.c.tag_id).where(item_tags.c.item_id == item.id)
        conditions += [Follow.item_id == item.id, Follow.tag_id.in_(tags)]
        conditions += [Follow.collection_id == item.collection_id] if item.collection_id else []
        conditions += [Follow.tag_id == item.theme_id] if item.theme_id else []
    return select(Follow.member_id).where(Follow.stance != Stance.FOLLOW, or_(false(), *conditions))


def blocked_by(person_id: int | None) -> Select[Any]:
    """The ids of people whom somebody blocked: they are not told what that person does."""
    return select(Follow.person_id).where(
        Follow.member_id == person_id, Follow.stance == Stance.BLOCK, Follow.person_id.is_not(None)
    )


def mentioned_in(body: str) -> list[Member]:
    """The members whom a text names, outside quotes and code."""
    return members_named(names_in(body, quoted=False)[:MOST_NAMED])


def people_in(body: str) -> dict[str, str]:
    """Where the names lead that a text holds: username -> path."""
    return {person.username or "": person.path for person in members_named(names_in(body)[:MOST_NAMED])}


def thanked_by(reader: Any, posts: Iterable[Post]) -> set[int]:
    """The ids of those of these posts for which a reader thanked."""
    ids = [post.id for post in posts] if reader.is_member else []
    query = select(Thank.post_id).where(Thank.member_id == reader.id, Thank.post_id.in_(ids))
    return set(db.session.scalars(query)) if ids else set()


def are_there(member_id: int, item_id: int) -> bool:
    """Whether both are still stored: what is kept after the answer may come too late."""
    return db.session.scalar(select(Item.id).join(Member, Member.id == member_id).where(Item.id == item_id)) is not None


def posts_by(member_id: int, live_only: bool, limit: int) -> list[Post]:
    """A member's posts with their items, newest first."""
    query = select(Post).where(Post.author_id == member_id).options(joinedload(Post.item))
    if live_only:
        query = query.join(Post.item).where(Post.state == State.LIVE, Item.state == State.LIVE)
        query = query.where(Item.visibility == Visibility.PUBLIC)
    return list(db.session.scalars(query.order_by(Post.id.desc()).limit(limit)))


def _opening(item_id: int, reader: Any) -> tuple[Any, ...]:
    """The conditions of posts that open a conversation: readable ones, and places whose answers are still live."""
    answer = aliased(Post)
    is_answered = select(answer.id).where(answer.root_id == Post.id, answer.state == State.LIVE).exists()
    return Post.item_id == item_id, Post.root_id.is_(None), or_(_readable(reader), is_answered)


def _readable(reader: Any) -> Any:
    """The condition of live posts, and of the reader's own that wait."""
    if not reader.is_member:
        return Post.state == State.LIVE
    return or_(Post.state == State.LIVE, and_(Post.state == State.HELD, Post.author_id == reader.id))


def _post_parts() -> tuple[Any, ...]:
    return joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.parent).joinedload(Post.author)


def draft(member_id: int, about: str) -> Draft | None:
    """What a member typed about something and has not saved."""
    return db.session.scalar(select(Draft).where(Draft.member_id == member_id, Draft.about == about))


def drafts_of(member_id: int, kind: str) -> list[Draft]:
    """All that a member typed about things of a kind and has not saved, latest first."""
    query = select(Draft).where(Draft.member_id == member_id, Draft.about.startswith(f"{kind}:"))
    return list(db.session.scalars(query.order_by(Draft.kept_at.desc())))


def old_address(site: Site, path: str) -> OldAddress | None:
    """The row of an address that an item had."""
    return db.session.scalar(select(OldAddress).where(OldAddress.site == site, OldAddress.path == path))
