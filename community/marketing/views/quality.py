"""`/marketing/quality`: what is missing or cannot be right in what we know, and where it is mended."""

from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from community.core.permissions import Permission
from community.marketing import policy
from community.marketing.queries import quality as queries
from community.marketing.queries.quality import Flaw
from community.web.access import current_member, needs
from community.web.answers import page
from community.web.numbering import A_PAGE, address, asked_number

bp = Blueprint("quality", __name__, url_prefix="/marketing/quality")
# What each is called, and how it is mended.
WORDS = {
    Flaw.NO_CONSENT: (
        _l("Agreed to nothing"),
        _l("They use the site as they like, and we ask nothing twice: the choices stand on their own privacy page."),
    ),
    Flaw.STALE: (
        _l("Due date long past"),
        _l("90 days after the date nobody told us of a birth. Show no weeks and guess nothing: only they can say."),
    ),
    Flaw.IMPOSSIBLE: (
        _l("A date that cannot be"),
        _l("More than 42 weeks ahead, or a birth in the future: as imports bring them. The member can correct it."),
    ),
    Flaw.BOUNCED: (
        _l("Mail comes back"),
        _l("Nobody is at this address. Customer service may ask for another when they get in touch."),
    ),
    Flaw.UNCONFIRMED: (
        _l("Address never confirmed"),
        _l("Registered more than a week ago. After 30 days the account goes by itself."),
    ),
    Flaw.TWICE: (
        _l("A customer with the same address"),
        _l("The shop knows a customer with this address who is not joined to the member. Confirming it joins them."),
    ),
}


@bp.get("")
@needs(Permission.PROFILE_VIEW)
def flaws() -> Any:
    """Each flaw with its count, and who has the chosen one."""
    sites = policy.sites_of(current_member())
    chosen = next((flaw for flaw in Flaw if flaw == request.args.get("flaw")), Flaw.NO_CONSENT)
    rows = queries.members_with(chosen, sites, asked_number("before"), A_PAGE + 1)
    older = {"flaw": chosen.value, "before": rows[A_PAGE - 1].id} if len(rows) > A_PAGE else None
    return page(
        "marketing/quality.html",
        counts=queries.flaw_counts(sites),
        chosen=chosen,
        words=WORDS,
        rows=rows[:A_PAGE],
        older=address(request.path, older) if older else "",
    )
