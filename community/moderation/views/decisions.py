"""`/account/decisions/`: what moderators decided about a member's words, why, and the one appeal against it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, render_template, session
from flask_babel import gettext as _

from community.core import clock
from community.core.permissions import Permission
from community.members.models import Member, MemberState
from community.members.queries import member_by_id
from community.moderation import policy, reasons
from community.moderation.actions import appeals
from community.moderation.forms import AppealForm
from community.moderation.models import Decision
from community.moderation.queries import decisions as queries
from community.moderation.queries.things import said_in
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page

CLOSED = "closed"  # in the session: the suspended member whose password was known, and when
OPEN_FOR = timedelta(minutes=30)
bp = Blueprint("decisions", __name__, url_prefix="/account/decisions")


@bp.get("/")
@needs(Permission.ACCOUNT_OWN)
def decisions() -> str:
    """What was decided about one's own words, latest first."""
    return render_template("moderation/decisions.html", decisions=queries.told_to(current_member()), reasons=reasons)


@bp.route("/closed", methods=["GET", "POST"])
@everyone
def closed() -> Any:
    """Why an account is closed and until when; and, once, the words to another moderator."""
    member = _at_the_door() or abort(404)
    form, shown = AppealForm(), queries.suspension_of(member)
    if form.accepted() and shown is not None:
        answer = do_once(form, lambda: _appealed_outside(form))
        if answer is not None:
            return answer
        shown = queries.suspension_of(member)
    may_appeal = shown is not None and policy.may_appeal(member, shown, clock.now())
    return page(
        "moderation/closed.html", form=form if may_appeal else None, decision=shown, until=member.suspended_until
    )


@bp.route("/<int:decision_id>", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def decision(decision_id: int) -> Any:
    """One decision with its rule; and, once, the words to another moderator."""
    form, path = AppealForm(), f"/account/decisions/{decision_id}"
    if form.accepted():
        saying = _("Another moderator will look at it. You find the answer here.")
        answer = do_once(form, lambda: _appealed(decision_id, form, path), saying)
        if answer is not None:
            return answer
    shown = _told_or_404(decision_id)
    may_appeal = policy.may_appeal(current_member(), shown, clock.now())
    return page(
        "moderation/decision.html",
        form=form if may_appeal else None,
        decision=shown,
        answer=queries.answer_to(shown.appeal),
        reasons=reasons,
        said_there=said_in([shown]).get(shown.about),
        rule_path=reasons.rule_path(shown.reason, g.site),
        may_change=shown.deed == "edit" and shown.written is not None and shown.written.held_because == "edit",
    )


def _at_the_door() -> Member | None:
    """The suspended member who just typed the right password here."""
    member_id, at = session.get(CLOSED, (0, 0.0))
    member = member_by_id(member_id) if clock.real_now().timestamp() - at < OPEN_FOR.total_seconds() else None
    return member if member is not None and member.state == MemberState.SUSPENDED else None


def _appealed_outside(form: AppealForm) -> str:
    member = _at_the_door() or abort(404)
    appeals.appeal(queries.suspension_of(member) or abort(404), member, form.words.data or "")
    return "/account/decisions/closed"


def _appealed(decision_id: int, form: AppealForm, path: str) -> str:
    appeals.appeal(_told_or_404(decision_id), current_member(), form.words.data or "")
    return path


def _told_or_404(decision_id: int) -> Decision:
    return queries.told_decision(current_member(), decision_id) or abort(404)
