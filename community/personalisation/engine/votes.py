"""What the last reads of a person speak for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Ties = Mapping[int, Sequence[tuple[int, float]]]  # an item -> others that go with it, and how strongly


class Votes(NamedTuple):
    """For each item how much speaks for it, and the read that speaks for it most."""

    sums: Mapping[int, float]
    leads: Mapping[int, int]


def sums_of(history: Sequence[int], ties: Ties, half_life: float) -> Mapping[int, float]:
    """The sums of the votes alone."""
    sums: defaultdict[int, float] = defaultdict(float)
    for place, item in enumerate(history):
        loudness = 0.5 ** (place / half_life)
        for other, strength in ties.get(item, ()):
            sums[other] += loudness * strength
    return sums


def votes(history: Sequence[int], ties: Ties, half_life: float) -> Votes:
    """Each read (the latest first) speaks for what goes with it; half as loud as one so many reads later."""
    sums: defaultdict[int, float] = defaultdict(float)
    leads: dict[int, int] = {}
    loudest: dict[int, float] = {}
    for place, item in enumerate(history):
        loudness = 0.5 ** (place / half_life)
        for other, strength in ties.get(item, ()):
            vote = loudness * strength
            sums[other] += vote
            if vote > loudest.get(other, 0.0):
                loudest[other], leads[other] = vote, item
    return Votes(sums, leads)
