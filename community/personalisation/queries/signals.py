"""What is known of a reader: subjects that were chosen, items that were read, subjects that follow from both."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from community.core import clock
from community.core.asking import rows_of
from community.items.models import Item, Tag, item_tags
from community.items.queries import Guard, guarded
from community.members.ledger import DataKind, Use, withholds
from community.members.models import Member
from community.personalisation.engine.evidence import HISTORY
from community.personalisation.models import Read, person_of
from community.personalisation.policy import may_learn_from
from community.profiles.models import Interest, Profile
from community.sites.models import Site

MEMORY = timedelta(days=60)
HALF_LIFE = timedelta(days=30)
MONTH = timedelta(days=30)
MOST_ROWS = 300  # reads times their tags
LAST_READS, MOST_SUBJECTS = 5, 6


class Subject(NamedTuple):
    """A tag, as a sentence names it."""

    id: int
    name: str
    site: Site

    @property
    def key(self) -> str:
        """As `Tag.key`."""
        return f"tag:{self.id}"


_SUBJECT = Tag.id, Tag.name, Tag.site
_TOLD = (
    select(Profile.uses_reading, Interest.weight, Interest.created_at, *_SUBJECT)
    .select_from(Member)
    .outerjoin(Profile, Profile.member_id == Member.id)
    .outerjoin(Interest, Interest.member_id == Member.id)
    .outerjoin(Tag, Tag.id == Interest.tag_id)
    .where(Member.id == bindparam("member_id"))
)


@dataclass(frozen=True)
class Signals:
    """A reader, as far as choosing for them goes."""

    person: str | None = None  # whose reading may be used; None: nobody's
    chosen: frozenset[int] = frozenset()  # tags
    unwanted: frozenset[int] = frozenset()  # tags
    learned: dict[int, float] = field(default_factory=dict)  # tag -> 0 to 1
    read_this_month: Counter[int] = field(default_factory=Counter)  # tag -> items
    history: tuple[int, ...] = ()  # items, the latest read first
    read: frozenset[int] = frozenset()  # items: these, and what was read longer ago
    titles: dict[int, str] = field(default_factory=dict)  # of the last of them
    tags: dict[int, Subject] = field(default_factory=dict)
    reads: Sequence[Any] = ()  # what of it all follows from: the same reads tell the same, but for the hour

    @property
    def told(self) -> tuple[Any, ...]:
        """All that is known: while it is the same, the same is chosen."""
        return self.person, self.chosen, self.unwanted, self.reads

    @property
    def subjects(self) -> tuple[int, ...]:
        """The tags to look for: those that were chosen, and those that were read most."""
        return (*self.chosen, *sorted(self.learned, key=lambda tag: -self.learned[tag])[:MOST_SUBJECTS])


@dataclass(frozen=True)
class _Told:
    uses_reading: bool
    chosen: dict[int, Subject]
    unwanted: frozenset[int]


def signals_of(who: Any, guard: Guard | None, now: datetime, use: Use = Use.PAGES) -> Signals:
    """A member's signals that a use may have: two statements; a visitor's: one, and without consent none.

    After the one stop only what was said and read since counts: nothing from before leads back to it."""
    since = max(now - MEMORY, who.guarded_since) if guard and who.guarded_since else now - MEMORY
    told = _told_by(who, since if guard else None) if who.is_member else _Told(True, {}, frozenset())
    if withholds(who, use, DataKind.INTERESTS):
        told = replace(told, chosen={})
    if not told.uses_reading or not may_learn_from(who) or withholds(who, use, DataKind.READING):
        return Signals(chosen=frozenset(told.chosen), unwanted=told.unwanted, tags=told.chosen)
    rows = _reads_of(person_of(who), guard, since)
    subjects = {tag.id: tag for _item, _at, _title, tag in rows if tag is not None}
    read = {item: title for item, _at, title, _tag in rows}
    return Signals(
        person=person_of(who),
        chosen=frozenset(told.chosen),
        unwanted=told.unwanted,
        learned=_learned(rows, now),
        read_this_month=Counter(tag.id for _item, at, _title, tag in rows if tag is not None and at >= now - MONTH),
        history=tuple(read)[:HISTORY],
        read=frozenset(read),
        titles=dict(islice(read.items(), LAST_READS)),
        tags=subjects | told.chosen,
        reads=rows,
    )


def learned_interests(member: Member) -> list[tuple[Subject, float]]:
    """The subjects that a member's reading of the last two months tells of, the strongest first, from 0 to 1."""
    if not may_learn_from(member):
        return []
    now = clock.now()
    rows = _reads_of(person_of(member), None, now - MEMORY)
    tags = {tag.id: tag for _item, _at, _title, tag in rows if tag is not None}
    learned = sorted(_learned(rows, now).items(), key=lambda pair: -pair[1])
    return [(tags[tag_id], weight) for tag_id, weight in learned]


def _told_by(member: Member, since: datetime | None) -> _Told:
    rows = rows_of(_TOLD, {"member_id": member.id}).all()
    interests = [(row.weight, row.created_at, Subject(*row[3:])) for row in rows if row.id is not None]
    return _Told(
        uses_reading=all(row.uses_reading is not False for row in rows),
        chosen={tag.id: tag for weight, at, tag in interests if weight > 0 and (since is None or at >= since)},
        unwanted=frozenset(tag.id for weight, _at, tag in interests if weight < 0),
    )


def _reads_of(person: str, guard: Guard | None, since: datetime) -> list[Any]:
    """(item, moment, title, tag or None) of what a person read, the latest first; nothing follows from quiet items."""
    rows = rows_of(_reads(guard), {"person": person, "since": since}).all()
    subjects = {row.id: Subject(*row[3:]) for row in rows if row.id}
    return [(row[0], row[1], row[2], subjects.get(row.id)) for row in rows]


@lru_cache(64)
def _reads(guard: Guard | None) -> Select[Any]:
    query: Any = select(Read.item_id, Read.last_at, Item.title, *_SUBJECT).join(Item, Item.id == Read.item_id)
    query = query.outerjoin(item_tags, item_tags.c.item_id == Item.id).outerjoin(Tag, Tag.id == item_tags.c.tag_id)
    query = query.where(Read.person == bindparam("person"), Read.last_at >= bindparam("since"))
    query = guarded(query.where(Item.is_quiet.is_(False)), guard)
    return query.order_by(Read.last_at.desc(), Read.id.desc()).limit(MOST_ROWS)


def _learned(rows: list[Any], now: datetime) -> dict[int, float]:
    """The weight of each subject: one read today is a half, more come near to one, older ones count less."""
    sums: defaultdict[int, float] = defaultdict(float)
    for _item, at, _title, tag in rows:
        if tag is not None:
            sums[tag.id] += float(0.5 ** ((now - at) / HALF_LIFE))
    return {tag_id: total / (1 + total) for tag_id, total in sums.items()}
