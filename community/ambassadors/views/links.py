"""`/<site>/r/<code>`: a friend follows an ambassador's link, and may register later in the same browser."""

from typing import Any

from flask import Blueprint, current_app, flash, g, has_request_context, redirect, request, session
from flask_babel import gettext as _

from community.ambassadors.actions.referrals import friend_registered
from community.ambassadors.policy import Doubt
from community.members.models import Member
from community.members.views import CAME_BY, CAME_BY_LIFE, OWN_CODE, visitor_of_request
from community.web.access import current_member, everyone
from community.web.headers import private

bp = Blueprint("ambassador_links", __name__)
LONGEST = 20
BROUGHT = "brought"  # in the session: a friend registered here already


@bp.get("/<site:site>/r/<string:code>")
@everyone
def follow(code: str) -> Any:
    """To the front page with a friendly word, the same for right and wrong codes. The code rides the session, and
    after a yes to a cookie thirty days longer."""
    answer = private(redirect(g.site.path))
    if not current_member().is_member:
        session[CAME_BY] = code[:LONGEST]
        flash(_("A friend sent you here. Look around, and join us when you like."))
        if current_member().consents:
            _keep_for_later(answer, code[:LONGEST])
    return answer


def note_friend(friend: Member) -> None:
    """Somebody registers: whether by a friend's link, and what this browser tells about that. In the deed's commit."""
    code = _code_of_browser() if has_request_context() else None
    if code:
        friend_registered(friend, code, _doubt(code))
        session[BROUGHT] = True


def _code_of_browser() -> str | None:
    kept = request.cookies.get(CAME_BY) if visitor_of_request().consents else None
    found: str | None = session.get(CAME_BY) or kept
    return found


def _doubt(code: str) -> Doubt | None:
    if session.get(OWN_CODE) == code:
        return Doubt.BROWSER
    return Doubt.HOUSEHOLD if session.get(BROUGHT) else None


def _keep_for_later(answer: Any, code: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    seconds = int(CAME_BY_LIFE.total_seconds())
    answer.set_cookie(CAME_BY, code, max_age=seconds, secure=secure, httponly=True, samesite="Lax")
