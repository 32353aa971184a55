"""How moderators keep the boards in order: one page for one topic, or for several that were ticked in a list."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.forums.actions import keeping as actions
from community.forums.forms import BoardForm, KeepForm, LockForm, MergeForm, MoveForm, SlowForm
from community.forums.models import Board, Topic
from community.forums.queries import keeping as queries
from community.moderation.models import Decision, Deed
from community.web.access import current_member, needs
from community.web.answers import do_once, page

bp = Blueprint("keeping", __name__, url_prefix="/<site:site>/forums/keep")
AT_ONCE = 50  # topics
HEADINGS = {
    Deed.PIN: _l("Put on top"),
    Deed.UNPIN: _l("Take from the top"),
    Deed.LOCK: _l("Close for answers"),
    Deed.UNLOCK: _l("Open for answers"),
    Deed.SLOW: _l("Slow down"),
    Deed.QUIET: _l("Keep quiet"),
    Deed.UNQUIET: _l("Offer again"),
    Deed.MOVE: _l("Move to another board"),
    Deed.MERGE: _l("Merge with another conversation"),
}
FORMS: dict[Deed, type[KeepForm]] = {Deed.LOCK: LockForm, Deed.SLOW: SlowForm, Deed.MERGE: MergeForm}


@bp.route("", methods=["GET", "POST"])
@needs(Permission.TOPIC_KEEP)
def keep() -> Any:
    """Do a deed to the topics that `topic` names."""
    deed, topics = _deed_or_404(), _topics_or_404()
    form = _form_for(deed, topics)
    kept: list[Decision] = []
    if form.accepted():
        answer = do_once(form, lambda: _kept(deed, form, kept))
        if answer is not None:
            if kept:
                flash(_saying(len(kept)), f"{g.site.path}forums/keep/undo/{kept[0].id}/{kept[-1].id}")
            return answer
    return page("forums/keep.html", form=form, deed=deed, heading=HEADINGS[deed], topics=topics)


@bp.route("/board/<int:board_id>", methods=["GET", "POST"])
@needs(Permission.TOPIC_KEEP)
def keep_board(board_id: int) -> Any:
    """Let a whole board be quiet, or offer what stands on it again."""
    board = _board_or_404(board_id)
    form = BoardForm(is_quiet=board.is_quiet)
    if form.accepted():
        with unit_of_work():
            actions.keep_board(_board_or_404(board_id), current_member(), form.is_quiet.data)
        flash(_("Done."))
        return redirect(board.path, 303)
    return page("forums/keep_board.html", form=form, board=board)


@bp.post("/undo/<int:first>/<int:last>")
@needs(Permission.TOPIC_KEEP)
def undo(first: int, last: int) -> Response:
    """Take one's own deeds of the last minute back, those of one press together."""
    path = f"{g.site.path}forums/"
    with unit_of_work():
        member = current_member()
        found = queries.deeds_between(member, first, last, clock.now() - actions.UNDO_WITHIN)
        for decision in found:
            if member.can(Permission.TOPIC_KEEP, decision.site):
                actions.undo(decision, member)
        topics = queries.topics_of(g.site, [decision.item_id for decision in found if decision.item_id])
        if topics:
            path = _path_after(topics)
    flash(_("It is as it was before.") if found else _("This can be undone for one minute only."))
    return redirect(path, 303)


def _kept(deed: Deed, form: KeepForm, kept: list[Decision]) -> str:
    wish, topics = _wish(form), _topics_or_404()
    into = wish.into
    for topic in topics:
        if into is None or topic.id != into.id or len(topics) == 1:
            kept.append(actions.keep(topic, deed, current_member(), wish))
    return into.path if into else _path_after(topics)


def _wish(form: KeepForm) -> actions.Wish:
    told = form.data
    return actions.Wish(
        reason=told.get("reason") or "",
        board=queries.board_by_id(told["board"]) if "board" in told else None,
        into=queries.topic_named(g.site, told["into"]) if "into" in told else None,
        minutes=int(told.get("minutes") or 0),
    )


def _form_for(deed: Deed, topics: list[Topic]) -> KeepForm:
    if deed == Deed.MOVE:
        return MoveForm(queries.open_boards(g.site))
    form = FORMS.get(deed, KeepForm)()
    if deed == Deed.MERGE and len(topics) > 1 and not form.is_submitted():
        form["into"].data = topics[0].path
    return form


def _path_after(topics: list[Topic]) -> str:
    """The topic, or where several of them stand."""
    if len(topics) == 1:
        return topics[0].path
    return topics[0].collection.path if topics[0].collection else f"{g.site.path}forums/"


def _saying(count: int) -> str:
    return ngettext("Done.", "Done, for %(num)d conversations.", count)


def _deed_or_404() -> Deed:
    words = request.values.get("deed", "")[:20]
    return Deed(words) if words in HEADINGS else abort(404)


def _board_or_404(board_id: int) -> Board:
    board = queries.board_by_id(board_id)
    return board if board is not None and board.site == g.site and not board.group_id else abort(404)


def _topics_or_404() -> list[Topic]:
    typed = request.values.getlist("topic")[:AT_ONCE]
    ids = [int(words) for words in typed if words.isdecimal() and len(words) < 10]
    return queries.topics_of(g.site, ids) or abort(404)
