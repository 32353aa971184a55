"""What may be recommended at all, and what of it is worth weighing: ids and numbers, no rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from math import ceil
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Float,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.core.memory import Memory
from community.items.models import Item, Pseudonym, item_tags
from community.items.models.shown import Title
from community.items.queries import Guard, StageDay, fits_day, offered, visible_to
from community.items.queries.shown import as_title, title_rows
from community.members.models import Visitor
from community.personalisation.engine.scoring import LEAD
from community.personalisation.engine.votes import Ties
from community.personalisation.models import (
    CoRead,
    Dismissed,
    Popularity,
    Read,
    Shown,
)
from community.profiles.models import Interest
from community.profiles.queries import Family
from community.shop.queries.relations import owned_ids
from community.sites.models import Site

OFTEN = 5  # shown so many times in a slot and not read: it leaves the lists
LEAST_CO_READ = 1.5  # one reader alone makes at most 1: below two readers a pair tells of a person
LASTING = ("article",)  # kinds that are looked for by what they are about
TALK = "topic"  # worth offering while it lives: looked for by its last activity alone
# A statement has room for so many wishes of each kind, or twice as many, ...: few ways to write it are all there are.
ROOM = {"day": 2, "club": 1, "after": 5, "about": 6}
FITTING, NEXT, SUBJECT, POPULAR, FRESH, LIVING = 80, 30, 20, 80, 20, 30  # at most, for each wish
_MOST_PARTICULAR = Item.stage_to - Item.stage_from, Item.id.desc()
_NEWEST = Item.published_at.desc(), Item.id.desc()


def _named(value: str) -> Any:
    return bindparam(value, type_=Integer)


@dataclass(frozen=True)
class Shape:
    """What of a gate decides how its statements read; all else are values in them."""

    site: Site
    is_member: bool
    has_person: bool
    is_guarded: bool
    has_told: bool
    day_count: int

    def gate(self) -> "Gate":
        """A gate of this shape, with the names of values in their place."""
        days = tuple(StageDay(_named(f"corrected_{n}"), _named(f"calendar_{n}")) for n in range(self.day_count))
        return Gate(
            self.site,
            Somebody(self.is_member),
            Family(days=days, guard=Guard(days) if self.is_guarded else None, has_told=self.has_told),
            bindparam("person", type_=String) if self.has_person else None,
        )


@dataclass(frozen=True)
class Somebody:
    """A reader with the names of values in their place, for statements that are written once for all readers."""

    is_member: bool
    id: Any = _named("reader_id")
    group_ids: Any = numbers("group_ids")


@dataclass(frozen=True)
class Gate:
    """Who asks, at which site, with which children: what no list of theirs may step over."""

    site: Site
    who: Any
    family: Family
    person: Any = None  # whose reads are left out

    def holds(self, query: Select[Any]) -> Select[Any]:
        """Only live items of the site that may be offered to this reader, fit, are new to them and not refused."""
        return self.passes(query.where(Item.site == self.site))

    def passes(self, query: Select[Any]) -> Select[Any]:
        """The same of items that are known to be the site's: these are looked up by their numbers."""
        query = offered(query.where(Item.is_quiet.is_(False)), self.who, self.family.guard)
        if self.family.has_told and not self.family.is_guarded:
            fitting = [fits_day(day, LEAD) for day in self.family.days]
            query = query.where(or_(Item.stage_from.is_(None), *fitting))
        if self.person is not None:
            query = query.where(Item.id.not_in(select(Read.item_id).where(Read.person == self.person)))
            seen = select(Shown.item_id).where(Shown.person == self.person, Shown.times >= OFTEN)
            query = query.where(Item.id.not_in(seen))
        if self.who.is_member:
            refused = select(Dismissed.item_id).where(Dismissed.member_id == self.who.id)
            own = select(Pseudonym.item_id).where(Pseudonym.member_id == self.who.id)
            less = select(Interest.tag_id).where(Interest.member_id == self.who.id, Interest.weight < 0)
            query = query.where(Item.id.not_in(refused), Item.id.not_in(own), Item.id.not_in(owned_ids(self.who.id)))
            query = query.where(or_(Item.theme_id.is_(None), Item.theme_id.not_in(less)))
            query = query.where(Item.author_id.is_distinct_from(self.who.id))
        return query

    def allows(self, item_ids: Iterable[int]) -> set[int]:
        """Those of these items, which this reader's circle may see, that may come now: one statement."""
        return set(item_ids) if self.is_its_circles else set(self.ask(_these, item_ids=list(item_ids)))

    def titles(self, item_ids: Iterable[int]) -> dict[int, Title]:
        """The titles of those of these items that may come now: one statement."""
        return {row[0]: as_title(row) for row in self.rows(_titles, item_ids=list(item_ids))}

    @property
    def is_its_circles(self) -> bool:
        """Whether the reader is a visitor of whom nothing is known: what holds for one holds for all of them."""
        is_unknown = not self.who.is_member and self.person is None
        return is_unknown and self.family == Family()

    @property
    def circle(self) -> "Circle":
        """The readers who may see the same."""
        return Circle(self.site, self.who.is_member)

    def ask(self, question: Callable[["Gate"], Select[Any]], **values: Any) -> Any:
        """What a statement of one column finds that is written once for all gates of this shape."""
        return [row[0] for row in self.rows(question, **values)]

    def rows(self, question: Callable[["Gate"], Select[Any]], **values: Any) -> Any:
        """The same of several columns."""
        shape = Shape(
            site=self.site,
            is_member=self.who.is_member,
            has_person=self.person is not None,
            is_guarded=self.family.is_guarded,
            has_told=self.family.has_told,
            day_count=len(self.family.days),
        )
        return rows_of(_written(question, shape), {**self._values(), **values}).all()

    def _values(self) -> dict[str, Any]:
        values = {"reader_id": self.who.id, "group_ids": list(self.who.group_ids)}
        values["person"] = self.person
        for number, day in enumerate(self.family.days):
            values |= {f"corrected_{number}": day.corrected, f"calendar_{number}": day.calendar}
        return values


@lru_cache(256)
def _written(question: Callable[[Gate], Select[Any]], shape: Shape) -> Select[Any]:
    return question(shape.gate())


def _these(gate: Gate) -> Select[Any]:
    return gate.passes(select(Item.id).where(Item.id.in_(numbers("item_ids"))))


def _titles(gate: Gate) -> Select[Any]:
    return gate.passes(title_rows().where(Item.id.in_(numbers("item_ids"))))


@dataclass(frozen=True)
class Wish:
    """One reason to look for items: a child's day, an item that was read, a subject, what a club says; without any,
    what is read and said now. The same wish finds the same for all."""

    day: StageDay | None = None
    after: int | None = None  # what is read next to this item
    about: int | None = None  # a tag
    club: int | None = None

    @property
    def kind(self) -> str:
        """Which of the reasons it is."""
        return next((field.name for field in fields(self) if getattr(self, field.name) is not None), "")


@dataclass(frozen=True)
class Circle:
    """Readers who may see the same, clubs aside: visitors, or members of a site."""

    site: Site
    is_member: bool
    id: None = None

    def sees(self, query: Select[Any], wish: Wish) -> Select[Any]:
        """What all of them may see at all and may be offered, whatever each has read or refused; of a club, what
        its members may see."""
        clubs = (wish.club,) if wish.club is not None else ()
        reader = SimpleNamespace(is_member=True, id=None, group_ids=clubs) if self.is_member else Visitor()
        # A club's and a subject's by their own index, or SQLite, which knows no counts, would look through the site's.
        is_narrow = wish.club is not None or wish.about is not None
        here = func.lower(Item.site) == self.site.code if is_narrow else Item.site == self.site
        return visible_to(query.where(here, Item.is_quiet.is_(False)), reader)


Gated = Callable[[Select[Any], Wish], Select[Any]]
Tied = tuple[int, float, float]  # an item, how often it is read beside what is wished for, and after it
_kept: Memory[list[Tied]] = Memory(seconds=60, most=10_000)


class Found(NamedTuple):
    """The numbers of all that is worth weighing, and what is read beside and after which item."""

    item_ids: frozenset[int]
    beside: Ties
    next: Ties


def candidates(circle: Circle, wishes: Iterable[Wish]) -> Found:
    """All that is worth weighing for a circle of readers. What a wish finds is the same for all of them for a
    minute; what of it may come to a reader is asked of their gate each time."""
    wishes = [Wish(), *wishes]
    known = {wish: _kept.find((circle, wish)) for wish in wishes}
    missing = [wish for wish, found in known.items() if found is None]
    new = _found_by(circle, missing) if missing else {}
    for wish, found in new.items():
        _kept.keep((circle, wish), found)
    return _joined({wish: new[wish] if found is None else found for wish, found in known.items()})


def candidates_within(gate: Gate, wishes: Iterable[Wish]) -> Found:
    """The same for one reader alone: who has read most of what all are offered finds what comes after it."""
    asked = [Wish(), *wishes]
    rows = db.session.execute(_wished(lambda query, _wish: gate.holds(query), gate.site, asked))
    return _joined(_by_wish(rows, asked))


def _joined(by_wish: dict[Wish, list[Tied]]) -> Found:
    tied = {wish.after: found for wish, found in by_wish.items() if wish.after is not None}
    return Found(
        frozenset(item_id for found in by_wish.values() for item_id, *_ties in found),
        beside={item: [(other, beside) for other, beside, _onward in found] for item, found in tied.items()},
        next={item: [(other, onward) for other, _beside, onward in found if onward] for item, found in tied.items()},
    )


def _found_by(circle: Circle, wishes: list[Wish]) -> dict[Wish, list[Tied]]:
    """What each wish finds for a circle: one statement, which is written once for so many wishes of each kind."""
    asked = _with_room(wishes)
    values = {name: value for number, (kind, wish) in enumerate(asked) for name, value in _values(kind, wish, number)}
    rows = rows_of(_written_for(circle, tuple(kind for kind, _wish in asked)), values).all()
    return _by_wish(rows, [wish for _kind, wish in asked])


def _with_room(wishes: Iterable[Wish]) -> list[tuple[str, Wish | None]]:
    """Wishes by kind, and room for more of each: to write a statement takes longer than to ask it."""
    asked: list[tuple[str, Wish | None]] = [(wish.kind, wish) for wish in wishes]
    for kind, room in ROOM.items():
        count = sum(is_kind == kind for is_kind, _wish in asked)
        asked += [(kind, None)] * (max(room, ceil(count / room) * room) - count)
    return sorted(asked, key=itemgetter(0))


def _values(kind: str, wish: Wish | None, number: int) -> Iterable[tuple[str, Any]]:
    """What stands in the statement in which it is the wish of this number, by name; nothing fits an empty place."""
    if kind == "day":
        day = wish.day if wish else None
        return [(f"{basis}_{number}", day and getattr(day, basis)) for basis in ("corrected", "calendar")]
    return [(f"{kind}_{number}", wish and getattr(wish, kind))] if kind else []


@lru_cache(100)
def _written_for(circle: Circle, kinds: tuple[str, ...]) -> CompoundSelect[Any]:
    return _wished(circle.sees, circle.site, [_blank(kind, number) for number, kind in enumerate(kinds)])


def _blank(kind: str, number: int) -> Wish:
    """A wish of a kind, with the names of values in their place."""
    if kind == "day":
        return Wish(day=StageDay(_named(f"corrected_{number}"), _named(f"calendar_{number}")))
    return Wish(**{kind: _named(f"{kind}_{number}")}) if kind else Wish()


def _by_wish(rows: Iterable[Any], wishes: Sequence[Wish | None]) -> dict[Wish, list[Tied]]:
    found: dict[Wish, list[Tied]] = {wish: [] for wish in wishes if wish is not None}
    for number, *tied in rows:
        if (wish := wishes[number]) is not None:
            found[wish].append(tuple(tied))
    return found


def _wished(gated: Gated, site: Site, wishes: list[Wish]) -> CompoundSelect[Any]:
    """What each wish finds within a gate: (number of the wish, item, weights of being read beside and after)."""
    return union_all(*(part for number, wish in enumerate(wishes) for part in _sources(gated, site, wish, number)))


def _sources(gated: Gated, site: Site, wish: Wish, number: int) -> Iterator[Select[Any]]:
    """The best for a wish."""
    for query in _best(partial(_of, gated, wish), site, wish):
        source = query.subquery()
        yield select(literal(number).label("wish"), source.c.id, source.c.beside, source.c.onward)


def _best(of: Callable[..., Select[Any]], site: Site, wish: Wish) -> list[Select[Any]]:
    if wish.club is not None:
        return [_living(of().where(Item.group_id == wish.club))]
    if wish.after is not None:
        return [_beside(of, wish.after)]
    lasting = [_lasting(of(), kind, wish) for kind in LASTING]
    is_for_all = wish.day is None and wish.about is None
    return [*lasting, _living(of()), _most_read(of(), site)] if is_for_all else lasting


def _of(gated: Gated, wish: Wish, beside: Any = 0.0, onward: Any = 0.0) -> Select[Any]:
    return gated(select(Item.id, cast(beside, Float).label("beside"), cast(onward, Float).label("onward")), wish)


def _living(query: Select[Any]) -> Select[Any]:
    return query.where(Item.kind == TALK).order_by(Item.active_at.desc(), Item.id.desc()).limit(LIVING)


def _most_read(query: Select[Any], site: Site) -> Select[Any]:
    most = most_read_ids(site, POPULAR)
    return query.join(most, most.c.item_id == Item.id)


def _beside(of: Callable[..., Select[Any]], item_id: int) -> Select[Any]:
    beside = select(CoRead.other_id, CoRead.weight, CoRead.onward).where(CoRead.item_id == item_id)
    beside = beside.where(CoRead.weight >= LEAST_CO_READ)
    best = beside.order_by(CoRead.weight.desc()).limit(NEXT).subquery()
    return of(best.c.weight, best.c.onward).join(best, best.c.other_id == Item.id)


def _lasting(query: Select[Any], kind: str, wish: Wish) -> Select[Any]:
    """Of one kind: those that fit a child's day, those about a subject, else the newest."""
    query = query.where(Item.kind == kind)
    if wish.day is not None:
        fits = *_around(wish.day), fits_day(wish.day, LEAD)
        return query.where(*fits).order_by(*_MOST_PARTICULAR).limit(FITTING)
    if wish.about is not None:
        tagged = query.join(item_tags, item_tags.c.item_id == Item.id).where(item_tags.c.tag_id == wish.about)
        return tagged.order_by(item_tags.c.item_id.desc()).limit(SUBJECT)
    return query.order_by(*_NEWEST).limit(FRESH)


def _around(day: StageDay) -> tuple[Any, ...]:
    """What holds for all that fits a child's day, in words that an index follows: an age that is counted from the
    due date is never the greater one."""
    return Item.stage_from <= day.calendar + LEAD, Item.stage_to >= day.corrected


def most_read_ids(site: Site, limit: int) -> Subquery:
    """The items of a site that are read most, whether or not somebody may see them: `item_id` and `score`."""
    most = select(Popularity.item_id, Popularity.score).where(Popularity.site == site)
    return most.order_by(Popularity.score.desc()).limit(limit).subquery()
