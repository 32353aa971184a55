"""Taking in a list of subscribers from elsewhere: it makes nobody mailable, and ends what it says has ended."""

from collections.abc import Callable
from pathlib import Path

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.imports import Report
from community.members import actions as members
from community.members.models import Purpose
from community.members.queries import member_by_email
from community.messages import lists
from community.messages.actions.suppression import stop_mail
from community.messages.lists import Listed
from community.messages.models import BounceKind, Subscriber, SubscriberState
from community.messages.queries.subscribed import subscriber
from community.sites.models import Site

KIND = "subscribers"


def take_list(path: Path, site: Site, is_dry: bool, told: Callable[[int, int], None]) -> Report:
    """Each row in a commit of its own; the same list again changes nothing."""
    report, rows = Report(), list(lists.read(path))
    report.found[KIND] = len(rows)
    for number, row in enumerate(rows, 1):
        if row.why_not:
            report.count(KIND, "skipped")
            report.name(row.line, row.address or "row", row.why_not)
        else:
            report.count(KIND, _taken(row, site, path.name, is_dry))
        told(number, len(rows))
    return report


def _taken(row: Listed, site: Site, source: str, is_dry: bool) -> str:
    """What became of a row: who left a list does not come back by another one."""
    known = subscriber(site, row.address)
    if known is not None and (known.state == row.state or row.state == SubscriberState.WANTS):
        return "unchanged"
    if not is_dry:
        with unit_of_work():
            _keep(row, site, source)
    return "updated" if known is not None else "created"


def _keep(row: Listed, site: Site, source: str) -> None:
    known = subscriber(site, row.address) or Subscriber(site=site, address=row.address)
    known.name, known.state, known.since, known.source = row.name, row.state, row.since, source[:120]
    db.session.add(known)
    if row.state == SubscriberState.CLEANED:
        stop_mail(row.address, BounceKind.HARD, "", f"cleaned from {source}", clock.now(), f"list:{site.code}")
    elif row.state == SubscriberState.LEFT:
        _withdraw(row.address)


def _withdraw(address: str) -> None:
    """A member of this address gets no mail that needs a yes, until they say yes again themselves."""
    member = member_by_email(address)
    for purpose in (Purpose.MAIL, Purpose.OFFERS):
        if member is not None and member.consents_to(purpose):
            members.set_consent(member, purpose, False, "import subscribers")
