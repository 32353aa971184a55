"""Who may read, say, change and take away in a room, and how long what was said is kept."""

from datetime import datetime, timedelta
from typing import Any

from community.chat.models import Line, Room
from community.core.permissions import Permission
from community.items.models import State

CHANGED_WITHIN = timedelta(minutes=15)
HERE_FOR = timedelta(minutes=2)  # since somebody's page was last seen
KEPT = timedelta(days=90)
EVIDENCE_KEPT = timedelta(days=365)  # where it was reported


def may_say(member: Any, room: Room) -> bool:
    """Members, in a club those who are in it."""
    return room.lets_in(member) and bool(member.can(Permission.POST_WRITE))


def is_own(reader: Any, line: Line) -> bool:
    """Whether the reader said it."""
    return bool(reader.is_member) and line.author_id == reader.id


def may_take_away(member: Any, line: Line) -> bool:
    """One's own, for as long as it stands or waits."""
    return line.room.lets_in(member) and is_own(member, line) and line.state in (State.LIVE, State.HELD)


def may_change(member: Any, line: Line, now: datetime) -> bool:
    """One's own, just after it was said: others have answered it since."""
    return may_take_away(member, line) and now - line.at <= CHANGED_WITHIN
