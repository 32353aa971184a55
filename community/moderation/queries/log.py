"""What moderators did, and how long others waited for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from community.core import clock
from community.core.db import db
from community.moderation.models import Appeal, Concern, Decision
from community.sites.models import Site

COUNTED = timedelta(days=30)
MOST_COUNTED = 2_000


@dataclass(frozen=True)
class Figures:
    """The desk's last 30 days. `waited` is the time in the middle between waiting and decided."""

    waited: timedelta | None
    decision_count: int
    undone_count: int
    overturned_count: int


def decision_count(sites: Sequence[Site], moderator_id: int | None) -> int:
    """How many decisions the log holds."""
    query = select(func.count()).select_from(Decision).where(*_of(sites, moderator_id))
    return db.session.scalar(query) or 0


def decisions(sites: Sequence[Site], moderator_id: int | None, offset: int, limit: int) -> list[Decision]:
    """The log, latest first; of these sites, by one moderator or by all."""
    query = select(Decision).where(*_of(sites, moderator_id)).order_by(Decision.id.desc()).offset(offset).limit(limit)
    parts = (Decision.moderator, Decision.person, Decision.item, Decision.post, Decision.appeal)
    return list(db.session.scalars(query.options(*(joinedload(part) for part in parts))))


def figures(sites: Sequence[Site], moderator_id: int | None) -> Figures:
    """How the desk did lately."""
    conditions = (*_of(sites, moderator_id), Decision.at >= clock.now() - COUNTED)
    query = select(Decision.at, Concern.opened_at, Decision.undone_at, Appeal.is_upheld).where(*conditions)
    query = query.outerjoin(Concern, Concern.id == Decision.concern_id)
    rows = db.session.execute(query.outerjoin(Decision.appeal).order_by(Decision.id.desc()).limit(MOST_COUNTED)).all()
    waits = [row.at - row.opened_at for row in rows if row.opened_at and not row.undone_at]
    return Figures(
        waited=median(waits) if waits else None,
        decision_count=len(rows),
        undone_count=sum(row.undone_at is not None for row in rows),
        overturned_count=sum(row.is_upheld is False for row in rows),
    )


def _of(sites: Sequence[Site], moderator_id: int | None) -> tuple[ColumnElement[bool], ...]:
    conditions: tuple[Any, ...] = (Decision.site.in_(sites),)
    return (*conditions, Decision.moderator_id == moderator_id) if moderator_id else conditions
