"""Taking in mails that came back: what they tell of our own addresses stops mail to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from community.core import clock
from community.core.db import unit_of_work
from community.core.imports import Problem, Report
from community.messages.actions.suppression import stop_mail
from community.messages.bounces.reading import Told, header_of, read
from community.messages.models import BounceKind
from community.messages.queries import bounces as queries

NONE = "none"  # of a recipient whom nothing stops: it arrived, or the mail is no bounce
KINDS = (*BounceKind, NONE)


@dataclass
class BounceReport(Report):
    """What was found, and what each file told."""

    files: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """With the recipients of each file."""
        return {**super().as_json(), "files": self.files}


def take_in(mails: Iterable[tuple[str, bytes]], is_dry: bool, told: Callable[[int], None]) -> BounceReport:
    """Act on each mail, in a commit of its own; the same one again changes nothing. `told` hears of each."""
    report = BounceReport()
    report.found.update(dict.fromkeys((str(kind) for kind in KINDS), 0))
    for number, (name, content) in enumerate(mails, 1):
        try:
            recipients = read(content)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            report.problems.append(Problem(name, "mail", f"it is too broken to be read ({type(error).__name__})"))
            report.is_broken, recipients = True, []
        report.files[name] = [
            {"recipient": each.recipient, "status": each.status, "kind": each.kind or NONE} for each in recipients
        ]
        _act(name, content, recipients, is_dry, report)
        told(number)
    return report


def _act(name: str, content: bytes, recipients: list[Told], is_dry: bool, report: BounceReport) -> None:
    """Each recipient comes to one end; a mail that tells of nobody counts as one of none."""
    source = header_of(content, "Message-ID")[:190] or sha256(content).hexdigest()
    at = _moment_of(content)
    for each in recipients or [Told("", "", None)]:
        kind = str(each.kind or NONE)
        report.found[kind] += 1
        report.count(kind, _outcome(each, source, at, is_dry))
        if each.kind and not queries.is_ours(each.recipient):
            report.problems.append(Problem(name, each.recipient, "no member has this address, so nothing is kept"))


def _outcome(each: Told, source: str, at: datetime, is_dry: bool) -> str:
    if each.kind is None:
        return "unchanged"
    if not queries.is_ours(each.recipient):
        return "skipped"
    if is_dry:
        return "unchanged" if queries.is_known(each.recipient, source) else "created"
    with unit_of_work():
        is_news = stop_mail(each.recipient, each.kind, each.status, each.words, at, source)
    return "created" if is_news else "unchanged"


def _moment_of(content: bytes) -> datetime:
    """When it came back, as it says; never later than now."""
    try:
        said = parsedate_to_datetime(header_of(content, "Date"))
        said = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return clock.now()
    return min(said, clock.now())
