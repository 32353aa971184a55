"""What every part of the demonstration needs: who, under which theme, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.core import clock
from community.core.refused import Refused
from community.demo import queries, texts
from community.items.models import Tag
from community.members.models import Member
from community.members.queries import member_by_email
from community.sites.models import Site

WRITTEN_ON = date(2026, 11, 22)  # where a machine's day is earlier, fixed dates move back: nothing lies ahead
AWAY = timedelta(days=2)  # since everybody's last visit, so that there is something new
NOON = time(12, tzinfo=UTC)
UP_AT, AWAKE = timedelta(hours=6, minutes=30), 17 / 24  # when people get up, and how much of a day they are up


def theme_of(site: Site, key: str) -> Tag:
    """The theme of a key."""
    theme = queries.theme_of_key(site, key)
    if theme is None:
        raise Refused(f"there is no theme {key!r}")
    return theme


def person_of(key: str) -> Member:
    """Who goes by a key."""
    email = next((person["email"] for person in texts.people() if person["key"] == key), "")
    member = member_by_email(email) if email else None
    if member is None:
        raise Refused(f"there is nobody {key!r}")
    return member


def past(day: date) -> date:
    """A fixed day, moved back where the machine's own day is earlier."""
    return day + min(timedelta(0), clock.today() - WRITTEN_ON)


def noon_of(day: date) -> datetime:
    """A fixed day at noon, and never ahead."""
    return min(clock.now(), datetime.combine(past(day), NOON))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Do this as if it were then."""
    distance = moment - clock.now()
    clock.move_by(distance)
    try:
        yield
    finally:
        clock.move_by(-distance)


def ago(days: float, site: Site) -> datetime:
    """So many days ago, at an hour at which people write; what is of this morning stays where it is."""
    moment = clock.now() - timedelta(days=days)
    local = moment.astimezone(ZoneInfo(site.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    awake = midnight + UP_AT + (local - midnight) * AWAKE
    return awake.astimezone(UTC) if awake <= clock.now() else moment
