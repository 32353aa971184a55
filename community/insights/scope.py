"""What the figures are asked of: sites, a period of whole days, and an audience if one is chosen."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.segments.models import Segment
from community.sites.models import Site

PERIODS = (7, 30, 90)  # days up to today
LONGEST = timedelta(days=366)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, as far as they lie in the period."""

    first: date
    last: date
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Scope:
    """Whose deeds count, and from when to when; both days are part of it."""

    sites: tuple[Site, ...]
    first: date
    last: date
    segment: Segment | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins: of the one site, or UTC for several."""
        return ZoneInfo(self.sites[0].zone if len(self.sites) == 1 else "UTC")

    @property
    def since(self) -> datetime:
        """The first moment of the period."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def before(self) -> "Scope":
        """The same number of days, right before."""
        last = self.first - timedelta(days=1)
        return replace(self, first=last - (self.last - self.first), last=last)

    @property
    def weeks(self) -> list[Week]:
        """The weeks that the period touches, in order."""
        monday = self.first - timedelta(days=self.first.weekday())
        count = ((self.last - monday).days // 7) + 1
        return [self._week(monday + number * WEEK) for number in range(count)]

    def week_of(self, day: str) -> Week:
        """The week of the period that begins on this day."""
        return next(week for week in self.weeks if week.first.isoformat() == day)

    def _week(self, monday: date) -> Week:
        first, last = max(monday, self.first), min(monday + timedelta(days=6), self.last)
        return Week(first, last, self._midnight(first), self._midnight(last + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)
