"""Which months have a club, and who is in one."""

from datetime import date
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta

from community.groups.models import Group, first_day_of

MONTHS_AHEAD = 10  # a due date lies within 42 weeks
MONTHS_BACK = 12  # listed also where nobody is in it yet
OLDEST_MONTHS_BACK = 24  # may still be joined


def month_of(day: date) -> str:
    """The month that a day lies in, as clubs name it: `2027-03`."""
    return f"{day:%Y-%m}"


def months_until(month: str, other: str) -> int:
    """How many months after another one a month comes; negative where it was before."""
    first, second = first_day_of(month), first_day_of(other)
    return (first.year - second.year) * 12 + first.month - second.month


def months_around(today: date) -> list[str]:
    """The months whose clubs everybody finds in the list."""
    return [month_of(today + relativedelta(months=n)) for n in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]


def may_be_joined(month: str, today: date) -> bool:
    """Whether a club of this month takes new members."""
    first, last = _open_months(today)
    return first <= month <= last


@lru_cache(4)
def _open_months(today: date) -> tuple[str, str]:
    """The first and the last month whose clubs take new members."""
    back, ahead = relativedelta(months=OLDEST_MONTHS_BACK), relativedelta(months=MONTHS_AHEAD)
    return month_of(today - back), month_of(today + ahead)


def is_in(member: Any, club: Group) -> bool:
    """Whether somebody is in a club, without asking the database."""
    return club.id in member.group_ids
