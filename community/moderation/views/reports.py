"""`/report/<kind>/<id>`: anybody may say that something should not stand."""

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from community.core.text import excerpt
from community.moderation import policy
from community.moderation.actions import reports as actions
from community.moderation.forms import ReportForm
from community.moderation.policy import Thing
from community.moderation.queries.things import thing
from community.moderation.reasons import Reason
from community.web.access import current_member, everyone
from community.web.answers import do_once, page
from community.web.limits import is_in_time

bp = Blueprint("reports", __name__, url_prefix="/report")


@bp.route("/<string:kind>/<int:number>", methods=["GET", "POST"])
@everyone
def report(kind: str, number: int) -> Any:
    """Say what is wrong with a post, an item or a profile."""
    form = ReportForm()
    if form.accepted() and is_in_time(form, "report"):
        answer = do_once(form, lambda: _reported(kind, number, form))
        if answer is not None:
            return answer
    shown, member = _thing_or_404(kind, number), current_member()
    return page(
        "moderation/report.html",
        form=form,
        excerpt=excerpt,
        thing=shown,
        kind=kind,
        is_own=policy.is_own(member, shown),
        action=request.full_path.rstrip("?"),
    )


@bp.get("/thanks")
@everyone
def thanks() -> str:
    """What happens with a report."""
    return render_template("moderation/thanks.html")


def _reported(kind: str, number: int, form: ReportForm) -> str:
    actions.report(_thing_or_404(kind, number), current_member(), Reason(form.reason.data), form.note.data or "")
    return f"/report/thanks?site={g.site.code}"


def _thing_or_404(kind: str, number: int) -> Thing:
    """What the reader may not see cannot be reported either."""
    found = thing(kind, number)
    if found is None or not policy.may_see_thing(current_member(), found):
        abort(404)
    return found
