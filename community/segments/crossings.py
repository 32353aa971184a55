"""Who enters a watched audience is noted once, and told to the address of its watch: signed, and again until taken."""

import hmac
import json
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import delete, insert, update

from community.core import audit, clock, outside
from community.core.db import alone, db, unit_of_work
from community.core.jobs import every, job
from community.core.refused import Refused
from community.core.seal import seal
from community.members.actions import note_uses
from community.members.ledger import Use
from community.members.models import Member
from community.segments import sending
from community.segments.models import Crossing, CrossingState, Segment, Watch
from community.segments.queries import crossings as queries
from community.segments.queries.sendings import sent_for_once

SIGNED = "X-Community-Signature"
KEPT = timedelta(days=396)
TELL = [outside.tell]  # how another machine is told; tests may reach their own


def begin(segment: Segment, address: str, actor: Member) -> Watch:
    """Note who enters from now on; who is inside already has not crossed."""
    if address and (urlsplit(address).scheme != "https" or not urlsplit(address).hostname):
        raise Refused(_("Give an address that begins with https://, or none."), "address")
    end(segment, actor)
    watch = Watch(segment_id=segment.id, address=address, begun_at=clock.now())
    db.session.add(watch)
    db.session.flush()
    _note(segment, queries.new_ids(segment), CrossingState.BEFORE)
    audit.keep("segment.watched", segment.key, actor.id, is_told=bool(address))
    return watch


def end(segment: Segment, actor: Member) -> None:
    """Note and tell nobody any more; what was noted goes."""
    watch = queries.watch_of(segment)
    if watch is not None:
        db.session.execute(delete(Crossing).where(Crossing.segment_id == segment.id))
        db.session.delete(watch)
        db.session.flush()
        audit.keep("segment.unwatched", segment.key, actor.id)


def take_as_inside(segment: Segment) -> None:
    """Its conditions are others now: who fits by that alone has not crossed."""
    if queries.watch_of(segment) is not None:
        db.session.flush()
        _note(segment, queries.new_ids(segment), CrossingState.BEFORE)


@every(300)
@job
def look() -> None:
    """See who came into each watched audience, and who left."""
    for watch in queries.watches():
        with unit_of_work():
            alone(f"watch:{watch.segment_id}")
            _look(watch)


@job
def tell(crossing_id: int) -> None:
    """Bring one crossing to its address. Who fits no more, or took a yes back, is not told of."""
    found = queries.to_tell(crossing_id)
    if found is None:
        return
    crossing, watch = found
    if not queries.is_in(watch.segment, crossing.member_id, Use.LISTS):
        _settle(crossing_id, CrossingState.LEFT)
        return
    content = content_of(crossing, watch.segment)
    try:
        TELL[0](watch.address, content, {SIGNED: signature(watch, content)})
    except Refused as refused:
        _settle(crossing_id, CrossingState.FAILED, refused.why)
        raise
    _settle(crossing_id, CrossingState.TOLD)


@every(86_400)
@job
def forget_crossings() -> None:
    """Who left long ago is not kept, but where a message must not come a second time."""
    with unit_of_work():
        is_old = Crossing.left_at < clock.now() - KEPT, Crossing.id.not_in(sent_for_once())
        db.session.execute(delete(Crossing).where(*is_old))


def key_of(watch: Watch) -> str:
    """What the other machine must know to trust us; nothing of it is stored."""
    return seal("watch", f"{watch.segment_id}:{watch.begun_at.isoformat()}").hex()


def signature(watch: Watch, content: bytes) -> str:
    """What proves that a message is ours and whole."""
    return "sha256=" + hmac.new(key_of(watch).encode(), content, "sha256").hexdigest()


def content_of(crossing: Crossing, segment: Segment) -> bytes:
    """A crossing as its address gets it; its number tells one that came twice."""
    told = {
        "crossing": crossing.id,
        "segment": {"id": segment.id, "name": segment.name, "site": segment.site.code},
        "member": {"id": crossing.member.id, "name": crossing.member.name, "email": crossing.member.email},
        "entered_at": crossing.entered_at.isoformat(),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def note_export(segment: Segment, members: Iterable[int], actor: Member) -> None:
    """That those who crossed left the house in a file."""
    members = list(members)
    note_uses(members, Use.LISTS, clock.now())
    audit.keep("segment.crossings_exported", segment.key, actor.id, rows=len(members))


def _look(watch: Watch) -> None:
    segment = watch.segment
    left = update(Crossing).where(*queries.is_inside(segment), Crossing.member_id.not_in(queries.inside(segment)))
    db.session.execute(left.values(left_at=clock.now()), execution_options={"synchronize_session": False})
    state = CrossingState.WAITING if watch.address else CrossingState.NOTED
    entered = _note(segment, queries.new_ids(segment), state)
    sending.send_to(segment, entered)
    for crossing_id in entered if watch.address else ():
        tell.later(crossing_id)


def _note(segment: Segment, member_ids: Iterable[int], state: CrossingState) -> list[int]:
    same = {"segment_id": segment.id, "state": state.value, "entered_at": clock.now()}
    rows = [{**same, "member_id": member_id} for member_id in member_ids]
    return list(db.session.scalars(insert(Crossing).returning(Crossing.id), rows)) if rows else []


def _settle(crossing_id: int, state: CrossingState, answer: str = "") -> None:
    with unit_of_work():
        crossing = db.session.get(Crossing, crossing_id)
        if crossing is not None:
            crossing.state, crossing.answer = state.value, answer[:200]
            if state is CrossingState.TOLD:
                note_uses([crossing.member_id], Use.LISTS, clock.now())
