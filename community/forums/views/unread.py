"""What is new: the way to the first unread post, and all of a board called read."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect
from flask_babel import gettext as _

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.forums.actions import ties as actions
from community.forums.queries import unread as queries
from community.forums.views.boards import board_or_404
from community.forums.views.topics import path_to
from community.web.access import current_member, needs
from community.web.answers import back

bp = Blueprint("unread", __name__, url_prefix="/<site:site>/forums")


@bp.get("/topics/<int:topic_id>-<string:words>/unread")
@needs(Permission.ACCOUNT_OWN)
def first_unread(topic_id: int, words: str) -> Any:
    """To the first post of a topic that the reader has not seen; where all are, to the last one."""
    topic = queries.topic_of(g.site, topic_id, current_member()) or abort(404)
    post = queries.first_unread(topic, current_member())
    return redirect(path_to(post) if post else topic.path)


@bp.post("/read")
@needs(Permission.ACCOUNT_OWN)
def all_read() -> Any:
    """Call everything on all boards of this site read."""
    path = f"{g.site.path}forums/"
    with unit_of_work():
        actions.mark_read(queries.boards_of(g.site, current_member()), current_member())
    flash(_("Everything counts as read now."))
    return redirect(back(path), 303)


@bp.post("/<string:slug>/read")
@needs(Permission.ACCOUNT_OWN)
def board_read(slug: str) -> Any:
    """Call everything on one board read."""
    with unit_of_work():
        board = board_or_404(slug)
        actions.mark_read([board], current_member())
        path = board.path
    flash(_("Everything on this board counts as read now."))
    return redirect(back(path), 303)
