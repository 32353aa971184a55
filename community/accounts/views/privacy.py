"""`/account/privacy`: what a member agrees to, each purpose apart."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts import actions, queries
from community.accounts.forms import CONSENTS, ConsentForm, UsesForm
from community.core.db import unit_of_work
from community.core.permissions import Permission, Role
from community.members.actions import set_uses
from community.members.ledger import TERMS, Use, line_of, withholds
from community.members.models import Member
from community.web.access import current_member, needs
from community.web.answers import page
from community.web.forms import Form

# As what somebody of the staff looked at a profile.
ROLES = {Role.MARKETER: _l("marketing"), Role.SERVICE: _l("customer service"), Role.ADMIN: _l("an administrator")}
bp = Blueprint("privacy", __name__, url_prefix="/account/privacy")


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def choices() -> Any:
    """Agree or withdraw; it acts at once, and the ledger keeps when and to which words."""
    member = current_member()
    form = _consent_form(member)
    if form.accepted():
        with unit_of_work():
            actions.set_consents(current_member(), form.consents, frozenset(CONSENTS), source="privacy")
        flash(_("Kept. It holds from this moment."))
        return redirect("/account/privacy", 303)
    return _page(member, form, _uses_form(member))


@bp.post("/uses")
@needs(Permission.ACCOUNT_OWN)
def uses() -> Any:
    """Say what may be used for what; it acts at once, and the ledger keeps it."""
    form = UsesForm()
    if form.accepted():
        with unit_of_work():
            set_uses(current_member(), form.withheld, source="privacy")
        flash(_("Kept. It holds from this moment."))
        return redirect("/account/privacy#uses", 303)
    return _page(current_member(), _consent_form(current_member()), form, form)


def _consent_form(member: Member) -> ConsentForm:
    return ConsentForm(**{f"consent_{purpose}": member.consents_to(purpose) for purpose in CONSENTS})


def _uses_form(member: Member) -> UsesForm:
    return UsesForm(formdata=None, **{use: _let(member, use) for use in Use})


def _let(member: Member, use: Use) -> list[str]:
    return [line_of(use, kind) for kind in TERMS[use].kinds if not withholds(member, use, kind)]


def _page(member: Member, form: ConsentForm, uses_form: UsesForm, sent: Form | None = None) -> Any:
    fields = [(form[f"consent_{purpose}"], purpose) for purpose in CONSENTS]
    return page(
        "accounts/privacy.html",
        sent or form,
        fields=fields,
        consent_form=form,
        uses_form=uses_form,
        uses=[(uses_form[use], CONSENTS[TERMS[use].purpose][0], member.consents_to(TERMS[use].purpose)) for use in Use],
        times=queries.uses_this_month(member),
        said=queries.last_words(member),
        looks=queries.looks_at(member),
        roles=ROLES,
    )
