"""The order of an answer: how well words fit, lifted by what is for the reader's weeks and by what is new."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from community.core import clock

FITS, NEW = 0.6, 0.2  # so much more is worth what fits a reader's days, and what was written just now
DAYS_BESIDE = 28.0  # a range that lies so far off lifts a third of that
HALF_LIFE = 180.0  # days, of what was written


class Candidate(NamedTuple):
    """A document that holds the words, and what they weigh there, of a hundred; `day` counts from 1970 for what ages,
    and is 0 for the rest."""

    key: str
    score: float
    stage: tuple[int, int] | None
    day: int
    worth: int


def ranked(candidates: Iterable[Candidate], near: Sequence[int]) -> list[str]:
    """The keys of these, the best first."""
    today = clock.now().timestamp() / 86_400
    weighed = [
        (-one.score * one.worth * (1 + _fits(one, near)) * (1 + _is_new(one, today)), one.key) for one in candidates
    ]
    return [key for _weight, key in sorted(weighed)]


def _fits(one: Candidate, near: Sequence[int]) -> float:
    if one.stage is None or not near:
        return 0.0
    first, last = one.stage
    away = min(max(first - day, day - last, 0) for day in near)
    return FITS * math.exp(-away / DAYS_BESIDE)


def _is_new(one: Candidate, today: float) -> float:
    return NEW * 0.5 ** (max(0.0, today - one.day) / HALF_LIFE) if one.day else 0.0
