"""One line: its lasting address, saying it otherwise, taking it away."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _

from community.chat import actions, policy, queries
from community.chat.forms import LineForm
from community.chat.models import Line
from community.chat.views.rooms import room_or_404
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page

bp = Blueprint("chat_lines", __name__, url_prefix="/<site:site>/chat/<string:slug>/lines")


@bp.get("/<int:line_id>")
@needs(Permission.POST_WRITE)
def line(slug: str, line_id: int) -> Any:
    """The lasting address of a line: it leads to the page that holds it."""
    shown = _line_or_404(slug, line_id)
    if not (shown.is_live or policy.may_take_away(current_member(), shown)):
        abort(404)
    return redirect(_path_to(shown))


@bp.route("/<int:line_id>/edit", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def edit_line(slug: str, line_id: int) -> Any:
    """Say one's own line otherwise, soon after; take it away at any time."""
    shown = _own_line(slug, line_id, policy.may_take_away)
    form = LineForm(data={"body": shown.body})
    if form.accepted():
        answer = do_once(form, lambda: _changed(slug, line_id, form))
        if answer is not None:
            return answer
        shown = _own_line(slug, line_id, policy.may_take_away)
    may_change = policy.may_change(current_member(), shown, clock.now())
    return page("chat/edit_line.html", form=form, line=shown, may_change=may_change)


@bp.post("/<int:line_id>/delete")
@needs(Permission.POST_WRITE)
def delete_line(slug: str, line_id: int) -> Any:
    """Take one's own line away."""
    with unit_of_work():
        shown = _own_line(slug, line_id, policy.may_take_away)
        actions.take_away(shown)
        path = shown.room.path
    flash(_("It is taken away."))
    return redirect(path, 303)


def _changed(slug: str, line_id: int, form: LineForm) -> str:
    member = current_member()
    shown = _own_line(slug, line_id, lambda who, line: policy.may_change(who, line, clock.now()))
    actions.change(shown, member, form.body.data or "")
    return _path_to(shown)


def _path_to(shown: Line) -> str:
    before = queries.line_after(shown.room, current_member(), shown.id)
    return f"{shown.room.path}{f'?before={before}' if before else ''}#line-{shown.id}"


def _own_line(slug: str, line_id: int, may: Callable[[Any, Line], bool]) -> Line:
    shown = _line_or_404(slug, line_id)
    require(may(current_member(), shown))
    return shown


def _line_or_404(slug: str, line_id: int) -> Line:
    return queries.line_of(room_or_404(slug), line_id) or abort(404)
