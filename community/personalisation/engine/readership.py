"""What all readers have read up to a moment, read by read: the same sums as the tables of a site hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from community.personalisation.engine.candidate import LITTLE, Candidate, freshness_of, lift_of, popularity_of
from community.personalisation.engine.evidence import HISTORY, Evidence, nearest
from community.personalisation.engine.log import Log, LoggedRead
from community.personalisation.engine.neighbours import CAP, neighbours_of

WINDOW = 10  # reads before one that it is read next to
LEAST_TIE = 1.5  # one reader alone makes at most 1
FOLLOWING, LAST_READS = 100, 20  # so many are read next to each of so many last reads
POPULAR, FRESH, SUBJECT = 150, 30, 30  # at most, for each reason to look
DAY = 86_400.0
HALF_LIFE, LONG_HALF_LIFE = 14 * DAY, 180 * DAY


class Tops(NamedTuple):
    """What leads the lists of all: found anew every now and then."""

    popular: Sequence[int]
    newest: Sequence[int]


class Readership:
    """Learns reads one by one; says what is worth weighing for a person, and by what evidence."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._begin = log.reads[0].at if log.reads else 0.0
        self._now = self._begin
        self.histories: defaultdict[str, list[int]] = defaultdict(list)
        self._read: defaultdict[str, set[int]] = defaultdict(set)
        self._onward: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._beside: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._scores: defaultdict[int, float] = defaultdict(float)
        self._lasting: defaultdict[int, float] = defaultdict(float)
        self._newcomers: defaultdict[int, float] = defaultdict(float)
        self._first: dict[int, float] = {}
        self._groups: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._of_all: Counter[int] = Counter()
        self._near: Mapping[int, Sequence[tuple[int, float]]] = {}
        self._by_tag: defaultdict[int, list[int]] = defaultdict(list)
        self._tops = Tops((), ())

    def learn(self, reads: Iterable[LoggedRead]) -> "Readership":
        """Take up reads in the order of time."""
        for read in reads:
            self._learn(read)
        return self

    def refresh(self) -> "Readership":
        """Find neighbours and what leads anew, as a site does every few minutes."""
        self._near = neighbours_of(list(self.histories.values()))
        leading = nlargest(POPULAR, self._scores, key=self._scores.__getitem__)
        lasting = nlargest(POPULAR, self._lasting, key=self._lasting.__getitem__)
        newest = nlargest(FRESH, self._first, key=self._published)
        self._tops = Tops(list(dict.fromkeys((*leading, *lasting))), newest)
        return self

    def candidates(self, person: str, evidence: Evidence) -> list[Candidate]:
        """All that is worth weighing for a person, and new to them."""
        found = {*self._tops.popular, *self._tops.newest, *evidence.next_votes.sums}
        found.update(evidence.beside_votes.sums)
        for tag in nlargest(6, evidence.learned, key=evidence.learned.__getitem__):
            found.update(self._by_tag[tag][-SUBJECT:])
        found.update(nearest(evidence.history, evidence.near, found))
        return [self._candidate(item) for item in found - self._read[person]]

    def evidence(self, person: str, depth: int = HISTORY) -> Evidence:
        """What is known of a person now, by so many last reads."""
        history = self.histories[person][: -depth - 1 : -1]
        beside = {item: _strongest(self._beside[item]) for item in history[:LAST_READS]}
        return Evidence(
            history=history,
            next={item: self._after(item, others) for item, others in beside.items()},
            beside=beside,
            near={item: self._near.get(item, ()) for item in history},
            learned=self._learned(history),
            peers=self._peers(self._log.traits.get(person, ())),
        )

    def _learn(self, read: LoggedRead) -> None:
        history, item = self.histories[read.person], read.item
        is_newcomer = len(history) < LITTLE
        for distance, other in enumerate(islice(reversed(history), WINDOW)):
            weight = (WINDOW - distance) / WINDOW
            self._onward[other][item] += weight
            self._beside[item][other] += weight
            self._beside[other][item] += weight
        history.append(item)
        del history[:-CAP]
        self._read[read.person].add(item)
        if item not in self._first:
            self._first[item] = read.at
            for tag in self._log.tags.get(item, ()):
                self._by_tag[tag].append(item)
        self._now = read.at
        self._scores[item] += self._worth(HALF_LIFE)
        self._lasting[item] += self._worth(LONG_HALF_LIFE)
        self._newcomers[item] += is_newcomer * self._worth(LONG_HALF_LIFE)
        self._of_all[item] += 1
        for trait in self._log.traits.get(read.person, ()):
            self._groups[trait][item] += 1

    def _after(self, item: int, others: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """How often those that are read beside an item are read after it."""
        onward = self._onward[item]
        return [(other, onward[other]) for other, _weight in others if other in onward]

    def _worth(self, half_life: float) -> float:
        return float(2 ** ((self._now - self._begin) / half_life))

    def _published(self, item: int) -> float:
        return self._log.published.get(item, self._first[item])

    def _learned(self, history: Sequence[int]) -> dict[int, float]:
        sums: Counter[int] = Counter(tag for item in history for tag in self._log.tags.get(item, ()))
        return {tag: count / (1 + count) for tag, count in sums.items()}

    def _peers(self, traits: Sequence[str]) -> dict[int, float]:
        """How much more of what leads is read by people alike than by all; next to nothing where few are known."""
        lifts: defaultdict[int, float] = defaultdict(float)
        total = sum(self._of_all.values())
        for group in (self._groups[trait] for trait in traits):
            share = sum(group.values()) / total
            for item in self._tops.popular:
                lifts[item] += lift_of(group[item], self._of_all[item], share)
        return lifts

    def _candidate(self, item: int) -> Candidate:
        reads = self._scores[item] / self._worth(HALF_LIFE)
        all_reads = self._lasting[item] / self._worth(LONG_HALF_LIFE)
        return Candidate(
            item,
            "item",
            tag_ids=self._log.tags.get(item, frozenset()),
            reads=reads,
            all_reads=all_reads,
            popularity=popularity_of(reads),
            lasting=popularity_of(all_reads),
            newcomers=popularity_of(self._newcomers[item] / self._worth(LONG_HALF_LIFE)),
            freshness=freshness_of(timedelta(seconds=self._now - self._published(item))),
        )


def _strongest(ties: Mapping[int, float]) -> list[tuple[int, float]]:
    strong = (tie for tie in ties.items() if tie[1] >= LEAST_TIE)
    return nlargest(FOLLOWING, strong, key=lambda tie: tie[1])
