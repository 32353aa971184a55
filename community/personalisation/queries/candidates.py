"""What may be recommended at all, and what of it is worth weighing: ids and numbers, no rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Subquery, and_, cast, func, or_, select, union_all

from community.core.db import db
from community.items.models import Item, Pseudonym, item_tags
from community.items.queries import StageDay, fits_day, offered
from community.personalisation.models import CoRead, Dismissed, Popularity, Read, read_now
from community.profiles.queries import Family
from community.sites.models import Site

LEAD = 14  # days before its range begins that an item may come
LEAST_CO_READ = 1.5  # one reader alone makes at most 1: below two readers a pair tells of a person
LASTING = ("article",)  # kinds that are looked for by what they are about
TALK = "topic"  # worth offering while it lives: looked for by its last activity alone
FITTING, NEXT, SUBJECT, POPULAR, FRESH, LIVING = 80, 60, 50, 80, 30, 40  # at most 340 in all


@dataclass(frozen=True)
class Gate:
    """Who asks, at which site, with which children: what no list of theirs may step over."""

    site: Site
    who: Any
    family: Family
    person: str | None = None  # whose reads are left out
    unwanted_themes: frozenset[int] = frozenset()

    def holds(self, query: Select[Any]) -> Select[Any]:
        """Only live items of the site that may be offered to this reader, fit, are new to them and not refused."""
        query = query.where(Item.site == self.site, Item.is_quiet.is_(False))
        query = offered(query, self.who, self.family.guard)
        if self.family.has_told and not self.family.is_guarded:
            fitting = [fits_day(day, LEAD) for day in self.family.days]
            query = query.where(or_(Item.stage_from.is_(None), *fitting))
        if self.unwanted_themes:
            query = query.where(or_(Item.theme_id.is_(None), Item.theme_id.not_in(self.unwanted_themes)))
        if self.person:
            query = query.where(Item.id.not_in(select(Read.item_id).where(Read.person == self.person)))
        if self.who.is_member:
            refused = select(Dismissed.item_id).where(Dismissed.member_id == self.who.id)
            own = select(Pseudonym.item_id).where(Pseudonym.member_id == self.who.id)
            query = query.where(Item.id.not_in(refused), Item.id.not_in(own))
            query = query.where(Item.author_id.is_distinct_from(self.who.id))
        return query


@dataclass(frozen=True)
class Wish:
    """What to look for within the gate."""

    days: Sequence[StageDay] = ()
    after: Sequence[int] = ()  # items that were read: what is read next to them
    about: Any = ()  # tags: their numbers, or a select of them


@dataclass(frozen=True)
class Candidate:
    """One item with the numbers that are weighed."""

    id: int
    kind: str
    theme_id: int | None
    tag_ids: frozenset[int]
    stage_from: int | None
    stage_to: int | None
    stage_basis: str
    published_at: datetime | None
    reads: float  # worth so many reads of this moment
    next_weight: float
    next_to: int | None  # the item that it is read next to most

    def stage_day(self, day: StageDay) -> int:
        """A child's day as this item counts it."""
        return day.corrected if self.stage_basis == "corrected" else day.calendar


def candidates(gate: Gate, wish: Wish, now: datetime) -> list[Candidate]:
    """All that is worth weighing: one statement."""
    co_read = and_(CoRead.other_id == Item.id, CoRead.item_id.in_(wish.after), CoRead.weight >= LEAST_CO_READ)
    nearest = select(CoRead.item_id).where(co_read).order_by(CoRead.weight.desc(), CoRead.item_id).limit(1)
    tags = func.aggregate_strings(cast(item_tags.c.tag_id, String), ",")
    query = select(
        Item.id,
        Item.kind,
        Item.theme_id,
        Item.stage_from,
        Item.stage_to,
        Item.stage_basis,
        Item.published_at,
        func.coalesce(Popularity.score, 0.0).label("score"),
        select(func.coalesce(func.sum(CoRead.weight), 0.0)).where(co_read).scalar_subquery().label("next_weight"),
        nearest.scalar_subquery().label("next_to"),
        select(tags).where(item_tags.c.item_id == Item.id).correlate(Item).scalar_subquery().label("tag_ids"),
    )
    query = query.outerjoin(Popularity, Popularity.item_id == Item.id).where(Item.id.in_(_sources(gate, wish)))
    return [_candidate(row, now) for row in db.session.execute(query.order_by(Item.id))]


def _sources(gate: Gate, wish: Wish) -> Any:
    """The ids of the best of each kind of reason, all within the gate."""
    gated = gate.holds(select(Item.id))
    living = gated.where(Item.kind == TALK).order_by(Item.active_at.desc(), Item.id.desc())
    most = most_read_ids(gate.site, POPULAR)
    sources = [living.limit(LIVING), gated.join(most, most.c.item_id == Item.id)]
    for kind in LASTING:
        sources += _lasting(gated.where(Item.kind == kind), wish)
    if wish.after:
        beside = select(CoRead.other_id).where(CoRead.item_id.in_(wish.after), CoRead.weight >= LEAST_CO_READ)
        best = beside.order_by(CoRead.weight.desc()).limit(NEXT).subquery()
        sources.append(gated.join(best, best.c.other_id == Item.id))
    return union_all(*(select(source.subquery().c.id) for source in sources))


def _lasting(gated: Select[Any], wish: Wish) -> list[Select[Any]]:
    """Of one kind: the newest, those that fit a child, and those about the wished subjects."""
    newest = gated.order_by(Item.published_at.desc(), Item.id.desc())
    sources = [newest.limit(FRESH)]
    if wish.days:
        fitting = gated.where(or_(*(fits_day(day, LEAD) for day in wish.days)))
        sources.append(fitting.order_by(Item.stage_to - Item.stage_from, Item.id.desc()).limit(FITTING))
    if wish.about:
        tags = item_tags.c.item_id == Item.id, item_tags.c.tag_id.in_(wish.about)
        sources.append(newest.where(select(item_tags.c.tag_id).where(*tags).exists()).limit(SUBJECT))
    return sources


def most_read_ids(site: Site, limit: int) -> Subquery:
    """The items of a site that are read most, whether or not somebody may see them: `item_id` and `score`."""
    most = select(Popularity.item_id, Popularity.score).where(Popularity.site == site)
    return most.order_by(Popularity.score.desc()).limit(limit).subquery()


def _candidate(row: Any, now: datetime) -> Candidate:
    return Candidate(
        id=row.id,
        kind=row.kind,
        theme_id=row.theme_id,
        tag_ids=frozenset(map(int, row.tag_ids.split(","))) if row.tag_ids else frozenset(),
        stage_from=row.stage_from,
        stage_to=row.stage_to,
        stage_basis=row.stage_basis,
        published_at=row.published_at,
        reads=read_now(row.score, now),
        next_weight=row.next_weight,
        next_to=row.next_to,
    )
