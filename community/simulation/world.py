"""Who and what there is while a community is simulated. Moments are whole seconds since 1970."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from community.sites.models import Site

DAY, HOUR = 86_400, 3_600
SPAN = 730 * DAY  # how long the community has been there
# How busy each hour is: nights with a feed, a quiet morning, the hours after bedtime.
HOURS = (4, 3, 3, 3, 3, 4, 6, 9, 12, 14, 14, 13, 13, 14, 14, 12, 11, 10, 12, 18, 26, 26, 17, 9)


@dataclass(slots=True, eq=False)
class Person:
    """A member, or a visitor who agreed to be known by a number."""

    id: int | None
    visitor_id: str | None
    joined: int
    weight: float  # how much this person does: few do much
    due: int | None  # when a child was, or is, due
    allows: str = ""  # letters of consents, as touchpoints carry them
    interests: tuple[int, ...] = ()
    club: "Place | None" = None
    seen: int = 0
    seen_before: int = 0
    visit_days: int = 0
    unread: int = 0
    name: str = ""
    username: str = ""
    standing: dict[str, Any] = field(default_factory=dict)  # what rooms say of a member, as columns

    def stage(self, at: int) -> int | None:
        """The stage day of this person's child."""
        return None if self.due is None else (at - self.due) // DAY

    def was_here(self, at: int) -> None:
        """Count a visit; visits come in the order of time, or nearly so."""
        if at > self.seen + HOUR // 2:
            self.visit_days += at // DAY != self.seen // DAY
            self.seen_before, self.seen = self.seen, at


@dataclass(slots=True, eq=False)
class Place:
    """A board, or a club with its board."""

    id: int
    theme_id: int | None
    stage_from: int | None
    stage_to: int | None
    is_quiet: bool = False
    group_id: int | None = None
    path: str = ""
    opened: int = 0
    people: list[Person] = field(default_factory=list)

    def fits(self, person: Person, at: int) -> bool:
        """Whether what is said here is about this person's stage."""
        stage = person.stage(at)
        if self.stage_from is None or self.stage_to is None or stage is None:
            return True
        return self.stage_from <= stage <= self.stage_to


@dataclass(slots=True, eq=False)
class Thread:
    """An article, a story or a topic: when its posts were, or are to be, written, and who has written."""

    id: int
    kind: str
    begun: int
    place: Place | None
    opener: Person | None
    times: list[int]
    stage_from: int | None = None
    stage_to: int | None = None
    theme_id: int | None = None
    accepted: int | None = None  # the number of the answer that helped
    posts: list[tuple[int, int | None]] = field(default_factory=list)  # (post, its root), by number
    writers: dict[Person, int | None] = field(default_factory=dict)  # with the pseudonym that each took, if any

    @property
    def key(self) -> str:
        """As touchpoints name it."""
        return f"{self.kind}:{self.id}"

    def posts_by(self, at: int) -> int:
        """How many posts there were at a moment."""
        return bisect_right(self.times, at)


class Ware(NamedTuple):
    """A product of a town's shop."""

    id: int
    title: str
    cents: int
    begun: int

    @property
    def sku(self) -> str:
        """How order lines name it."""
        return f"simulated-{self.id}"


class Crowd:
    """People in the order in which they joined; who does more is met more often."""

    def __init__(self, people: list[Person]) -> None:
        self.people = sorted(people, key=lambda person: person.joined)
        self.joined = [person.joined for person in self.people]
        self.totals = list(accumulate(person.weight for person in self.people))

    def somebody(self, chance: Random, at: int) -> Person | None:
        """One of those who are here at a moment."""
        here = bisect_right(self.joined, at)
        if not here:
            return None
        return self.people[bisect_left(self.totals, chance.random() * self.totals[here - 1], 0, here - 1)]

    def somebody_for(self, chance: Random, place: Place | None, at: int) -> Person | None:
        """One of those whom a place concerns, if a few tries find one."""
        found = None
        for _try in range(5):
            found = self.somebody(chance, at)
            if found is None or place is None or place.fits(found, at):
                break
        return found


@dataclass(slots=True)
class Town:
    """One site while it is simulated."""

    site: Site
    share: float  # of everything
    people: list[Person] = field(default_factory=list)
    visitors: list[Person] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    clubs: dict[str, Place] = field(default_factory=dict)
    articles: list[Thread] = field(default_factory=list)
    topics: list[Thread] = field(default_factory=list)
    stories: list[Thread] = field(default_factory=list)  # that everybody may read, the oldest first
    wares: list[Ware] = field(default_factory=list)

    @property
    def threads(self) -> list[Thread]:
        """All under which people write."""
        return [*self.articles, *self.stories, *self.topics]


def moment(chance: Random, first: int, last: int) -> int:
    """A moment on some day of a stretch, at an hour at which people are up; later days see more."""
    day = first + int((last - first) * chance.random() ** 0.75) // DAY * DAY
    return min(max(first, day - day % DAY + hour(chance)), last)


def hour(chance: Random) -> int:
    """Seconds since midnight."""
    return chance.choices(range(24), HOURS)[0] * HOUR + chance.randrange(HOUR)


def at(seconds: int) -> datetime:
    """As the database keeps it."""
    return datetime.fromtimestamp(seconds, UTC)
