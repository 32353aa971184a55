"""Open a room, say something, change it, take it away, be here; and let go of what is old.

Each change of a line is an event of its room, stored as the last of the deed: whoever reads along, or was away,
learns it in this order and once."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import case, delete

from community.chat import queries
from community.chat.models import Line, Room, RoomEvent, RoomVisit
from community.chat.policy import EVIDENCE_KEPT, KEPT
from community.core import clock
from community.core.bell import bell
from community.core.db import after_commit, alone, at_the_end, db, insert_into, unit_of_work
from community.core.jobs import every, job
from community.core.text import to_safe_html, without_name
from community.groups.models import Group
from community.items.models import State
from community.members.models import Member
from community.moderation.actions import concerns, screening
from community.sites.models import Site
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

EVERYBODYS = "kitchen-table"  # the address of the room that is for all of a site


def slug_of(club: Group) -> str:
    """The address of a club's room."""
    return f"club-{club.month}"


def open_rooms(site: Site, clubs: Iterable[Group]) -> None:
    """The room of a site, and those of these clubs, where there is none; in the site's language."""
    with force_locale(site.locale):
        _open(site, EVERYBODYS, _("The kitchen table"), _("For every parent who is here. Sit down and join in."))
        for club in clubs:
            name = _("Club %(month)s", month=format_date(club.first_day, "MMMM y"))
            _open(site, slug_of(club), name, _("For who is in this club, and nobody else."), club)


def say(room: Room, author: Member, body: str, at: datetime | None = None) -> Line:
    """Say something in a room: others read it at once, unless it waits for a moderator."""
    line = Line(room=room, author=author, body=body, body_html=to_safe_html(body), state=State.DRAFT)
    line.at = at or clock.now()
    db.session.add(line)
    db.session.flush()
    if screening.screen(line, author):
        _go_live(line, author, at)
    return line


def change(line: Line, author: Member, body: str) -> None:
    """Say it otherwise; what says something else now is screened anew."""
    line.body, line.body_html, line.edited_at = body, to_safe_html(body), clock.now()
    if line.is_live and screening.screen(line, author):
        set_state(line, State.LIVE)


def take_away(line: Line) -> None:
    """Say nothing after all."""
    concerns.let_go(line)
    set_state(line, State.DELETED)


def set_state(line: Line, state: State) -> None:
    """Let a line stand otherwise, and everybody in the room see it."""
    line.state = state
    at_the_end(f"event of {line.key}", partial(_tell, line))


def let_stand(line: Line, state: State) -> None:
    """A moderator's word about a line; what is live for the first time is told to the record."""
    if state == State.LIVE and line.author is not None and not queries.was_told(line):
        _go_live(line, line.author, line.at)
    else:
        set_state(line, state)


def keep_visits(visits: Iterable[dict[str, Any]]) -> None:
    """Who is here (`room_id`, `member_id`) and how far they read (`read_line_id`): that only moves on."""
    furthest: dict[tuple[int, int], int] = {}
    for visit in visits:
        place = visit["room_id"], visit["member_id"]
        furthest[place] = max(visit["read_line_id"], furthest.get(place, 0))
    for (room_id, member_id), line_id in sorted(furthest.items()):  # two who keep the same ones never wait crosswise
        if queries.are_there(room_id, member_id):
            _keep_visit(room_id, member_id, line_id)


def erase(member: Member, with_words: bool) -> None:
    """A person goes: what they said stays without a name, or goes too. Who named them, names a former member."""
    for line in queries.lines_of(member.id):
        if with_words:
            line.body = line.body_html = ""
        set_state(line, State.DELETED if with_words else State(line.state))
    for line in queries.lines_naming(member.username) if member.username else ():
        with force_locale(line.room.site.locale):
            line.body = without_name(line.body, member.username or "", _("a former member"))
        line.body_html = to_safe_html(line.body)
        set_state(line, State(line.state))


@every(86_400)
@job
def forget_old_lines() -> None:
    """What was said long ago goes, and all that happened to it."""
    now = clock.now()
    old = queries.line_ids_before(now - KEPT, now - EVIDENCE_KEPT)
    with unit_of_work():
        db.session.execute(delete(RoomEvent).where(RoomEvent.at < now - KEPT))
        db.session.execute(delete(Line).where(Line.id.in_(old)))


def _open(site: Site, slug: str, title: str, description: str, club: Group | None = None) -> None:
    """Two who come at once open one room."""
    row = {"site": site, "slug": slug, "title": title, "description": description, "group_id": club and club.id}
    db.session.execute(insert_into(Room).values(position=0, **row).on_conflict_do_nothing())


def _go_live(line: Line, author: Member, at: datetime | None) -> None:
    set_state(line, State.LIVE)
    record(author, Verb.CHAT_WRITTEN, line.room, at=at, line_id=line.id)


def _tell(line: Line) -> None:
    """On PostgreSQL numbers are given before the commit: within a room one waits for the other."""
    place = f"room:{line.room_id}"
    alone(place)
    db.session.add(RoomEvent(room_id=line.room_id, line_id=line.id, at=clock.now()))
    db.session.flush()
    after_commit(partial(bell.ring, place))


def _keep_visit(room_id: int, member_id: int, line_id: int) -> None:
    row = insert_into(RoomVisit).values(room_id=room_id, member_id=member_id, read_line_id=line_id, seen_at=clock.now())
    known, new = RoomVisit.read_line_id, row.excluded.read_line_id
    moved = {"read_line_id": case((known < new, new), else_=known), "seen_at": row.excluded.seen_at}
    db.session.execute(row.on_conflict_do_update(index_elements=["room_id", "member_id"], set_=moved))
