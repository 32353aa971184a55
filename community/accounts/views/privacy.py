"""`/account/privacy`: what a member agrees to, each purpose apart."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts import actions, queries
from community.accounts.forms import CONSENTS, ConsentForm
from community.core.db import unit_of_work
from community.core.permissions import Permission, Role
from community.web.access import current_member, needs
from community.web.answers import page

# As what somebody of the staff looked at a profile.
ROLES = {Role.MARKETER: _l("marketing"), Role.SERVICE: _l("customer service"), Role.ADMIN: _l("an administrator")}
bp = Blueprint("privacy", __name__, url_prefix="/account/privacy")


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def choices() -> Any:
    """Agree or withdraw; it acts at once, and the ledger keeps when and to which words."""
    member = current_member()
    form = ConsentForm(**{f"consent_{purpose}": member.consents_to(purpose) for purpose in CONSENTS})
    if form.accepted():
        with unit_of_work():
            actions.set_consents(current_member(), form.consents, frozenset(CONSENTS), source="privacy")
        flash(_("Kept. It holds from this moment."))
        return redirect("/account/privacy", 303)
    fields = [(form[f"consent_{purpose}"], purpose) for purpose in CONSENTS]
    said, looks = queries.last_words(member), queries.looks_at(member)
    return page("accounts/privacy.html", form=form, fields=fields, said=said, looks=looks, roles=ROLES)
