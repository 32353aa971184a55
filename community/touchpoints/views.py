"""Reading, counted without slowing a page: kept after the answer; `/read` adds seconds and how far."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from community.items import queries as items
from community.items.policy import may_see
from community.touchpoints.actions import Gathered, gathered, row_of
from community.touchpoints.models import Verb
from community.web.access import current_member, everyone, require
from community.web.headers import came_from_us

bp = Blueprint("touchpoints", __name__)
GATHER_SECONDS = 0.2
LONGEST_READ = 3_600
WHEN_LEFT: list[Callable[[Response, Any], None]] = []  # told of each read with its answer; `app.py` says it
MACHINES = ("bot", "crawl", "spider", "preview", "monitor")


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Keep reads after each answer; the beacon carries no token, its origin is checked instead."""
    app.register_blueprint(bp)
    app.after_request(_keep_read)
    csrf.exempt(read)


def note_read(item: Any) -> None:
    """Say, in a view, which item its reader reads."""
    g.read_item = f"{item.site.code} {item.key}"


@bp.post("/read")
@everyone
def read() -> Response:
    """The beacon: `item`, `seconds` that the page was seen, the `share` of it (0 to 1) that was reached."""
    require(came_from_us())
    response, item = Response(status=204), items.item_by_key(request.form.get("item", "")[:40])
    if item is not None and may_see(current_member(), item) and not is_machine():
        seconds = min(LONGEST_READ, max(0, request.form.get("seconds", 0, type=int)))
        share = min(1.0, max(0.0, request.form.get("share", 0.0, type=float)))
        facts = {"seconds": seconds, "share": round(share, 2)}
        gather(row_of(current_member(), Verb.PAGE_LEFT, item, None, facts), gathered)
        for follow_up in WHEN_LEFT:
            follow_up(response, item)
    return response


def _keep_read(response: Response) -> Response:
    about = g.get("read_item")
    if about and response.status_code in (200, 304) and request.method == "GET" and not is_machine():
        code, key = about.split(" ")
        gather(row_of(current_member(), Verb.PAGE_READ, key, g.site, {}), gathered)
    return response


def gather(row: dict[str, Any] | None, into: Gathered, seconds: float = GATHER_SECONDS) -> None:
    """Store at once in tests, else together with the other rows of these seconds."""
    if into.add(row):
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        if app.testing:
            into.store()
        else:
            threading.Timer(seconds, _store, (app, into)).start()


def _store(app: Flask, gathered: Gathered) -> None:
    with app.app_context():
        gathered.store()


def is_machine() -> bool:
    """Whether a machine asks, or a browser ahead of its reader: they do not read."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.user_agent.string.lower()
    return "prefetch" in purpose or not agent or any(word in agent for word in MACHINES)
