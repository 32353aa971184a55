"""`/unsubscribe/<token>`: the way out of every mail, without signing in (RFC 8058)."""

from typing import Any

from flask import Blueprint, abort, redirect, request

from community.core.db import unit_of_work
from community.members.models import Member, MemberState
from community.members.queries import member_by_id
from community.messages.actions import choices as actions
from community.messages.models import ALL
from community.messages.policy import has_ended
from community.messages.queries.choices import choices_of
from community.web.access import everyone
from community.web.answers import page
from community.web.letters import ended_by

bp = Blueprint("unsubscribe", __name__)


@bp.route("/unsubscribe/<string:token>", methods=["GET", "POST"])
@everyone
def unsubscribe(token: str) -> Any:
    """GET shows what would end; POST ends it, or takes that back. The token is all that it needs, and all it gives."""
    member, ends = _meant(token)
    if member.is_erased:
        return redirect("/deleted", 303)
    if request.method != "POST":
        return _shown(member, ends)
    with unit_of_work():
        _done(*_meant(token), asked=request.form.get("action", ""))
    return redirect(request.full_path.rstrip("?"), 303)


def _shown(member: Member, ends: str) -> Any:
    choices = choices_of(member.id)
    body, status = page(
        "messages/unsubscribe.html",
        ends=ends,
        is_confirmed=member.state != MemberState.UNCONFIRMED,
        here=request.full_path.rstrip("?"),
        has_ended=has_ended(member, choices, ends),
        gets_nothing=has_ended(member, choices, ALL),
    )
    return body, status, {"Referrer-Policy": "same-origin", "Cache-Control": "private, no-store"}


def _done(member: Member, ends: str, asked: str) -> None:
    if asked == "again":
        actions.begin_mails(member, ends)
    else:
        actions.end_mails(member, ALL if asked == ALL else ends)


def _meant(token: str) -> tuple[Member, str]:
    """Whose mails, and which; 404 where the address is not ours."""
    told = ended_by(token)
    member = member_by_id(told[0]) if told else None
    if told is None or member is None:
        abort(404)
    return member, told[1]
