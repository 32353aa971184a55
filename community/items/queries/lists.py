"""Items for a reader: what they may see, what lists may offer them, cards, tags, old addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from community.core.asking import numbers
from community.core.db import db
from community.items.models import (
    REFUSING,
    Basis,
    Collection,
    Follow,
    Item,
    OldAddress,
    Post,
    State,
    Tag,
    Visibility,
    item_tags,
)
from community.members.models import Visitor
from community.sites.models import Site

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])

ANY_MEMBER = SimpleNamespace(is_member=True, id=bindparam("reader_id"), group_ids=numbers("group_ids"))
# Of posts that are looked up by their numbers. By no index, or SQLite, which knows no counts, would read all live ones.
IS_LIVE_POST = func.lower(Post.state) == State.LIVE
REFUSES = or_(*(Follow.stance == stance for stance in REFUSING))  # `in_()` is written out for each asking


def anybody(is_member: bool) -> Any:
    """Stands for any reader in a statement that is built once, as building costs more than asking."""
    return ANY_MEMBER if is_member else Visitor()


def as_values(reader: Any) -> dict[str, Any]:
    """What such a statement asks to know of its reader."""
    return {"reader_id": reader.id, "group_ids": list(reader.group_ids)}


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
    for_members = Item.visibility == Visibility.PUBLIC, Item.visibility == Visibility.MEMBERS
    own = and_(Item.visibility == Visibility.ME, Item.author_id == member.id)
    of_club = and_(Item.visibility == Visibility.CLUB, Item.group_id.in_(member.group_ids))
    return query.where(or_(*for_members, of_club, own))


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
    return select(column).where(Follow.member_id == member.id, REFUSES, column.is_not(None))


def refuses(reader: Any) -> bool:
    """Whether a reader muted or blocked anything at all: all others find the same in lists that are for everybody."""
    return bool(reader.is_member and db.session.connection().scalar(_REFUSES, {"reader_id": reader.id}))


_REFUSES = select(exists().where(Follow.member_id == bindparam("reader_id"), REFUSES))


def listed(query: Rows, member: Any, guard: Guard | None) -> Rows:
    """What a list that a reader asks for may hold: they may see it, do not mute it, and it fits "something changed"."""
    return wanted_by(visible_to(guarded(query, guard), member), member)


def offered(query: Rows, member: Any, guard: Guard | None) -> Rows:
    """What is offered unasked. After "something changed" no talk but what is for another child: nobody knows
    what parents say there."""
    if guard is not None:
        query = query.where(or_(Item.collection_id.is_(None), Item.stage_from.is_not(None)))
    return listed(query, member, guard)


def as_cards(query: Rows) -> Rows:
    """Load all that a card shows."""
    parts = joinedload(Item.author), joinedload(Item.collection), joinedload(Item.theme), joinedload(Item.picture)
    return query.options(*parts)


def cards(item_ids: Sequence[int]) -> list[Item]:
    """Items as cards, in the order of their ids as given."""
    found = {item.id: item for item in db.session.scalars(as_cards(select(Item).where(Item.id.in_(item_ids))))}
    return [found[item_id] for item_id in item_ids if item_id in found]


def item_by_key(key: str) -> Item | None:
    """The item of a key such as `article:12`, live or not, with its author."""
    kind, _, number = key.partition(":")
    if not number.isdecimal() or len(number) > 15:
        return None
    query = select(Item).where(Item.id == int(number), Item.kind == kind)
    return db.session.scalar(query.options(joinedload(Item.author)))


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


def old_address(site: Site, path: str) -> OldAddress | None:
    """The row of an address that an item had."""
    return db.session.scalar(select(OldAddress).where(OldAddress.site == site, OldAddress.path == path))
