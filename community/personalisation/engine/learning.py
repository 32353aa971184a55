"""How much each part should weigh: so that what was read next is the likeliest of all that could have been shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from community.personalisation.engine.blend import TIERS, Blend
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.evidence import Evidence
from community.personalisation.engine.scoring import USUAL, Part, measured, normalised

Numbers = np.ndarray[Any, Any]
PARTS = tuple(USUAL)
USUALLY = np.array([USUAL[part] for part in PARTS])
MOST = 10.0  # bound of a weight; the other is nothing
PULL = 5.0  # how strongly weights are drawn to those that they begin with: some fifty lists outweigh it
ROUNDS, HALVES, ENOUGH = 50, 10, 0.01  # steps at most, times that one is halved, and a gain that ends them
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
        values[:, PARTS.index(part)] = normalised(numbers)
    return Example(values, found, known)


def learned(examples: Sequence[Example]) -> Blend:
    """The weights of each tier, drawn to those of all; near the usual ones where there is little to learn from."""
    of_all = _likeliest(examples, USUALLY)
    tiers = zip(TIERS, (*TIERS[1:], np.inf), strict=True)
    found = [_likeliest([e for e in examples if least <= e.known < end], of_all) for least, end in tiers]
    return Blend(tuple(_as_weights(weights, examples) for weights in found))


def quality_of(examples: Sequence[Example], blend: Blend) -> float:
    """How high what was read stands in the lists by these weights (nDCG of ten), on average."""
    as_numbers = {least: np.array([blend.at(least).get(part, 0.0) for part in PARTS]) for least in TIERS}
    found = [_quality_of(one, as_numbers[max(least for least in TIERS if least <= one.known)]) for one in examples]
    return sum(found) / max(1, len(found))


def _as_weights(found: Numbers, examples: Sequence[Example]) -> Mapping[Part, float]:
    """In all as heavy as usual, so that what the log cannot tell of, and variety, count the same beside it."""
    tells = np.any([one.values.any(axis=0) for one in examples], axis=0) if examples else np.zeros(len(PARTS), bool)
    share = USUALLY[tells].sum() / max(float(found[tells].sum()), 1e-9)
    weights = np.where(tells, np.minimum(share * found, MOST), USUALLY)
    return {part: round(float(weight), 4) for part, weight in zip(PARTS, weights, strict=True)}


def _likeliest(examples: Sequence[Example], begin: Numbers) -> Numbers:
    """The weights, none below nothing, by which what was read is the likeliest choice (a conditional logit), found
    by Newton's steps; parts that tell nothing stay as they are."""
    weights, best = begin, _likelihood(examples, begin, begin)
    for _round in range(ROUNDS):
        step = _step(examples, weights, begin)
        tries = (np.maximum(weights + step / 2**halved, 0) for halved in range(HALVES))
        better = next(
            ((found, tried) for tried in tries if (found := _likelihood(examples, tried, begin)) > best), None
        )
        if better is None:
            break
        gain, (best, weights) = better[0] - best, better
        if gain < ENOUGH:
            break
    return weights


def _likelihood(examples: Sequence[Example], weights: Numbers, begin: Numbers) -> float:
    """The logarithm of how likely all that was read is, less what it costs to leave the begin."""
    total = -PULL / 2 * float(((weights - begin) ** 2).sum())
    for one in examples:
        scores = one.values @ weights
        most = scores.max()
        total += float(scores[one.read].mean() - most - np.log(np.exp(scores - most).sum()))
    return total


def _step(examples: Sequence[Example], weights: Numbers, begin: Numbers) -> Numbers:
    """Newton's step, among the weights that may move."""
    slope, bend = -PULL * (weights - begin), PULL * np.eye(len(weights))
    for one in examples:
        scores = one.values @ weights
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        expected = chances @ one.values
        slope += one.values[one.read].mean(axis=0) - expected
        bend += (one.values * chances[:, None]).T @ one.values - np.outer(expected, expected)
    free = (weights > 0) | (slope > 0)
    step = np.zeros(len(weights))
    step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
    return step


def _quality_of(one: Example, weights: Numbers) -> float:
    scores = one.values @ weights
    top = np.argpartition(-scores, LENGTH)[:LENGTH] if len(scores) > LENGTH else np.arange(len(scores))
    ranked = top[np.argsort(-scores[top])]
    reachable = min(LENGTH, len(one.read))
    return float(DISCOUNTS[: len(ranked)][np.isin(ranked, one.read)].sum() / DISCOUNTS[:reachable].sum())
