"""What the figures are asked of, as an address says it; nothing there can be wrong, only missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from community.core import clock
from community.insights.scope import LONGEST, PERIODS, Scope
from community.segments.models import Segment
from community.sites.models import Site

USUAL = 30


@dataclass(frozen=True)
class Asked:
    """A scope, and the arguments by which an address asks for it again."""

    scope: Scope
    days: int | None  # one of PERIODS; none: from one day to another
    arguments: dict[str, str]


def asked_of(arguments: Mapping[str, str], sites: Sequence[Site], segments: Sequence[Segment]) -> Asked:
    """Read the filter of an address; an audience brings its own site."""
    segment = next((one for one in segments if str(one.id) == arguments.get("segment")), None)
    site = segment.site if segment else next((one for one in sites if one.code == arguments.get("of")), None)
    chosen = (site,) if site else tuple(sites)
    today = clock.today(chosen[0].zone if len(chosen) == 1 else "UTC")
    days, first, last = _period(arguments, today)
    kept = {"period": str(days)} if days else {"from": first.isoformat(), "to": last.isoformat()}
    kept |= {"of": site.code} if site else {}
    kept |= {"segment": str(segment.id)} if segment else {}
    return Asked(Scope(chosen, first, last, segment), days, kept)


def _period(arguments: Mapping[str, str], today: date) -> tuple[int | None, date, date]:
    first, last = _day(arguments.get("from")), min(_day(arguments.get("to")) or today, today)
    if first and first <= last:
        return None, max(first, last - LONGEST), last
    asked = arguments.get("period", "")
    days = next((days for days in PERIODS if str(days) == asked), USUAL)
    return days, today - timedelta(days=days - 1), today


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
