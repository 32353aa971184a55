"""What the operator looks at: counts by state, how far projections are, what is scheduled, who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db
from community.core.jobs import SCHEDULES, JobRow, JobState
from community.items.models import Post
from community.members.models import Member
from community.messages.models import Mail
from community.touchpoints.actions import PROJECTIONS
from community.touchpoints.models import Bookmark, Touchpoint


@dataclass(frozen=True)
class Schedule:
    """A job that is done again and again."""

    name: str
    seconds: int
    next_at: datetime | None


def job_counts() -> dict[str, int]:
    """How many jobs are in each state."""
    return _counts(JobRow.state)


def mail_counts() -> dict[str, int]:
    """How many mails are in each state."""
    return _counts(Mail.state)


def member_counts() -> dict[str, int]:
    """How many members are in each state."""
    return _counts(Member.state)


def post_counts() -> dict[str, int]:
    """How many posts are in each state."""
    return _counts(Post.state)


def lateness() -> timedelta:
    """How long the oldest job that is due has waited for a worker."""
    now = clock.now()
    due = select(func.min(JobRow.run_at)).where(JobRow.state == JobState.WAITING, JobRow.run_at <= now)
    oldest = db.session.scalar(due)
    return now - oldest if oldest else timedelta()


def lags() -> dict[str, int | None]:
    """How many touchpoints each projection has not read yet; None where it never began."""
    unread = select(func.count()).where(Touchpoint.id > Bookmark.touchpoint_id).scalar_subquery()
    begun: dict[str, int] = dict(db.session.execute(select(Bookmark.projection, unread)).all())
    return {name: begun.get(name) for name in PROJECTIONS}


def schedules() -> list[Schedule]:
    """Every schedule with its next run."""
    keys = {f"{name}:schedule": name for name, _seconds in SCHEDULES}
    waiting = select(JobRow.unique_key, JobRow.run_at).where(JobRow.unique_key.in_(keys))
    next_at = {keys[key or ""]: at for key, at in db.session.execute(waiting)}
    return [Schedule(name, seconds, next_at.get(name)) for name, seconds in SCHEDULES]


def audit_about(key: str, limit: int = 50) -> Sequence[tuple[AuditEntry, str | None]]:
    """The latest lines of the audit log about a thing, each with the name of who did it."""
    query = select(AuditEntry, Member.name).outerjoin(Member, Member.id == AuditEntry.actor_id)
    query = query.where(AuditEntry.about == key).order_by(AuditEntry.id.desc()).limit(limit)
    return list(db.session.execute(query).all())


def _counts(state: Any) -> dict[str, int]:
    return dict(db.session.execute(select(state, func.count()).group_by(state)).all())
