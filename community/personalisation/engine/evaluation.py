"""Lists for what a protocol asks, by weights that are learned from what it tells, beside lists of what is popular."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log2
from typing import NamedTuple

from community.personalisation.engine.learning import Blend, Example, example, learned
from community.personalisation.engine.log import Log
from community.personalisation.engine.protocols import BEGIN, PROTOCOLS, ROLLING, Split, asked_rows
from community.personalisation.engine.readership import Readership
from community.personalisation.engine.scoring import scored, varied

LENGTH = 10
REFRESHES = 100  # of neighbours, within a log that is told read by read
MOST_EXAMPLES = 3_000
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
    blend = learned(_examples(hold(split.known, f"{salt} within")))
    readership = Readership(split.known).learn(split.known.reads).refresh()
    answers = []
    for number, person in enumerate(sorted(split.held)):
        answers.append(_answer(readership, person, person, split.held[person], blend))
        told(number + 1, len(split.held))
    return Result(answers, blend)


def figures(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """How often and how high what was read stands in the lists, and in those of what is popular."""
    return {
        "lists": _figures([(answer.asked.read, answer.items) for answer in answers]),
        "popular": _figures([(answer.asked.read, answer.popular) for answer in answers]),
    }


def _rolling(log: Log, told: Told) -> Result:
    """A list before each asked read, from what was known the moment before; weights from what was asked earlier."""
    learn_at, ask_at = asked_rows(log, LEARN_FROM, end=BEGIN), asked_rows(log)
    begin, every = int(BEGIN * len(log.reads)), max(1, len(log.reads) // REFRESHES)
    readership, examples, answers, blend = Readership(log), list[Example](), list[Answer](), Blend()
    for number, read in enumerate(log.reads):
        if number % every == 0:
            readership.refresh()
            told(number, len(log.reads))
        if number == begin:
            blend = learned(examples)
        if number in learn_at:
            examples += _example(readership, read.person, [read.item])
        elif number in ask_at:
            answers.append(_answer(readership, read.person, str(number), [read.item], blend))
        readership.learn([read])
    told(len(log.reads), len(log.reads))
    return Result(answers, blend)


def _examples(split: Split) -> list[Example]:
    readership = Readership(split.known).learn(split.known.reads).refresh()
    step = max(1, len(split.held) // MOST_EXAMPLES)
    return [one for person in sorted(split.held)[::step] for one in _example(readership, person, split.held[person])]


def _example(readership: Readership, person: str, read: Sequence[int]) -> Iterator[Example]:
    evidence = readership.evidence(person)
    found = example(readership.candidates(person, evidence), evidence, read, len(readership.histories[person]))
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
