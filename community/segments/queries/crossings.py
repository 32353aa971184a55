"""Watched audiences: who is in them without being noted, and what became of each crossing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.members.ledger import Use
from community.members.models import Member, MemberState
from community.messages.models import Mail
from community.segments.conditions import of_json
from community.segments.models import Crossing, CrossingState, Segment, Sending, Watch
from community.segments.queries.audience import lets_one_of, members_in
from community.segments.queries.sendings import message_of


def watches() -> list[Watch]:
    """All of them, with their audiences."""
    return list(db.session.scalars(select(Watch).options(joinedload(Watch.segment)).order_by(Watch.segment_id)))


def watch_of(segment: Segment) -> Watch | None:
    """How an audience is watched, if at all."""
    return db.session.get(Watch, segment.id, options=[joinedload(Watch.segment)])


def uses_of(segment: Segment) -> tuple[Use, ...]:
    """What a watch is for: to tell it elsewhere, and where there is a message to send that."""
    return (Use.LISTS, Use.MAILS) if message_of(segment.id) else (Use.LISTS,)


def inside(segment: Segment, *uses: Use) -> Select[Any]:
    """Who fits now and lets that be used for one of these, or for what the watch is for."""
    return members_in(of_json(segment.conditions), segment.site, *(uses or uses_of(segment)))


def new_ids(segment: Segment) -> Sequence[int]:
    """Those of them who are not noted as inside."""
    noted = select(Crossing.member_id).where(*is_inside(segment))
    fitting = inside(segment).subquery()
    return db.session.scalars(select(fitting.c.id).where(fitting.c.id.not_in(noted)).order_by(fitting.c.id)).all()


def is_inside(segment: Segment) -> tuple[ColumnElement[bool], ...]:
    """Crossings of members who have not left since."""
    return Crossing.segment_id == segment.id, Crossing.left_at.is_(None)


def to_tell(crossing_id: int) -> tuple[Crossing, Watch] | None:
    """A crossing that waits, with its member, and where it goes; none where the watch has ended."""
    query = select(Crossing, Watch).join(Watch, Watch.segment_id == Crossing.segment_id)
    query = query.where(Crossing.id == crossing_id, Crossing.state.in_((CrossingState.WAITING, CrossingState.FAILED)))
    row = db.session.execute(query.options(joinedload(Crossing.member), joinedload(Watch.segment))).one_or_none()
    return (row[0], row[1]) if row else None


def is_in(segment: Segment, member_id: int, use: Use) -> bool:
    """Whether one member fits still, and lets that be used for this."""
    fitting = inside(segment, use).subquery()
    return db.session.scalar(select(fitting.c.id).where(fitting.c.id == member_id)) is not None


def crossings_of(segment: Segment, uses: Sequence[Use], limit: int | None = None) -> list[Crossing]:
    """Who crossed since the watch began, the latest first; only those who still let it be used for one of these."""
    lets_it = lets_one_of(uses, of_json(segment.conditions))
    lets_it = and_(Member.state == MemberState.ACTIVE, Member.offers.is_(True), lets_it)
    query = select(Crossing).join(Member, Member.id == Crossing.member_id).where(lets_it)
    query = query.where(Crossing.segment_id == segment.id, Crossing.state != CrossingState.BEFORE)
    how_far = joinedload(Crossing.sending).joinedload(Sending.mail).load_only(Mail.state)
    query = query.options(contains_eager(Crossing.member), how_far).order_by(Crossing.id.desc()).limit(limit)
    return list(db.session.scalars(query))
