"""What is known of a reader and of what goes with what; and how each part is measured by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from math import sqrt

from community.items.queries import StageDay
from community.personalisation.engine import scoring
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.scoring import Measure, Part
from community.personalisation.engine.votes import Ties, Votes, sums_of, votes

LAST, FEW, SOME, MANY = 1.0, 2.0, 5.0, 20.0  # reads after which one speaks half as loud: from this moment to in all
HISTORY = 50  # older reads say next to nothing
NEAREST = 60


@dataclass(frozen=True)
class Evidence:
    """Of one reader at one moment; empty for somebody of whom nothing is known."""

    history: Sequence[int] = ()  # items, the latest read first
    next: Ties = field(default_factory=dict)  # what is read after these items
    beside: Ties = field(default_factory=dict)  # what is read before or after them
    near: Ties = field(default_factory=dict)  # what has the same readers as these items
    learned: Mapping[int, float] = field(default_factory=dict)  # tag -> 0 to 1
    chosen: frozenset[int] = frozenset()  # tags
    unwanted: frozenset[int] = frozenset()  # tags
    days: Sequence[StageDay] = ()
    peers: Mapping[int, float] = field(default_factory=dict)  # item -> how much more it is read by people alike

    @cached_property
    def next_votes(self) -> Votes:
        """What the last reads lead to."""
        return votes(self.history, self.next, LAST)

    @cached_property
    def beside_votes(self) -> Votes:
        """What belongs to what was read of late."""
        return votes(self.history, self.beside, FEW)

    @cached_property
    def near_votes(self) -> Votes:
        """What those who read the same of late have read too."""
        return votes(self.history, self.near, SOME)

    @cached_property
    def taste(self) -> Mapping[int, float]:
        """How much all that was read speaks for what has the same readers."""
        return sums_of(self.history, self.near, MANY)

    def lead_to(self, item_id: int, part: Part) -> int | None:
        """The read that speaks most for an item, by one of the parts that follow from reading."""
        return {
            Part.NEXT: self.next_votes,
            Part.BESIDE: self.beside_votes,
            Part.NEAR: self.near_votes,
            Part.TASTE: self.near_votes,
        }[part].leads.get(item_id)

    @property
    def measures(self) -> dict[Part, Measure]:
        """How each part is measured for this reader."""
        return {
            Part.STAGE: scoring.by_stage(self.days),
            Part.LEARNED: scoring.by_rare_subject(self.learned),
            Part.CHOSEN: scoring.by_subject(dict.fromkeys(self.chosen, 1.0)),
            Part.NEXT: by_next(self.next_votes),
            Part.BESIDE: by_next(self.beside_votes),
            Part.NEAR: _by(self.near_votes.sums),
            Part.TASTE: _by(self.taste),
            Part.PEERS: self._by_peers,
            Part.POPULAR: scoring.by_popularity,
            Part.LASTING: scoring.by_lasting,
            Part.NEWCOMERS: scoring.by_newcomers,
            Part.FRESH: scoring.by_freshness,
        }

    def _by_peers(self, found: Sequence[Candidate]) -> list[float]:
        return [one.popularity + self.peers.get(one.id, 0.0) if self.peers else 0.0 for one in found]


def nearest(history: Sequence[int], near: Ties, known: Collection[int]) -> list[int]:
    """What speaks most for itself by the readers that it shares with all that was read, beside what is known."""
    found = sums_of(history, near, MANY)
    new = (item for item, told in found.items() if told > 0 and item not in known)
    return nlargest(NEAREST, new, key=found.__getitem__)


def by_next(cast: Votes) -> Measure:
    """How often it is read next, for what everybody reads is read next to everything; twice as often is not twice
    as good."""
    sums = cast.sums
    return lambda found: [sqrt(sums[one.id] / sqrt(1 + one.all_reads)) if one.id in sums else 0.0 for one in found]


def _by(sums: Mapping[int, float]) -> Measure:
    return lambda found: [sqrt(max(0.0, sums.get(one.id, 0.0))) for one in found]
