"""One item that may be shown, with the numbers that are weighed."""

from dataclasses import dataclass
from datetime import timedelta
from math import log, log1p

from community.items.queries import StageDay

SHRUNK_BY, TEMPER = 10.0, 0.5  # reads of an item by which a group is believed by half; how much of it counts
FRESH_FOR = timedelta(days=30)  # half as new
LITTLE = 4  # reads; whoever has read less of late is a newcomer
NO_TAGS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One item with the numbers that are weighed."""

    id: int
    kind: str
    theme_id: int | None = None
    tag_ids: frozenset[int] = NO_TAGS
    stage_from: int | None = None
    stage_to: int | None = None
    stage_basis: str = "corrected"
    reads: float = 0.0  # worth so many reads of this moment
    all_reads: float = 0.0  # the same, slowly forgotten
    popularity: float = 0.0
    lasting: float = 0.0
    newcomers: float = 0.0  # how much it is read by those who have read little
    freshness: float = 0.0

    def stage_day(self, day: StageDay) -> int:
        """A child's day as this item counts it."""
        return day.corrected if self.stage_basis == "corrected" else day.calendar


def popularity_of(reads: float) -> float:
    """How much so many reads say: the tenth says less than the second."""
    return log1p(reads)


def lift_of(in_group: float, in_all: float, share: float) -> float:
    """How much more a group reads of something than its share of all reads; next to nothing where little is read."""
    return TEMPER * log((in_group + SHRUNK_BY) / (in_all * share + SHRUNK_BY))


def freshness_of(age: timedelta) -> float:
    """How new something of this age is."""
    return float(0.5 ** (max(age, timedelta()) / FRESH_FOR))
