"""Lists of subscribers as other programs write them: one row an address, and what it said of mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from community.core.imports import Unreadable, public_name
from community.core.sheets import Row, heads_of, rows_of, text_of
from community.messages.models import SubscriberState

ADDRESS = ("email address", "email", "e mail", "subscriber email")
NAMES = (("name", "surname"), ("first name", "last name"), ("firstname", "lastname"))
LEFT = ("unsub time", "unsubscribed at", "unsubscribe date", "deleted at")  # Mailchimp, Curated, beehiiv, Tiny News
CLEANED = ("clean time", "cleaned at", "bounced at")
SINCE = ("optin time", "subscribed at", "created at", "date added", "confirm time")
STATUS = ("status", "state", "subscription status", "active subscription")
WANTS_MAIL = {"", "1", "active", "confirmed", "enabled", "subscribed", "true", "validating"}
CAME_BACK = {"bounced", "cleaned", "undeliverable"}


@dataclass(frozen=True)
class Listed:
    """One row, or (`why_not`) why it is none."""

    line: int
    address: str
    name: str
    state: SubscriberState
    since: datetime | None
    why_not: str = ""


def read(path: Path) -> Iterator[Listed]:
    """The rows of a file; `Unreadable` where no column holds addresses."""
    text = text_of(path)
    if not set(heads_of(text)) & set(ADDRESS):
        raise Unreadable("No column is named as one of e-mail addresses.")
    yield from map(_listed, rows_of(text))


def _listed(row: Row) -> Listed:
    written = row.first(*ADDRESS)
    try:
        address, why_not = validate_email(written, check_deliverability=False, test_environment=True).normalized, ""
    except EmailNotValidError:
        address, why_not = written, "this is no e-mail address"
    return Listed(row.line, address.lower()[:254], _name(row), _state(row), _moment(row.first(*SINCE)), why_not)


def _name(row: Row) -> str:
    parts = next((names for names in NAMES if any(row.cells.get(part) for part in names)), ())
    return public_name(" ".join(filter(None, (row.cells.get(part, "") for part in parts))))


def _state(row: Row) -> SubscriberState:
    """A status that we do not know counts as one that wants no mail."""
    status = row.first(*STATUS).casefold()
    if row.first(*CLEANED) or status in CAME_BACK:
        return SubscriberState.CLEANED
    return SubscriberState.LEFT if row.first(*LEFT) or status not in WANTS_MAIL else SubscriberState.WANTS


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.replace(" +0000", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
