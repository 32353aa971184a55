"""`/account/ambassador`: a member's own place in the programme."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.ambassadors import policy
from community.ambassadors.actions import programme as actions
from community.ambassadors.forms import BoardForm, PlainForm
from community.ambassadors.models import Ambassador
from community.ambassadors.queries import ledger, referrals
from community.ambassadors.queries import people as queries
from community.ambassadors.views import words
from community.core import clock
from community.core.permissions import Permission
from community.members.models import Member
from community.members.views import OWN_CODE
from community.profiles.queries import standing_of
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.numbering import A_PAGE, asked_page, path_of_page

bp = Blueprint("ambassador", __name__)
PATH = "/account/ambassador"
SOON = timedelta(days=30)


@bp.get(PATH)
@needs(Permission.ACCOUNT_OWN)
def own() -> Any:
    """Code, link, tier, friends and the whole ledger; or what it is to become one."""
    member = current_member()
    found = queries.ambassador_of(member.id)
    is_here = found is not None and found.left_at is None
    if found is not None and is_here:
        session[OWN_CODE] = found.code  # who registers in this browser is no friend who was brought
    return page(
        "ambassadors/own.html",
        ambassador=found if is_here else None,
        join_form=PlainForm(formdata=None),
        board_form=BoardForm(formdata=None, obj=found),
        link=f"{current_app.config['BASE_URL']}{member.site.path}r/{found.code}" if found else "",
        **_points_of(member),
        words=words,
    )


@bp.post(f"{PATH}/join")
@needs(Permission.ACCOUNT_OWN)
def join() -> Response:
    """Become an ambassador."""
    return _do(PlainForm(), lambda: actions.join(current_member()), _("Welcome. This is your link."))


@bp.post(f"{PATH}/leave")
@needs(Permission.ACCOUNT_OWN)
def leave() -> Response:
    """Be one no more."""
    return _do(PlainForm(), lambda: actions.leave(_own(), current_member()), _("You have left. Thank you."))


@bp.post(f"{PATH}/board")
@needs(Permission.ACCOUNT_OWN)
def board() -> Response:
    """Be seen among those who helped most, or not."""
    form = BoardForm()
    shown = bool(form.is_on_board.data)
    return _do(form, lambda: actions.show_on_board(_own(), current_member(), shown), _("Saved."))


def _do(form: Form, deed: Callable[[], Any], saying: str) -> Response:
    """One deed in one commit, and back to one's own page with a word about it."""

    def done() -> str:
        deed()
        return PATH

    answer = do_once(form, done, saying) if form.accepted() else None
    for _field, mistake in form.mistakes:
        flash(mistake)
    return answer or redirect(PATH, 303)


def _own() -> Ambassador:
    found = queries.ambassador_of(current_member().id)
    return found if found is not None and found.left_at is None else abort(404)


def _points_of(member: Member) -> dict[str, Any]:
    """Where a member stands, and how that came."""
    standing = standing_of(member.id)
    points = standing.points if standing else 0
    place = asked_page(ledger.entry_count(member.id))
    entries = ledger.entries_of(member.id, place.offset, A_PAGE)
    return {
        "points": points,
        "tier": policy.tier_of(points),
        "way": policy.way_to_next(points),
        "lapsing": ledger.points_that_lapse(member.id, clock.now() + SOON) if points else 0,
        "friends": referrals.friends_of(member.id),
        "entries": entries,
        "things": ledger.things_of(entries, member),
        "place": place,
        "path_of_page": path_of_page,
    }
