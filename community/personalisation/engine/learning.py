"""How much each part should weigh: so that what was read next would have stood highest in the lists of that moment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from community.personalisation.engine.blend import TIERS, Blend
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.evidence import Evidence
from community.personalisation.engine.scoring import USUAL, Part, measured

Numbers = np.ndarray[Any, Any]
PARTS = tuple(USUAL)
LEAST, MOST = 0.0, 10.0  # bounds of a weight
LONE = 0.05  # of the usual weights, where one part alone begins
STEPS = (4.0, 2.0, 1.4, 3.0, 1.7, 1.2, 2.0, 1.1)  # by which a weight is moved, coarse to fine
GAIN, TIER_GAIN, LONE_GAIN = 0.0003, 0.001, 0.6  # of quality for a change; lists that are few must gain more
LENGTH = 10
DISCOUNTS = 1 / np.log2(np.arange(LENGTH) + 2)


class Example(NamedTuple):
    """One list that could have been given: each candidate's parts, the places of what was read, reads known then."""

    values: Numbers
    read: Sequence[int]
    known: int


def example(candidates: Sequence[Candidate], evidence: Evidence, read: Iterable[int], known: int) -> Example | None:
    """What can be learned of a list; nothing where nothing of it was read."""
    places = {candidate.id: place for place, candidate in enumerate(candidates)}
    found = [places[item] for item in read if item in places]
    if not found:
        return None
    values = np.zeros((len(candidates), len(PARTS)), np.float32)
    for part, numbers in measured(candidates, evidence.measures):
        values[:, PARTS.index(part)] = numbers
    return Example(values, found, known)


def learned(examples: Sequence[Example]) -> Blend:
    """The weights of each tier; near the usual ones where there is little to learn from."""
    usual = np.array([USUAL[part] for part in PARTS])
    begins = [usual, *(LONE * usual + np.eye(len(PARTS))[part] for part in range(len(PARTS)))]
    of_all = _found_for(examples, max(begins, key=lambda begin: quality(examples, begin)), GAIN)
    told = np.isin(np.arange(len(PARTS)), _telling(examples))
    tiers = zip(TIERS, (*TIERS[1:], np.inf), strict=True)
    found = [_found_for([e for e in examples if least <= e.known < end], of_all, TIER_GAIN) for least, end in tiers]
    return Blend(tuple(_as_weights(weights, told, usual) for weights in found))


def quality_of(examples: Sequence[Example], blend: Blend) -> float:
    """The same by the weights of each tier."""
    as_numbers = {known: np.array([blend.at(known).get(part, 0.0) for part in PARTS]) for known in TIERS}
    found = [_quality_of(one, as_numbers[max(least for least in TIERS if least <= one.known)]) for one in examples]
    return sum(found) / max(1, len(found))


def quality(examples: Sequence[Example], weights: Numbers) -> float:
    """How high what was read stands in the lists by these weights (nDCG of ten), on average."""
    return sum(_quality_of(one, weights) for one in examples) / max(1, len(examples))


def _as_weights(found: Numbers, told: Numbers, usual: Numbers) -> Mapping[Part, float]:
    """In all as heavy as the usual ones, so that variety counts the same, and what no log tells (the stage) too."""
    share = usual[told].sum() / max(float(found[told].sum()), 1e-9)
    weights = np.where(told, share * found, usual)
    return {part: round(float(weight), 4) for part, weight in zip(PARTS, weights, strict=True)}


def _telling(examples: Sequence[Example]) -> list[int]:
    """The places of the parts that something is told of."""
    return [part for part in range(len(PARTS)) if any(one.values[:, part].any() for one in examples)]


def _found_for(examples: Sequence[Example], weights: Numbers, gain: float) -> Numbers:
    """One weight after the other is moved as long as lists gain by it; parts that tell nothing stay as they are."""
    telling = _telling(examples)
    least = gain + LONE_GAIN / max(1, len(examples))
    best = quality(examples, weights)
    for step in STEPS:
        for part in telling:
            for moved in (weights[part] * step, weights[part] / step, weights[part] + step / 10, LEAST):
                tried = weights.copy()
                tried[part] = min(moved, MOST)
                if (found := quality(examples, tried)) > best + least:
                    best, weights = found, tried
    return weights


def _quality_of(one: Example, weights: Numbers) -> float:
    scores = one.values @ weights
    top = np.argpartition(-scores, LENGTH)[:LENGTH] if len(scores) > LENGTH else np.arange(len(scores))
    ranked = top[np.argsort(-scores[top])]
    reachable = min(LENGTH, len(one.read))
    return float(DISCOUNTS[: len(ranked)][np.isin(ranked, one.read)].sum() / DISCOUNTS[:reachable].sum())
