"""`/moderation/appeals/<id>`: a second moderator looks at what the first one decided."""

from typing import Any

from flask import Blueprint, abort
from flask_babel import gettext as _

from community.core.permissions import Permission
from community.moderation import policy, reasons
from community.moderation.actions import appeals
from community.moderation.forms import AnswerForm
from community.moderation.models import Appeal
from community.moderation.queries import decisions as queries
from community.moderation.queries.things import said_in
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page

bp = Blueprint("appeals", __name__, url_prefix="/moderation/appeals")


@bp.route("/<int:appeal_id>", methods=["GET", "POST"])
@needs(Permission.POST_HIDE)
def appeal(appeal_id: int) -> Any:
    """The decision, its author's words, and the answer; locked to whoever decided first."""
    form = AnswerForm()
    if form.accepted():
        answer = do_once(form, lambda: _answered(appeal_id, form), _("Answered. The author is told."))
        if answer is not None:
            return answer
    shown = _appeal_or_404(appeal_id)
    may_answer = policy.may_answer(current_member(), shown.decision)
    return page(
        "moderation/appeal.html",
        form=form if may_answer and not shown.decided_at else None,
        appeal=shown,
        decision=shown.decision,
        answer=queries.answer_to(shown),
        is_own=shown.decision.moderator_id == current_member().id,
        said=said_in([shown.decision]).get(shown.decision.about),
        reason=reasons.rule(shown.decision.reason) if shown.decision.reason else None,
    )


def _answered(appeal_id: int, form: AnswerForm) -> str:
    shown = _appeal_or_404(appeal_id)
    require(policy.may_answer(current_member(), shown.decision))
    appeals.answer(shown, current_member(), form.outcome.data == "stands", form.words.data or "")
    return "/moderation/"


def _appeal_or_404(appeal_id: int) -> Appeal:
    """Appeals of the moderator's own sites."""
    shown = queries.appeal_by_id(appeal_id)
    if shown is None or not current_member().can(Permission.POST_HIDE, shown.decision.site):
        abort(404)
    return shown
