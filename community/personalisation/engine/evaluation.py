"""Lists for what a protocol asks, by weights that are learned from what it tells, beside lists of what is popular."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import log2
from typing import Any, NamedTuple

from community.personalisation.engine.blend import Blend
from community.personalisation.engine.evidence import HISTORY
from community.personalisation.engine.learning import Example, example, learned, quality_of
from community.personalisation.engine.log import Log
from community.personalisation.engine.protocols import BEGIN, PROTOCOLS, ROLLING, Protocol, asked_rows
from community.personalisation.engine.readership import Readership
from community.personalisation.engine.scoring import scored, varied

LENGTH = 10
REFRESHES = 30  # of neighbours, within a log that is told read by read
MOST_EXAMPLES, ENOUGH_EXAMPLES = 3_000, 500
LOTS = 5  # drawn at most, to have enough of them
LEARNINGS = 10  # of weights, while lists are asked for: as often as nights pass on a site
LEARN_FROM = 0.35  # of a log: what comes earlier says little of who reads on
Told = Callable[[int, int], None]


class Asked(NamedTuple):
    """A question of a protocol: for whom, what was read then, and how much was known."""

    name: str
    read: Sequence[int]
    known: int


class Answer(NamedTuple):
    """A list that was given, and the one of what is popular."""

    asked: Asked
    items: list[int]
    popular: list[int]


class Lesson(NamedTuple):
    """Weights that a log taught, and how high what was read next stands by them and by those before."""

    blend: Blend
    quality: float
    quality_before: float


class Result(NamedTuple):
    """All answers, by these weights."""

    answers: list[Answer]
    blend: Blend


def evaluated(log: Log, protocol: str, told: Told = lambda done, total: None) -> Result:
    """The answers to all that a protocol asks."""
    if protocol == ROLLING:
        return _rolling(log, told)
    hold, salt = PROTOCOLS[protocol]
    split = hold(log, salt)
    blend = learned(_examples(split.known, hold, salt))
    readership = Readership(split.known).learn(split.known.reads).refresh()
    answers = []
    for number, person in enumerate(sorted(split.held)):
        answers.append(_answer(readership, person, person, split.held[person], blend))
        told(number + 1, len(split.held))
    return Result(answers, blend)


def taught(
    log: Log,
    before: Blend,
    told: Told = lambda done, total: None,
    rows: Collection[int] | None = None,
    depth: int = HISTORY,
) -> Lesson:
    """What a whole log teaches by being told once more, and how much better lists would have been for its last part
    by what its first part taught; `rows` are asked for lists of which so many last reads tell what comes."""
    asked = set(_some(asked_rows(log, LEARN_FROM) if rows is None else rows))
    examples = [one for row in _told_again(log, asked, told) for one in _example(*row, depth)]
    part = int(BEGIN * len(examples))
    blend = learned(examples[:part])
    return Lesson(blend, quality_of(examples[part:], blend), quality_of(examples[part:], before))


def figures(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """How often and how high what was read stands in the lists, and in those of what is popular."""
    return {
        "lists": _figures([(answer.asked.read, answer.items) for answer in answers]),
        "popular": _figures([(answer.asked.read, answer.popular) for answer in answers]),
    }


def _rolling(log: Log, told: Told) -> Result:
    """A list before each asked read, from what was known the moment before; weights from what was asked until then,
    learned again every now and then."""
    learn_at, ask_at = set(_some(asked_rows(log, LEARN_FROM, end=BEGIN))), asked_rows(log)
    examples, answers, blend = list[Example](), list[Answer](), Blend()
    every = 1 + len(ask_at) // LEARNINGS
    for readership, person, read, number in _told_again(log, learn_at | ask_at, told):
        if number in ask_at:
            blend = blend if len(answers) % every else learned(examples[-MOST_EXAMPLES:])
            answers.append(_answer(readership, person, str(number), read, blend))
        examples += _example(readership, person, read, number)
    return Result(answers, blend)


def _told_again(log: Log, rows: set[int], told: Told) -> Iterator[tuple[Readership, str, list[int], int]]:
    """Before each of these rows: all that was read until then, who reads, what is read next, and the row."""
    readership, every = Readership(log), max(1, len(log.reads) // REFRESHES)
    refreshed = -every
    for number, read in enumerate(log.reads):
        if number in rows:
            if number >= refreshed + every:
                readership.refresh()
                refreshed = number
            told(number, len(log.reads))
            yield readership, read.person, [read.item], number
        readership.learn([read])
    told(len(log.reads), len(log.reads))


def _examples(log: Log, hold: Protocol, salt: str) -> list[Example]:
    """What the same question within a log teaches; where one lot holds few persons back, others are drawn too."""
    examples: list[Example] = []
    for lot in range(LOTS if salt else 1):
        split = hold(log, f"{salt} within {lot}")
        readership = Readership(split.known).learn(split.known.reads).refresh()
        examples += (one for person in _some(split.held) for one in _example(readership, person, split.held[person]))
        if len(examples) >= ENOUGH_EXAMPLES:
            break
    return examples


def _some(asked: Collection[Any]) -> Sequence[Any]:
    """As many as it takes to learn from, evenly spread."""
    return sorted(asked)[:: max(1, len(asked) // MOST_EXAMPLES)]


def _example(
    readership: Readership, person: str, read: Sequence[int], _row: int = 0, depth: int = HISTORY
) -> Iterator[Example]:
    evidence, known = readership.evidence(person, depth), min(depth, len(readership.histories[person]))
    found = example(readership.candidates(person, evidence), evidence, read, known)
    if found is not None:
        yield found


def _answer(readership: Readership, person: str, name: str, read: Sequence[int], blend: Blend) -> Answer:
    evidence, known = readership.evidence(person), len(readership.histories[person])
    candidates = readership.candidates(person, evidence)
    found = scored(candidates, evidence.measures, blend.at(known))
    popular = sorted(candidates, key=lambda candidate: -candidate.popularity)[:LENGTH]
    chosen = [one.candidate.id for one in varied(found, LENGTH, variety=0.0)]
    return Answer(Asked(name, read, known), chosen, [candidate.id for candidate in popular])


def _figures(pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> dict[str, float]:
    sums = [_measured(set(read), items) for read, items in pairs]
    return {name: round(sum(one[name] for one in sums) / len(sums), 5) for name in sums[0]} if sums else {}


def _measured(read: set[int], items: Sequence[int]) -> Mapping[str, float]:
    hits = [place for place, item in enumerate(items) if item in read]
    reachable = min(LENGTH, len(read))
    best = sum(1 / log2(place + 2) for place in range(reachable))
    return {
        "recall@10": len(hits) / reachable,
        "hit@10": float(bool(hits)),
        "ndcg@10": sum(1 / log2(place + 2) for place in hits) / best,
        "mrr@10": 1 / (hits[0] + 1) if hits else 0.0,
    }
