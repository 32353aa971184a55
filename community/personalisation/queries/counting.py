"""Which reads count, and what their reader read just before: the same from any batch, so that it can be rebuilt."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from community.core.db import db
from community.items.models import Item
from community.members.models import Purpose
from community.personalisation.models import Read
from community.sites.models import Site
from community.touchpoints.models import LETTERS, Bookmark, Touchpoint, Verb

WINDOW = timedelta(days=30)  # a second read within it does not count, and nothing older stands "just before"
LATEST = 20  # nor does what is farther back: who reads much costs no more than who reads little
NEIGHBOURS = 10
READING = "reading"  # the projection that counts them
LETTER = LETTERS[Purpose.PERSONALISATION]


@dataclass(frozen=True)
class CountedRead:
    """A read that counts, with the items that its reader read before it, the nearest first."""

    touchpoint_id: int
    item_id: int
    at: datetime
    before: list[int]


def is_allowed(touchpoint: Touchpoint) -> bool:
    """Whether its person agreed to personalisation at that moment."""
    return LETTER in touchpoint.allows and (touchpoint.member_id or touchpoint.visitor_id) is not None


def person_in(touchpoint: Touchpoint) -> str:
    """Whose touchpoint it is, as reading names persons."""
    return f"m{touchpoint.member_id}" if touchpoint.member_id is not None else f"v{touchpoint.visitor_id}"


def counted_in(batch: Sequence[Touchpoint]) -> list[CountedRead]:
    """The reads of a batch that count."""
    new = {t.id: t for t in batch if t.verb == Verb.PAGE_READ and is_allowed(t)}
    if not new:
        return []
    counts = Counter(person_in(t) for t in new.values())
    since = min(t.at for t in new.values()) - WINDOW
    query = _reads_of(counts, until=max(new)).where(Touchpoint.at >= since)
    return _of_known_items(_counted(db.session.execute(_latest(query, LATEST + max(counts.values()))), new))


def counted_of(*persons: str) -> list[CountedRead]:
    """All reads of these persons that are counted so far."""
    until = db.session.scalar(select(Bookmark.touchpoint_id).where(Bookmark.projection == READING)) or 0
    reads = db.session.execute(_reads_of(persons, until)).all()
    return _of_known_items(_counted(reads, {read.id for read in reads}))


def reads_of(person: str) -> list[Read]:
    """What a person read."""
    return list(db.session.scalars(select(Read).where(Read.person == person)))


def known_items(item_ids: set[int]) -> dict[int, Site]:
    """Those of these items that still exist, with their sites."""
    rows = db.session.execute(select(Item.id, Item.site).where(Item.id.in_(item_ids)))
    return {row.id: row.site for row in rows}


def _reads_of(persons: Collection[str], until: int) -> Select[Any]:
    members = [int(person[1:]) for person in persons if person[0] == "m"]
    visitors = [person[1:] for person in persons if person[0] == "v"]
    columns = Touchpoint.id, Touchpoint.member_id, Touchpoint.visitor_id, Touchpoint.about, Touchpoint.at
    query: Any = select(*columns).where(Touchpoint.verb == Verb.PAGE_READ, Touchpoint.id <= until)
    query = query.where(or_(Touchpoint.member_id.in_(members), Touchpoint.visitor_id.in_(visitors)))
    return query.where(Touchpoint.allows.contains(LETTER)).order_by(Touchpoint.id)


def _latest(query: Select[Any], most: int) -> Select[Any]:
    """So many of each person, the latest."""
    place = func.row_number().over(
        partition_by=(Touchpoint.member_id, Touchpoint.visitor_id), order_by=Touchpoint.id.desc()
    )
    reads = query.add_columns(place.label("place")).order_by(None).subquery()
    columns = reads.c.id, reads.c.member_id, reads.c.visitor_id, reads.c.about, reads.c.at
    return select(*columns).where(reads.c.place <= most).order_by(reads.c.id)


def _counted(reads: Iterable[Any], new: Container[int]) -> Iterable[CountedRead]:
    """The new ones of these reads that count. Of their columns: whole rows would cost several times as much."""
    latest: defaultdict[Any, deque[tuple[int, datetime]]] = defaultdict(lambda: deque(maxlen=LATEST))
    for number, member_id, visitor_id, about, at in reads:
        own, item_id = latest[member_id or visitor_id], int(about.partition(":")[2])
        if number in new:
            before = dict.fromkeys(item for item, last in reversed(own) if last >= at - WINDOW)
            if item_id not in before:
                yield CountedRead(number, item_id, at, list(before)[:NEIGHBOURS])
        own.append((item_id, at))


def _of_known_items(reads: Iterable[CountedRead]) -> list[CountedRead]:
    """Without items that are gone."""
    found = list(reads)
    known = known_items({item_id for read in found for item_id in (read.item_id, *read.before)})
    return [
        CountedRead(read.touchpoint_id, read.item_id, read.at, [other for other in read.before if other in known])
        for read in found
        if read.item_id in known
    ]
