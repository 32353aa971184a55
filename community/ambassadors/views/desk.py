"""`/marketing/referrals`: friends of whom somebody must look whether they count."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.ambassadors import policy
from community.ambassadors.actions import referrals as actions
from community.ambassadors.forms import PlainForm
from community.ambassadors.models import Referral, ReferralState
from community.ambassadors.queries import referrals as queries
from community.ambassadors.views import words
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.sites.models import Site
from community.web.access import current_member, needs, require
from community.web.answers import page
from community.web.numbering import A_PAGE, address, asked_page, path_of_page

bp = Blueprint("referrals", __name__, url_prefix="/marketing")
PATH = "/marketing/referrals"


@bp.get("/referrals")
@needs(Permission.REFERRAL_DECIDE)
def desk() -> Any:
    """Referrals of the marketer's sites; those that are held first."""
    actor, sites = current_member(), _own_sites()
    asked = request.args.get("state", ReferralState.HELD.value)
    state = ReferralState(asked) if asked in set(ReferralState) else abort(404)
    place = asked_page(queries.referral_count(sites, state))
    return page(
        "ambassadors/desk.html",
        decide_form=PlainForm(formdata=None),
        referrals=queries.referrals_page(sites, state, place.offset, A_PAGE),
        state=state,
        choices=[_choice(other, state) for other in words.REFERRALS],
        may_decide=lambda referral: policy.may_decide(actor, referral),
        place=place,
        path_of_page=path_of_page,
        words=words,
    )


@bp.post("/referrals/<int:referral_id>/count", defaults={"is_counted": True})
@bp.post("/referrals/<int:referral_id>/refuse", defaults={"is_counted": False})
@needs(Permission.REFERRAL_DECIDE)
def decide(referral_id: int, is_counted: bool) -> Response:
    """It counts, or it does not; the other button undoes it."""
    if PlainForm().accepted():
        with unit_of_work():
            referral = _to_decide(referral_id)
            actions.decide(referral, current_member(), is_counted)
        flash(_("This friend counts.") if is_counted else _("This friend does not count."))
    return redirect(PATH, 303)


def _to_decide(referral_id: int) -> Referral:
    found = queries.referral_by_id(referral_id)
    if found is None or found.state == ReferralState.WAITING or found.ambassador.site not in _own_sites():
        abort(404)
    require(policy.may_decide(current_member(), found))
    return found


def _own_sites() -> list[Site]:
    return policy.sites_of(current_member())


def _choice(state: ReferralState, current: ReferralState) -> dict[str, Any]:
    asked = {} if state is ReferralState.HELD else {"state": state.value}
    return {"label": words.REFERRALS[state], "path": address(PATH, asked), "is_current": state is current}
