"""What parents at the same time read more, or less, than all readers of a site do."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select

from community.core.db import db
from community.core.memory import Memory
from community.items.models import Item, State
from community.members.models import Member
from community.personalisation.models import PeerLift, Read
from community.profiles.models import Child, ChildKind
from community.profiles.queries import Family
from community.sites.models import Site

# The stage days at which a new band begins: thirds of pregnancy, quarters of the first year, then years.
BEGINS = (-189, -91, 0, 91, 182, 365, 730, 1_461)
LAST_OF_PREGNANCY = BEGINS.index(0)
Lifts = Mapping[int, Mapping[int, float]]  # band -> item -> how much more it is read there
_kept: Memory[Lifts] = Memory(seconds=300, most=50)
_joined: Memory[Mapping[int, float]] = Memory(seconds=300, most=50)  # of children of several ages


def forget_lifts() -> None:
    """Ask anew: they were counted anew."""
    _kept.forget()
    _joined.forget()


def peers_of(site: Site, family: Family) -> Mapping[int, float]:
    """How much more, or less, each item is read by parents whose children are about as old; nothing is made of it
    where something changed."""
    bands = frozenset() if family.is_guarded else frozenset(band_of(day.calendar) for day in family.days)
    known = [found for band in bands if (found := lifts_at(site).get(band))]
    if len(known) < 2:
        return known[0] if known else {}
    return _joined.of((site, bands), lambda: _sum_of(known))


def _sum_of(known: Iterable[Mapping[int, float]]) -> Mapping[int, float]:
    lifts = defaultdict[int, float](float)
    for found in known:
        for item_id, lift in found.items():
            lifts[item_id] += lift
    return lifts


def lifts_at(site: Site) -> Lifts:
    """All that is known of this at a site; asked for every few minutes in each process."""
    return _kept.of(site, lambda: _lifts_of(site))


def band_of(day: int) -> int:
    """The stretch of time in which a stage day lies."""
    return bisect_right(BEGINS, day)


def reader_counts(site: Site, today: date, since: datetime) -> Select[Any]:
    """(band, item, readers) of live items since a moment: each reader counts in the bands where their children are
    today, and in none once something changed."""
    band = _band(today).label("band")
    is_parent = Read.person == literal("m") + cast(Child.member_id, String)
    query: Any = select(band, Read.item_id, func.count(Child.member_id.distinct())).join(Child, is_parent)
    query = query.join(Member, Member.id == Child.member_id).join(Item, Item.id == Read.item_id)
    is_told = or_(Child.kind == ChildKind.PREGNANCY, Child.born_on <= today)
    query = query.where(Read.last_at >= since, Child.stopped_at.is_(None), Member.guarded_since.is_(None), is_told)
    return query.where(Item.site == site, Item.state == State.LIVE).group_by(band, Read.item_id)


def all_counts(site: Site, since: datetime) -> Select[Any]:
    """(item, readers) of live items since a moment, whoever they are."""
    query: Any = select(Read.item_id, func.count()).join(Item, Item.id == Read.item_id)
    return query.where(Item.site == site, Item.state == State.LIVE, Read.last_at >= since).group_by(Read.item_id)


def _band(today: date) -> ColumnElement[int]:
    """A pregnancy past its day is one still."""
    born_or_due = func.coalesce(Child.born_on, Child.due_on)
    is_late = and_(Child.kind == ChildKind.PREGNANCY, Child.due_on <= today)
    begins = [(born_or_due > today - timedelta(days=begin), band) for band, begin in enumerate(BEGINS)]
    return case((is_late, LAST_OF_PREGNANCY), *begins, else_=len(BEGINS))


def _lifts_of(site: Site) -> Lifts:
    found: defaultdict[int, dict[int, float]] = defaultdict(dict)
    rows = select(PeerLift.band, PeerLift.item_id, PeerLift.lift).where(PeerLift.site == site)
    for band, item_id, lift in db.session.execute(rows):
        found[band][item_id] = lift
    return found
