"""Reads of rooms: the doors to them, what was said, what is news since a moment, and who is here."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from community.chat.models import Line, Room, RoomEvent, RoomVisit
from community.chat.policy import HERE_FOR
from community.core.db import db
from community.groups.models import Group
from community.items.models import Follow, State
from community.items.queries import refused
from community.members.models import Member, MemberState
from community.moderation.models import Concern
from community.sites.models import Site
from community.touchpoints.models import Touchpoint, Verb

A_PAGE = 50
MOST_NEWS = 200
MOST_HERE = 30
MOST_UNREAD = 100  # counted; beyond it the page says "100 or more"
TALK_EACH_SIDE = 5


@dataclass(frozen=True)
class Door:
    """A room as the list of rooms shows it."""

    room: Room
    unread_count: int
    here_count: int
    said_at: datetime | None


@dataclass(frozen=True)
class Talk:
    """A stretch of what was said, the oldest first, and whether something stands before it."""

    lines: list[Line]
    has_older: bool


def clubs_of(member: Any, site: Site) -> list[Group]:
    """The clubs of a member at a site."""
    query = select(Group).where(Group.id.in_(member.group_ids), Group.site == site)
    return list(db.session.scalars(query.order_by(Group.month)))


def slugs_at(site: Site, group_ids: Collection[int]) -> set[str]:
    """The addresses of the rooms that stand already: the site's own, and those of these clubs."""
    query = select(Room.slug).where(Room.site == site, or_(Room.group_id.is_(None), Room.group_id.in_(group_ids)))
    return set(db.session.scalars(query))


def doors(site: Site, member: Any, now: datetime) -> list[Door]:
    """The rooms that a member may enter, the site's own first: one statement."""
    others = Line.room_id == Room.id, Line.state == State.LIVE, Line.author_id.is_distinct_from(member.id)
    unread = select(Line.id).where(*others, Line.id > func.coalesce(RoomVisit.read_line_id, 0)).limit(MOST_UNREAD)
    unread_count = select(func.count()).select_from(unread.correlate(Room, RoomVisit).subquery()).scalar_subquery()
    here = aliased(RoomVisit)
    here_count = select(func.count()).where(here.room_id == Room.id, here.seen_at > now - HERE_FOR).scalar_subquery()
    said_at = select(func.max(Line.at)).where(Line.room_id == Room.id, Line.state == State.LIVE).scalar_subquery()
    is_mine = and_(RoomVisit.room_id == Room.id, RoomVisit.member_id == member.id)
    query = select(Room, unread_count, here_count, said_at).outerjoin(RoomVisit, is_mine)
    query = query.where(Room.site == site, or_(Room.group_id.is_(None), Room.group_id.in_(member.group_ids)))
    rows = db.session.execute(query.order_by(Room.group_id.is_not(None), Room.position, Room.slug))
    return [Door(*row) for row in rows]


def room_at(site: Site, slug: str) -> Room | None:
    """The room of an address, with its club."""
    query = select(Room).where(Room.site == site, Room.slug == slug).options(joinedload(Room.group))
    return db.session.scalar(query)


def room_by_id(room_id: int) -> Room | None:
    """One room, with its club."""
    return db.session.scalar(select(Room).where(Room.id == room_id).options(joinedload(Room.group)))


def talk(room: Room, reader: Any, before: int | None = None) -> Talk:
    """The last lines of a room, or those before a line: what is live, and the reader's own that wait."""
    query = select(Line).where(Line.room_id == room.id, _is_shown_to(reader)).options(*_parts())
    if before:
        query = query.where(Line.id < before)
    found = list(db.session.scalars(query.order_by(Line.id.desc()).limit(A_PAGE + 1)))
    return Talk(found[:A_PAGE][::-1], has_older=len(found) > A_PAGE)


def line_of(room: Room, line_id: int) -> Line | None:
    """A line of a room, in whatever state."""
    return db.session.scalar(select(Line).where(Line.id == line_id, Line.room_id == room.id).options(*_parts()))


def line_after(room: Room, reader: Any, line_id: int) -> int | None:
    """The number before which a page of lines ends that has this one in its midst; None for the last page."""
    query = select(Line.id).where(Line.room_id == room.id, Line.id > line_id, _is_shown_to(reader))
    return db.session.scalar(query.order_by(Line.id).offset(A_PAGE // 2).limit(1))


def newest_event_id(room_id: int) -> int:
    """The number of the last thing that happened in a room."""
    return db.session.scalar(select(func.max(RoomEvent.id)).where(RoomEvent.room_id == room_id)) or 0


def events_after(room_id: int, event_id: int) -> Sequence[tuple[int, Line]]:
    """What happened in a room since: (number, the line as it is now)."""
    query = select(RoomEvent.id, Line).join(Line, Line.id == RoomEvent.line_id).options(*_parts())
    query = query.where(RoomEvent.room_id == room_id, RoomEvent.id > event_id)
    rows = db.session.execute(query.order_by(RoomEvent.id).limit(MOST_NEWS)).all()
    return [(number, line) for number, line in rows]


def refused_by(reader: Any) -> frozenset[int]:
    """Whom a reader muted or blocked."""
    return frozenset(db.session.scalars(refused(reader, Follow.person_id)))


def visit(room: Room, member: Any) -> RoomVisit | None:
    """How far a member has read in a room."""
    return db.session.get(RoomVisit, (room.id, member.id))


def people_here(room: Room, now: datetime) -> list[Member]:
    """Whose page of a room is open, by name."""
    query = select(Member).join(RoomVisit, RoomVisit.member_id == Member.id)
    query = query.where(RoomVisit.room_id == room.id, RoomVisit.seen_at > now - HERE_FOR)
    query = query.where(Member.state == MemberState.ACTIVE)
    return list(db.session.scalars(query.order_by(Member.name).limit(MOST_HERE)))


def are_there(room_id: int, member_id: int) -> bool:
    """Whether both are still stored: what is kept after the answer may come too late."""
    return db.session.scalar(select(Room.id).join(Member, Member.id == member_id).where(Room.id == room_id)) is not None


def lines_by_id(line_ids: Collection[int]) -> dict[int, Line]:
    """These lines with their authors and rooms, in whatever state."""
    lines = db.session.scalars(select(Line).where(Line.id.in_(line_ids)).options(*_parts()))
    return {line.id: line for line in lines}


def talk_around(line_ids: Collection[int]) -> dict[int, list[Line]]:
    """What was said just before and after each of these lines, itself among it."""
    near = union_all(*(side for line_id in line_ids for side in _both_sides(line_id))).subquery()
    query = select(near.c.about, Line).join(Line, Line.id == near.c.id).options(*_parts())
    found: dict[int, list[Line]] = {}
    for line_id, line in db.session.execute(query.order_by(Line.id)):
        found.setdefault(line_id, []).append(line)
    return found


def lines_of(member_id: int) -> list[Line]:
    """All that somebody said."""
    return list(db.session.scalars(select(Line).where(Line.author_id == member_id).options(*_parts())))


def live_lines_of(member: Member, sites: Collection[Site]) -> list[Line]:
    """What stands of somebody in the rooms of these sites."""
    query = select(Line).join(Line.room).where(Line.author_id == member.id, Line.state == State.LIVE)
    return list(db.session.scalars(query.where(Room.site.in_(sites)).options(*_parts()).order_by(Line.id)))


def lines_naming(username: str) -> list[Line]:
    """Lines that hold `@name`."""
    query = select(Line).where(Line.body.contains(f"@{username}", autoescape=True))
    return list(db.session.scalars(query.options(*_parts())))


def was_told(line: Line) -> bool:
    """Whether it was told to the record that this line is live."""
    query = select(Touchpoint.id).where(Touchpoint.about == line.room.key, Touchpoint.verb == Verb.CHAT_WRITTEN)
    return db.session.scalar(query.where(Touchpoint.facts["line_id"].as_integer() == line.id).limit(1)) is not None


def line_ids_before(kept_since: datetime, evidence_since: datetime) -> Select[Any]:
    """The ids of lines that are kept no longer: those that were reported stay as long as the evidence."""
    was_reported = select(Concern.id).where(Concern.about == literal("line:") + cast(Line.id, String)).exists()
    return select(Line.id).where(Line.at < kept_since, or_(Line.at < evidence_since, ~was_reported))


def _is_shown_to(reader: Any) -> ColumnElement[bool]:
    return or_(Line.state == State.LIVE, and_(Line.state == State.HELD, Line.author_id == reader.id))


def _parts() -> tuple[Any, ...]:
    return joinedload(Line.author), joinedload(Line.room)


def _both_sides(line_id: int) -> Iterator[Any]:
    """The ids of a line with those before it, and of those after it, each beside the line's own."""
    room_id = select(Line.room_id).where(Line.id == line_id).scalar_subquery()
    in_room = select(Line.id).where(Line.room_id == room_id)
    before = in_room.where(Line.id < line_id, Line.state == State.LIVE).order_by(Line.id.desc())
    after = in_room.where(Line.id > line_id, Line.state == State.LIVE).order_by(Line.id)
    yield select(literal(line_id).label("about"), Line.id.label("id")).where(Line.id == line_id)
    for side in (before, after):
        yield select(literal(line_id), side.limit(TALK_EACH_SIDE).subquery().c.id)
