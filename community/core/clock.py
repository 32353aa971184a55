"""The one place that asks the time. `COMMUNITY_TODAY` moves it; then it runs on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)


def real_now() -> datetime:
    """The machine's own time in UTC: for codes, leases and limits, which no setting may move."""
    return datetime.now(UTC)


def now() -> datetime:
    """The site's moment, in UTC."""
    return real_now() + _offset


def today(zone: str = "UTC") -> date:
    """The site's date in a time zone such as `Europe/Amsterdam`."""
    return now().astimezone(ZoneInfo(zone)).date()


def move_to(day: date | None) -> None:
    """Make today this day from now on, at the present hour (None: the machine's own day and hour)."""
    global _offset
    _offset = timedelta(0) if day is None else _offset + (day - now().date())


def move_by(distance: timedelta) -> None:
    """Let time jump; tests and simulations use it."""
    global _offset
    _offset += distance
