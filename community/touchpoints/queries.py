"""Reads of the record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select

from community.core.db import db
from community.members.models import Member, Purpose
from community.touchpoints.models import LETTERS, RULES, Touchpoint, Verb


def touchpoints_between(after: int, newest: int, limit: int) -> list[Touchpoint]:
    """The next touchpoints in order, up to the newest that may be read."""
    query = select(Touchpoint).where(Touchpoint.id > after, Touchpoint.id <= newest).order_by(Touchpoint.id)
    return list(db.session.scalars(query.limit(limit)))


def newest() -> int:
    """The id of the newest touchpoint."""
    return db.session.scalar(select(func.max(Touchpoint.id))) or 0


def still_agrees(row: dict[str, Any]) -> bool:
    """Whether a gathered read may still be stored: consent may have been withdrawn since."""
    if row["member_id"] is None:
        return True
    member = db.session.get(Member, row["member_id"])
    return member is not None and any(member.consents_to(need) for need in RULES[Verb(row["verb"])].needs)


def reads_of(member_id: int, limit: int) -> list[Touchpoint]:
    """A member's page reads, newest first."""
    query = select(Touchpoint).where(Touchpoint.member_id == member_id, Touchpoint.verb == Verb.PAGE_READ)
    return list(db.session.scalars(query.order_by(Touchpoint.id.desc()).limit(limit)))


def history_of(member_id: int, before: int | None, limit: int, purposes: Sequence[Purpose] = ()) -> list[Touchpoint]:
    """A member's contacts for staff, the newest first: deeds, and reading only where it may serve one of these
    purposes. Never "something changed", and never what tells nothing by itself."""
    reading = [verb for verb, rule in RULES.items() if rule.needs]
    allowed = [Touchpoint.allows.contains(LETTERS[purpose]) for purpose in purposes]
    query = select(Touchpoint).where(
        Touchpoint.member_id == member_id,
        Touchpoint.verb.not_in((Verb.PREGNANCY_CHANGED, Verb.PAGE_LEFT)),
        or_(Touchpoint.verb.not_in(reading), *allowed),
    )
    if before:
        query = query.where(Touchpoint.id < before)
    return list(db.session.scalars(query.order_by(Touchpoint.id.desc()).limit(limit)))


def touchpoint_count() -> int:
    """How many touchpoints there are."""
    return db.session.scalar(select(func.count()).select_from(Touchpoint)) or 0
