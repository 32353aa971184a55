"""How candidates are weighed and which are chosen: numbers only, nothing is read here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import repeat
from math import inf, log, sqrt

from community.items.models import Item
from community.items.queries import StageDay
from community.personalisation.engine.candidate import Candidate


class Part(StrEnum):
    """What can speak for an item."""

    STAGE = "stage"  # it is about where a child is now
    CHOSEN = "chosen"  # about a subject that was chosen
    LEARNED = "learned"  # about a subject that was read
    THEME = "theme"  # of the same theme as the item that is read now
    NEXT = "next"  # readers of the same items read it next
    BESIDE = "beside"  # or just before or after
    NEAR = "near"  # it has the readers of what was read of late
    TASTE = "taste"  # and of all that was read
    PEERS = "peers"  # it is read by people alike
    POPULAR = "popular"  # it is read now
    LASTING = "lasting"  # it has been read for long
    NEWCOMERS = "newcomers"  # it is what people read first
    FRESH = "fresh"


Weights = Mapping[Part, float]

# How much each part weighs before a site's own log has taught better, each brought to 0 to 1 among the candidates.
USUAL: Weights = {
    Part.STAGE: 2.6,
    Part.LEARNED: 1.0,
    Part.CHOSEN: 0.8,
    Part.THEME: 0.7,
    Part.NEXT: 0.7,
    Part.BESIDE: 0.2,
    Part.NEAR: 0.6,
    Part.TASTE: 0.3,
    Part.PEERS: 0.1,
    Part.POPULAR: 0.3,
    Part.LASTING: 0.1,
    Part.NEWCOMERS: 0.1,
    Part.FRESH: 0.05,
}
UNWANTED = 0.8  # taken off for a subject that the reader wants less of
SAME_THEME = 0.2  # taken off for each item of the same theme that is chosen already
SAME_REASON = 0.4  # and for each that is chosen for the same part: what is right for today leads, and leaves room
SAME_KIND = 0.15  # and for each of the same kind: articles and talk beside each other
LEAD = 14  # days before its range begins that an item may come
MOST_IN_A_ROW = 2
USUAL_RANGE = 28  # days; a range as wide as that or less is as particular as can be
SOON = 0.6  # of the weight, where a range has not begun yet

Measure = Callable[[Sequence[Candidate]], list[float]]  # of each candidate


class Scored:
    """A candidate with how much each part speaks for it, and what that is in all."""

    __slots__ = ("_parts", "_spoken", "candidate", "leading", "total")

    def __init__(self, candidate: Candidate, parts: Sequence[Part], spoken: Sequence[float], off: float = 0.0) -> None:
        self.candidate, self._parts, self._spoken = candidate, parts, spoken
        self.total = sum(spoken) - off
        most = max(spoken, default=0.0)
        self.leading = parts[spoken.index(most)] if most > 0 else None  # what speaks for it most

    @property
    def weights(self) -> dict[Part, float]:
        """The weight of each part that speaks for it: put together for the few that are chosen."""
        return {part: weight for part, weight in zip(self._parts, self._spoken, strict=True) if weight > 0}

    @property
    def theme_id(self) -> int | None:
        """The theme, which the choice varies."""
        return self.candidate.theme_id


def scored(
    candidates: Sequence[Candidate],
    measures: Mapping[Part, Measure],
    weights: Weights = USUAL,
    unwanted: frozenset[int] = frozenset(),
) -> list[Scored]:
    """Every candidate with its weighed parts; each part is measured against the other candidates."""
    parts, columns = list[Part](), list[list[float]]()
    for part, values in measured(candidates, measures):
        parts.append(part)
        columns.append(normalised(values, weights.get(part, 0.0)))
    spoken = zip(*columns, strict=True) if columns else repeat(())
    return [
        Scored(candidate, parts, told, UNWANTED if unwanted and candidate.tag_ids & unwanted else 0.0)
        for candidate, told in zip(candidates, spoken, strict=False)
    ]


def measured(
    candidates: Sequence[Candidate], measures: Mapping[Part, Measure]
) -> Iterator[tuple[Part, Sequence[float]]]:
    """Each part of all candidates, where there is any of it."""
    for part, measure in measures.items():
        values = measure(candidates)
        if any(values):
            yield part, values


def normalised(values: Sequence[float], weight: float = 1.0) -> list[float]:
    """Values between the least of them (0) and the greatest (the weight)."""
    least, greatest = min(values, default=0.0), max(values, default=0.0)
    if least == greatest:
        return [weight * (greatest > 0)] * len(values)
    worth = weight / (greatest - least)
    return [(value - least) * worth for value in values]


def shortlist(found: Iterable[Scored], each: int) -> list[Scored]:
    """The best of each reason: among these is whatever may be chosen."""
    led: defaultdict[Part | None, list[Scored]] = defaultdict(list)
    for one in sorted(found, key=lambda one: -one.total):
        led[one.leading].append(one)
    return [one for alike in led.values() for one in alike[:each]]


def varied(found: Sequence[Scored], limit: int, variety: float = 1.0) -> list[Scored]:
    """The best, one by one: each theme and each reason counts less the more of it is there, and never a third
    of a theme in a row where there is another. Without `variety` what fits best, whatever it is."""
    left = sorted(found, key=lambda one: (-one.total, -one.candidate.id))
    chosen: list[Scored] = []
    while left and len(chosen) < limit:
        tired = _theme_in_a_row(chosen)
        allowed = [one for one in left if one.theme_id != tired] if tired is not None else left
        best = _best_beside(chosen, allowed or left, variety)
        left.remove(best)
        chosen.append(best)
    return chosen


def by_stage(days: Sequence[StageDay]) -> Measure:
    """How particularly an item is about where these children are, or will be soon."""
    return lambda found: [
        max([_nearness(one, day) for day in days]) if days and one.stage_from is not None else 0.0 for one in found
    ]


def by_shared_time(item: Item) -> Measure:
    """How much of its range an item shares with another one."""
    own = range_of(item)

    def shared_with(candidate: Candidate) -> float:
        other = range_of(candidate)
        if own is None or other is None:
            return 0.0
        shared = min(own[1], other[1]) - max(own[0], other[0]) + 1
        whole = max(own[1], other[1]) - min(own[0], other[0]) + 1
        return max(0, shared) / whole

    return lambda found: [shared_with(one) for one in found]


def by_theme(theme_id: int | None) -> Measure:
    """Whether an item is of this theme."""
    return lambda found: [float(theme_id is not None and one.theme_id == theme_id) for one in found]


def by_subject(weights: Mapping[int, float]) -> Measure:
    """How much an item is about these subjects."""

    def about(candidate: Candidate) -> float:
        return max(weights.get(tag, 0.0) for tag in candidate.tag_ids)

    return lambda found: [0.0 if one.tag_ids.isdisjoint(weights) else about(one) for one in found]


def by_rare_subject(weights: Mapping[int, float]) -> Measure:
    """The same, where a subject that few of them are about tells more than one that all are about."""

    def about(found: Sequence[Candidate]) -> list[float]:
        counts = Counter(tag for one in found for tag in one.tag_ids if tag in weights)
        return by_subject({tag: weights[tag] * log(1 + len(found) / count) for tag, count in counts.items()})(found)

    return about


def by_popularity(found: Sequence[Candidate]) -> list[float]:
    """How much each is read now."""
    return [one.popularity for one in found]


def by_lasting(found: Sequence[Candidate]) -> list[float]:
    """How much each has been read for long."""
    return [one.lasting for one in found]


def by_newcomers(found: Sequence[Candidate]) -> list[float]:
    """How much each is read by those who have read little."""
    return [one.newcomers for one in found]


def by_freshness(found: Sequence[Candidate]) -> list[float]:
    """How new each is."""
    return [one.freshness for one in found]


def range_of(item: Item | Candidate) -> tuple[int, int] | None:
    """The first and last stage day that an item is for, where it is for any."""
    if item.stage_from is None or item.stage_to is None:
        return None
    return item.stage_from, item.stage_to


def fits(candidate: Candidate, day: StageDay, lead: int = 0) -> bool:
    """Whether an item's range holds a child's day, or will within `lead` days."""
    days = range_of(candidate)
    value = candidate.stage_day(day)
    return days is not None and days[0] <= value + lead and value <= days[1]


def _nearness(candidate: Candidate, day: StageDay) -> float:
    first, last, value = candidate.stage_from, candidate.stage_to, candidate.stage_day(day)
    if first is None or last is None or not first - LEAD <= value <= last:
        return 0.0
    particular = sqrt(USUAL_RANGE / max(USUAL_RANGE, last - first + 1))
    return particular if first <= value else SOON * particular


def _theme_in_a_row(chosen: Sequence[Scored]) -> int | None:
    last = [one.theme_id for one in chosen[-MOST_IN_A_ROW:]]
    return last[0] if len(last) == MOST_IN_A_ROW and len(set(last)) == 1 else None


def _best_beside(chosen: Sequence[Scored], left: Sequence[Scored], variety: float) -> Scored:
    """What adds most to those that are chosen; beside others an item adds no more than its total, by which
    these are ordered, so that few are looked at."""
    alike: Counter[int | None] = Counter(one.theme_id for one in chosen if one.theme_id is not None)
    led_alike = Counter(one.leading for one in chosen)
    of_kind = Counter(one.candidate.kind for one in chosen)
    best, most = left[0], -inf
    for one in left:
        if one.total <= most:
            break
        off = SAME_THEME * alike[one.theme_id] + SAME_REASON * led_alike[one.leading]
        worth = one.total - variety * (off + SAME_KIND * of_kind[one.candidate.kind])
        if worth > most:
            best, most = one, worth
    return best
