"""`record()`: the one way into the record. It alone asks for consent."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, update

from community.core import clock
from community.core.db import alone, db, send, settled, unit_of_work
from community.core.jobs import every, job
from community.members.models import Purpose
from community.sites.models import Site
from community.touchpoints import queries
from community.touchpoints.models import LETTERS, RULES, Bookmark, Touchpoint, Verb

BATCH = 500
Projection = Callable[[list[Touchpoint]], None]
_KEEP = insert(cast(Table, Touchpoint.__table__))  # into the table alone: nobody reads these rows in the same deed
PROJECTIONS: dict[str, tuple[Projection, Callable[[], None]]] = {}
# What follows, in the same commit, when rows of a member go or serve a purpose no more; `app.py` says it.
WHEN_ROWS_GO: list[Callable[[int], None]] = []


def record(
    who: Any, verb: Verb, about: Any = None, site: Site | None = None, at: datetime | None = None, **facts: Any
) -> None:
    """Tell what a person did, in the same commit as the deed.

    `who` is a Member or Visitor, `about` whatever has a `key`, `at` the moment where it was not just now (an
    order from a shop). Without the consent that the verb needs,
    nothing is kept; facts that the verb does not carry are refused with ValueError."""
    row = row_of(who, verb, about, site, facts)
    if row is not None:
        send(_KEEP, row | ({"at": at} if at else {}))
        project.later(key="all")


def row_of(who: Any, verb: Verb, about: Any, site: Site | None, facts: dict[str, Any]) -> dict[str, Any] | None:
    """The row that a contact gives, or None where consent for it is missing or nobody is known."""
    rule = RULES[verb]
    unknown = set(facts) - rule.facts
    if unknown:
        raise ValueError(f"{verb} does not carry {sorted(unknown)}")
    if rule.needs and not any(who.consents_to(purpose) for purpose in rule.needs):
        return None
    if not who.is_member and (rule.needs and who.visitor_id is None):
        return None
    return {
        "at": clock.now(),
        "verb": verb,
        "site": site or getattr(about, "site", None) or who.site,
        "member_id": who.id,
        "visitor_id": None if who.is_member else who.visitor_id,
        "about": getattr(about, "key", about),
        "channel": "web",
        "allows": "".join(LETTERS[purpose] for purpose in LETTERS if who.consents_to(purpose)),
        "facts": facts,
    }


@dataclass
class Gathered:
    """Rows that wait a moment to be stored together: a page never waits for its own bookkeeping.

    A kill may lose the last moment of it, never a deed."""

    keep: Callable[[list[dict[str, Any]]], None]
    rows: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, row: dict[str, Any] | None) -> bool:
        """Keep a row; whether it is the first that waits, so that somebody must store them soon."""
        if row is None:
            return False
        with self.lock:
            self.rows.append(row)
            return len(self.rows) == 1

    def store(self) -> None:
        """Store what was gathered, in one commit."""
        with self.lock:
            rows, self.rows = self.rows, []
        if rows:
            with unit_of_work():
                self.keep(rows)


def _keep_reads(rows: list[dict[str, Any]]) -> None:
    agreed = [row for row in rows if queries.still_agrees(row)]
    if agreed:
        db.session.execute(_KEEP, agreed)
        project.later(key="all")


gathered = Gathered(_keep_reads)


def projection(name: str, forget: Callable[[], None]) -> Callable[[Projection], Projection]:
    """Register a reader of touchpoints. `forget` empties what it wrote, before it is rebuilt."""

    def mark(reader: Projection) -> Projection:
        PROJECTIONS[name] = (reader, forget)
        return reader

    return mark


@every(60)
@job
def project() -> None:
    """Let every projection read on; what is not settled yet, a minute later."""
    for name in PROJECTIONS:
        while read_on(name) == BATCH:
            pass


def read_on(name: str, most: int = BATCH) -> int:
    """One batch for one projection: what it writes and the move of its bookmark are one commit."""
    reader, _forget = PROJECTIONS[name]
    newest = settled(queries.newest)
    if newest is None:
        return 0
    with unit_of_work():
        bookmark = _bookmark(name)
        batch = queries.touchpoints_between(bookmark.touchpoint_id, newest, most)
        if batch:
            reader(batch)
            bookmark.touchpoint_id = batch[-1].id
    return len(batch)


def rebuild(name: str, told: Callable[[int], None] = lambda count: None) -> int:
    """A projection from nothing; how many touchpoints it read. `told` hears of each batch."""
    _reader, forget = PROJECTIONS[name]
    with unit_of_work():
        forget()
        _bookmark(name).touchpoint_id = 0
    total = 0
    while count := read_on(name):
        total += count
        told(count)
    return total


def join_visitor(visitor_id: str, member: Any) -> None:
    """What a consenting visitor read before signing in belongs to the member from now on (`features.md` B9)."""
    db.session.execute(
        update(Touchpoint).where(Touchpoint.visitor_id == visitor_id).values(member_id=member.id, visitor_id=None)
    )


def forget_reading(member_id: int) -> None:
    """Withdrawal of consent: what was kept of reading goes; deeds stay, for the service alone."""
    reading = [verb for verb, rule in RULES.items() if rule.needs]
    db.session.execute(delete(Touchpoint).where(Touchpoint.member_id == member_id, Touchpoint.verb.in_(reading)))
    _tell_of_loss(member_id)


def disallow(member_id: int, purpose: Purpose) -> None:
    """One use of the reading so far is withdrawn: a projection for it never reads these rows again."""
    allows = func.replace(Touchpoint.allows, LETTERS[purpose], "")
    db.session.execute(update(Touchpoint).where(Touchpoint.member_id == member_id).values(allows=allows))
    _tell_of_loss(member_id)


def forget_visitor(visitor_id: str) -> None:
    """A visitor withdrew: nothing of the random number stays."""
    db.session.execute(delete(Touchpoint).where(Touchpoint.visitor_id == visitor_id))


def erase(member_id: int) -> None:
    """Nothing of a person stays in the record."""
    db.session.execute(delete(Touchpoint).where(Touchpoint.member_id == member_id))


def forget_reading_before(moment: datetime) -> None:
    """Single lines of reading are kept for a stated time; deeds stay with the member."""
    reading = [verb for verb, rule in RULES.items() if rule.needs]
    db.session.execute(delete(Touchpoint).where(Touchpoint.at < moment, Touchpoint.verb.in_(reading)))


def _tell_of_loss(member_id: int) -> None:
    for follow_up in WHEN_ROWS_GO:
        follow_up(member_id)


def _bookmark(name: str) -> Bookmark:
    """Held: two workers read on one after the other."""
    alone(f"bookmark:{name}")
    bookmark = db.session.get(Bookmark, name)
    if bookmark is None:
        bookmark = Bookmark(projection=name, touchpoint_id=0)
        db.session.add(bookmark)
    return bookmark
