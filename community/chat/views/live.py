"""`/live/<room>`: what happened in a room since, as server-sent events.

Here the answer ends, and a browser that asks for a stream asks again after some seconds. `flask live` gives the
same answer and goes on with it: who may listen is decided in this one place."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, g, request
from flask_babel import refresh

from community.chat import actions, queries
from community.chat.models import Room
from community.chat.views.news import Listener, news_of
from community.core.permissions import Permission
from community.core.settings import LOOPBACK
from community.touchpoints.actions import Gathered
from community.touchpoints.views import gather
from community.web.access import current_member, needs, require

bp = Blueprint("live", __name__)
RETRY = "retry: 3000\n\n"  # how long a browser waits before it asks again
visits = Gathered(actions.keep_visits)


@bp.get("/live/<int:room_id>")
@needs(Permission.POST_WRITE)
def live(room_id: int) -> Response:
    """What happened in a room after the last thing that this reader heard of."""
    require(_is_asked_by_us())
    room, member = queries.room_by_id(room_id), current_member()
    if room is None or not room.lets_in(member):
        abort(404)
    g.site = room.site
    refresh()
    events = queries.events_after(room.id, _last_heard())
    heard = events[-1][0] if events else _last_heard()
    g.listener = Listener(member.id, queries.refused_by(member), heard)
    note_visit(room, max((line.id for _number, line in events if line.is_live), default=0))
    said = [news_of(number, line).for_(g.listener) for number, line in events]
    return Response(RETRY + "".join(said), mimetype="text/event-stream", headers=_headers())


def stream_of(room: Room, heard: int) -> str:
    """The address of a room's stream from here on; on one's own machine under the name that the page has."""
    url = urlsplit(current_app.config["LIVE_URL"])
    host, name = url.netloc, request.host.partition(":")[0]
    if url.hostname in LOOPBACK and name in LOOPBACK:
        host = f"{name}:{url.port}"
    return f"{url.scheme}://{host}/live/{room.id}?after={heard}"


def note_visit(room: Room, read_line_id: int) -> None:
    """Say, in a view, that its reader is in a room and sees it up to this line; kept after the answer."""
    g.visit = {"room_id": room.id, "member_id": current_member().id, "read_line_id": read_line_id}


@bp.after_app_request
def _keep_visit(response: Any) -> Any:
    if "visit" in g and response.status_code == 200:
        gather(g.pop("visit"), visits)
    return response


def _last_heard() -> int:
    told = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0


def _is_asked_by_us() -> bool:
    """Whether a page of ours asks; a browser names the page's origin wherever the stream has another one."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site")
    return _is_our_origin(origin)


def _is_our_origin(origin: str) -> bool:
    asked, own = urlsplit(origin), urlsplit(current_app.config["BASE_URL"])
    names = LOOPBACK if current_app.config["IS_LOOPBACK"] else (own.hostname,)
    return (asked.scheme, asked.port) == (own.scheme, own.port) and asked.hostname in names


def _headers() -> dict[str, str]:
    """For this one reader, passed on at once by every proxy, and readable by the page that asked."""
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no", "Vary": "Origin"}
    if origin := request.headers.get("Origin"):
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    return headers
