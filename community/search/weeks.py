"""The weeks of pregnancy and the months of age that an answer can be narrowed to, with how much there is for each."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple

from community.core import stages
from community.profiles.queries import Family

LAST_WEEK = 40 + 52 * 4
ANSWERS = 500  # whose weeks are kept: their pages and filters are looked at one after another
Counts = tuple[tuple[str, int], ...]


class WeekChoice(NamedTuple):
    """A week on the axis of stages, the month of age that it stands for, and how many things are for it."""

    week: int
    month: int | None
    found_count: int


def _week_in(month: int) -> int:
    """A week in the middle of a month of age, after those of pregnancy."""
    return max(stages.LAST_WEEK + 1, stages.week_of(sum(stages.days_of_month(month)) // 2))


WEEKS: tuple[tuple[int, int | None], ...] = (
    *((week, None) for week in range(stages.FIRST_WEEK, stages.LAST_WEEK + 1)),
    *((_week_in(month), month) for month in range(stages.LAST_MONTH + 1)),
)


def days_of(week: int | None) -> tuple[int, int] | None:
    """The stage days of a week, if one was chosen."""
    return stages.days_of_week(week) if week else None


def weeks_of(counts: Mapping[str, int], family: Family, chosen: int | None) -> tuple[WeekChoice, ...]:
    """The weeks and months to choose from; after "something changed" those of other children alone."""
    choices = _choices(tuple((mark, count) for mark, count in counts.items() if mark.startswith("span:")))
    if not family.is_guarded:
        return choices
    own = {chosen, *(stages.week_of(day.calendar) for day in family.days)}
    return tuple(choice for choice in choices if choice.week in own)


@lru_cache(maxsize=ANSWERS)
def _choices(spans: Counts) -> tuple[WeekChoice, ...]:
    """All weeks, each with how many things are for some of its days: those that begin by its last day, but those that
    end before its first."""
    begin, end = _days_of(spans, 1), _days_of(spans, 2)
    days = ((week, month, stages.days_of_week(week)) for week, month in WEEKS)
    return tuple(
        WeekChoice(week, month, bisect_right(begin, last) - bisect_left(end, first))
        for week, month, (first, last) in days
    )


def _days_of(spans: Counts, place: int) -> list[int]:
    """The days that stand at this place of the marks, in order, each as often as there are things."""
    return sorted(chain.from_iterable(repeat(int(mark.split(":")[place]), count) for mark, count in spans))
