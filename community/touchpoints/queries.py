"""Reads of the record."""

from typing import Any

from sqlalchemy import func, select

from community.core.db import db
from community.members.models import Member
from community.touchpoints.models import RULES, Touchpoint, Verb


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


def touchpoint_count() -> int:
    """How many touchpoints there are."""
    return db.session.scalar(select(func.count()).select_from(Touchpoint)) or 0
