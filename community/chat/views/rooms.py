"""`/<site>/chat/`: the rooms, and a room with what was said last. All of it works by reloading."""

from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, request

from community.chat import actions, policy, queries
from community.chat.forms import LineForm
from community.chat.models import Room
from community.chat.views.live import note_visit, stream_of
from community.chat.views.news import Listener
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.headers import may_reach
from community.web.limits import is_in_time, limits_of_talking
from community.web.numbering import asked_number

bp = Blueprint("chat", __name__, url_prefix="/<site:site>/chat")


@bp.get("/")
@needs(Permission.POST_WRITE)
def rooms() -> Any:
    """The rooms that a member may enter; after "something changed" no clubs unasked."""
    member = current_member()
    _see_that_all_stand(member)
    is_quiet = bool(member.guarded_since) and request.args.get("show") != "clubs"
    found = queries.doors(g.site, member, clock.now())
    shown = [door for door in found if not (is_quiet and door.room.group_id)]
    return page("chat/rooms.html", doors=shown, has_more=len(shown) < len(found), most=queries.MOST_UNREAD)


@bp.route("/<string:slug>", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def room(slug: str) -> Any:
    """What was said last in a room, or before a line; and saying something."""
    form = LineForm()
    if form.accepted() and is_in_time(form, *limits_of_talking()):
        answer = do_once(form, lambda: _said(slug, form))
        if answer is not None:
            return answer
    return _room_page(_opened_or_404(slug), form)


def room_or_404(slug: str) -> Room:
    """A room that the member may enter."""
    return _entered(queries.room_at(g.site, slug))


def _said(slug: str, form: LineForm) -> str:
    entered = room_or_404(slug)
    require(policy.may_say(current_member(), entered))
    return actions.say(entered, current_member(), form.body.data or "").path


def _room_page(entered: Room, form: LineForm) -> Any:
    member, before = current_member(), asked_number("before")
    heard = queries.newest_event_id(entered.id)  # before the lines: what happens from now on is told by the stream
    talk, visit = queries.talk(entered, member, before), queries.visit(entered, member)
    listener = Listener(member.id, queries.refused_by(member), heard)
    note_visit(entered, talk.lines[-1].id if talk.lines and not before else 0)
    shown = page(
        "chat/room.html",
        form=form,
        room=entered,
        talk=talk,
        seen_as={line.id: listener.sees(line) for line in talk.lines},
        read_line_id=visit.read_line_id if visit and not before else 0,
        is_latest=before is None,
        people=queries.people_here(entered, clock.now()),
        stream=stream_of(entered, heard),
    )
    return may_reach(make_response(shown), current_app.config["LIVE_URL"])


def _opened_or_404(slug: str) -> Room:
    """A room that the member may enter, opened at the first visit."""
    found = queries.room_at(g.site, slug)
    if found is None:
        _see_that_all_stand(current_member())
        found = queries.room_at(g.site, slug)
    return _entered(found)


def _entered(found: Room | None) -> Room:
    if found is None or not found.lets_in(current_member()):
        abort(404)
    return found


def _see_that_all_stand(member: Any) -> None:
    """The site's room, and those of the member's clubs there, are opened when somebody first comes."""
    clubs = queries.clubs_of(member, g.site) if member.group_ids else []
    slugs = {actions.EVERYBODYS, *(actions.slug_of(club) for club in clubs)}
    if slugs - queries.slugs_at(g.site, member.group_ids):
        with unit_of_work():
            actions.open_rooms(g.site, clubs)
