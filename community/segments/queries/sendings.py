"""The message of a watched audience: who waits for it, and whether it may still go."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.members.models import Member
from community.segments.conditions import Tree, clauses_of
from community.segments.models import Crossing, Segment, Sending, SendingState, WatchMessage
from community.segments.queries.happened import mutes_one_of


def message_of(segment_id: int) -> WatchMessage | None:
    """What who enters an audience is sent, if anything."""
    return db.session.get(WatchMessage, segment_id)


def waiting_in(segment_id: int) -> Select[Any]:
    """Crossings whose message did not go yet."""
    query = select(Sending.crossing_id).join(Crossing, Crossing.id == Sending.crossing_id)
    return query.where(Crossing.segment_id == segment_id, Sending.state == SendingState.WAITING)


def waiting(segment_id: int) -> Sequence[int]:
    """The same, oldest first."""
    return db.session.scalars(waiting_in(segment_id).order_by(Sending.crossing_id)).all()


def to_send(crossing_id: int) -> tuple[Sending, Segment, WatchMessage] | None:
    """One that waits still, with its crossing and member; none where there is no message any more."""
    query = select(Sending, Segment, WatchMessage).join(Crossing, Crossing.id == Sending.crossing_id)
    query = query.join(Segment, Segment.id == Crossing.segment_id)
    query = query.join(WatchMessage, WatchMessage.segment_id == Crossing.segment_id)
    query = query.where(Sending.crossing_id == crossing_id, Sending.state == SendingState.WAITING)
    whole = contains_eager(Sending.crossing).joinedload(Crossing.member)
    row = db.session.execute(query.options(whole)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def crossing_of_mail(mail_id: int) -> tuple[Crossing, Segment] | None:
    """Which crossing a letter answers to."""
    query = select(Crossing, Segment).join(Sending, Sending.crossing_id == Crossing.id)
    query = query.join(Segment, Segment.id == Crossing.segment_id).where(Sending.mail_id == mail_id)
    row = db.session.execute(query.options(joinedload(Crossing.member))).one_or_none()
    return (row[0], row[1]) if row else None


def got_it_before(crossing: Crossing) -> bool:
    """Whether the member was sent the message at another entry."""
    query = select(Sending.crossing_id).join(Crossing, Crossing.id == Sending.crossing_id)
    is_same = Crossing.segment_id == crossing.segment_id, Crossing.member_id == crossing.member_id
    return db.session.scalar(query.where(*is_same, Sending.state == SendingState.SENT).limit(1)) is not None


def sent_for_once() -> Select[Any]:
    """Crossings that keep a message from coming a second time."""
    query = select(Crossing.id).join(Sending, Sending.crossing_id == Crossing.id)
    query = query.join(WatchMessage, WatchMessage.segment_id == Crossing.segment_id)
    return query.where(WatchMessage.is_once.is_(True), Sending.state == SendingState.SENT)


def mutes_its_subject(member_id: int, tree: Tree) -> bool:
    """Whether a member muted a theme that the audience asks for."""
    asked = [clause for clause in clauses_of(tree) if clause.field in ("interest", "read") and "value" in clause.values]
    themes = [int(clause.values["value"]) for clause in asked]
    query = select(Member.id).where(Member.id == member_id, mutes_one_of(themes))
    return bool(themes) and db.session.scalar(query) is not None
