"""`/unsubscribe/<token>`: the way out of every mail, without signing in (RFC 8058)."""

from typing import Any

from flask import Blueprint, abort, redirect, request

from community.core.db import unit_of_work
from community.members.models import Member
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
    if request.method == "GET":
        return _shown(member, ends)
    asked = request.form.get("action", "")
    with unit_of_work():
        member, ends = _meant(token)
        if asked == "again":
            actions.begin_mails(member, ends)
        else:
            actions.end_mails(member, ALL if asked == ALL else ends)
    return redirect(request.full_path.rstrip("?"), 303)


def _shown(member: Member, ends: str) -> Any:
    body, status = page(
        "messages/unsubscribe.html",
        ends=ends,
        reader=member,
        here=request.full_path.rstrip("?"),
        has_ended=has_ended(member, choices_of(member.id), ends),
        gets_nothing=has_ended(member, choices_of(member.id), ALL),
    )
    return body, status, {"Referrer-Policy": "same-origin", "Cache-Control": "private, no-store"}


def _meant(token: str) -> tuple[Member, str]:
    """Whose mails, and which; 404 where the address is not ours or its member is gone."""
    told = ended_by(token)
    member = member_by_id(told[0]) if told else None
    if told is None or member is None or member.is_erased:
        abort(404)
    return member, told[1]
