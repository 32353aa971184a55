"""Evenings in the chat: what was said in the room of a site and in the rooms of clubs, each line at its own time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.chat import actions
from community.chat import queries as rooms
from community.chat.models import Room
from community.core import clock
from community.core.refused import Refused
from community.demo import queries
from community.demo.actions.scene import at, person_of
from community.demo.texts import Entry
from community.groups.queries import club_of
from community.sites.models import SITES, Site

BEGINS = timedelta(hours=20, minutes=30)


def put_evening(evening: Entry) -> bool:
    """An evening in one room; who was there has read it."""
    site, began_at = SITES[evening["language"]], _evening(evening)
    _after, first, words = evening["lines"][0]
    if queries.has_said(person_of(first).id, words):
        return False
    room = _room(site, evening)
    for after, who, words in evening["lines"]:
        with at(began_at + timedelta(minutes=after)):
            line = actions.say(room, person_of(who), words)
    here = {person_of(who).id for _after, who, _words in evening["lines"]}
    with at(line.at):
        actions.keep_visits({"room_id": room.id, "member_id": one, "read_line_id": line.id} for one in here)
    return True


def _room(site: Site, evening: Entry) -> Room:
    """The room of the site, or of the club that somebody's child belongs to."""
    due_on = queries.first_due_on(person_of(evening["club"]).id) if "club" in evening else None
    club = club_of(site, f"{due_on:%Y-%m}") if due_on else None
    actions.open_rooms(site, [club] if club else [])
    room = rooms.room_at(site, actions.slug_of(club) if club else actions.EVERYBODYS)
    if room is None or ("club" in evening and club is None):
        raise Refused(f"there is no room for {evening['key']!r}")
    return room


def _evening(evening: Entry) -> datetime:
    """Half past eight in the evening, so many days ago."""
    now = clock.now().astimezone(ZoneInfo(SITES[evening["language"]].zone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=evening["days_ago"]) + BEGINS
