"""What a member types on boards and has not posted: kept every few seconds, thrown away only when asked."""

import re
from typing import Any

from flask import Blueprint, abort, flash, g, jsonify, redirect, request
from flask_babel import format_time
from flask_babel import gettext as _

from community.core import clock
from community.core.db import done_before, unit_of_work
from community.core.permissions import Permission
from community.forums import policy
from community.forums.forms import LONGEST_POST
from community.forums.queries import boards
from community.forums.views.boards import board_or_404
from community.forums.views.posts import post_or_404
from community.forums.views.topics import topic_or_404
from community.items import actions as items
from community.web.access import current_member, needs, require
from community.web.limits import limited

bp = Blueprint("forum_drafts", __name__, url_prefix="/<site:site>/forums/drafts")
KEPT = ("title", "body", "anonymous", "parent")


@bp.post("/<string:about>")
@needs(Permission.POST_WRITE)
@limited("draft")
def keep_draft(about: str) -> Any:
    """Keep what stands in the form now; says when."""
    _page_of(about)
    if not done_before(request.form.get("form_key", "")):  # else it was posted while this was on its way
        fields = {name: request.form[name][:LONGEST_POST].replace("\0", "") for name in KEPT if name in request.form}
        with unit_of_work():
            items.keep_draft(current_member(), about, fields)
    return jsonify(saying=_("Draft kept at %(time)s", time=format_time(clock.now(), "HH:mm")))


@bp.post("/<string:about>/drop")
@needs(Permission.POST_WRITE)
def drop_draft(about: str) -> Any:
    """Throw it away."""
    path = _page_of(about)
    with unit_of_work():
        items.drop_draft(current_member(), about)
    flash(_("The unsaved text is thrown away."))
    return redirect(path, 303)


def _page_of(about: str) -> str:
    """Where that is written; 404 where it is nothing that the reader may write about."""
    found = re.fullmatch(r"(board|topic|post):([0-9]{1,9})", about) or abort(404)
    number, member = int(found[2]), current_member()
    if found[1] == "topic":
        topic = topic_or_404(number)
        require(policy.may_reply(member, topic))
        return f"{topic.path}/reply"
    if found[1] == "post":
        post = post_or_404(number)
        require(policy.may_edit(member, post))
        return f"{post.path}/edit"
    board = board_or_404(getattr(boards.board_by_id(g.site, number), "slug", ""))
    require(policy.may_start(member, board))
    return f"{g.site.path}forums/{board.slug}/start"
