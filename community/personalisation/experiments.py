"""Two ways beside each other: who sees which, and what may be said of the difference, whenever somebody looks.

The interval is the asymptotic confidence sequence of I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas,
"Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024), theorem 2.2:
with the chance of 95 in 100 it holds the truth at all moments at once, so that one may look each day, and stop as soon
as it says something."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt

ERROR = 0.05  # the chance that the interval ever leaves the truth out
TIGHTEST_AT = 2_000  # persons; the interval is at its best about there
FEWEST = 100  # persons in each arm, before there is an interval at all


class Way(StrEnum):
    """The arms of each experiment."""

    USUAL = "usual"  # as the slot's setting says
    OTHER = "other"


@dataclass(frozen=True)
class Outcome:
    """What came of one arm: persons whose week is over, what they read of their lists, and how much that varies."""

    person_count: int = 0
    mean: float = 0.0
    variance: float = 0.0


@dataclass(frozen=True)
class Uplift:
    """How much more one way brings than the other, as a share of the other, with its interval."""

    share: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether nothing lies on both sides of it: one way is better, and the experiment may stop."""
        return self.low > 0 or self.high < 0


def way_of(person: str, experiment_id: int, percent: int) -> Way:
    """Which way a person sees: always the same, and for each experiment anew."""
    return Way.OTHER if number_of(person, f"experiment:{experiment_id}") % 100 < percent else Way.USUAL


def number_of(person: str, salt: str) -> int:
    """A great number that nobody can choose, the same for a person each time."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{person}".encode()).digest()[:8], "big")


def uplift_of(new: Outcome, base: Outcome) -> Uplift | None:
    """What a new way brings more than the base; None before it can be told.

    The ratio of two means is near to a sum over persons (the delta method), to which the sequence applies."""
    if min(new.person_count, base.person_count) < FEWEST or not base.mean:
        return None
    count = new.person_count + base.person_count
    ratio = new.mean / base.mean
    variance = count * (new.variance / new.person_count + ratio**2 * base.variance / base.person_count) / base.mean**2
    margin = sqrt(variance) * _width(count)
    return Uplift(ratio - 1, ratio - 1 - margin, ratio - 1 + margin)


def _width(count: int) -> float:
    """Half the width of the interval for values of variance 1."""
    scaled = count * _scale() + 1
    return sqrt(2 * scaled / (count**2 * _scale()) * log(sqrt(scaled) / ERROR))


def _scale() -> float:
    """The square of rho for which the interval is tightest at TIGHTEST_AT."""
    return (-2 * log(ERROR) + log(-2 * log(ERROR)) + 1) / TIGHTEST_AT
