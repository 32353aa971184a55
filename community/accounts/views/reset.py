"""A forgotten password: a mailed link, once, for an hour."""

from typing import Any

from flask import Blueprint, g, redirect
from flask_babel import gettext as _

from community.accounts import actions
from community.accounts.forms import AddressForm, NewPasswordForm
from community.accounts.views.entry import home_of, way_in
from community.accounts.views.guesses import in_even_time, is_in_time_for, keep_address_to_ourselves
from community.core import clock
from community.core.db import unit_of_work
from community.core.refused import Refused
from community.members import queries as members
from community.members.models import TokenUse
from community.web.access import everyone
from community.web.answers import do_once, page

bp = Blueprint("reset", __name__)
bp.after_request(keep_address_to_ourselves)


@bp.route("/reset", methods=["GET", "POST"])
@everyone
@in_even_time
def ask_reset() -> Any:
    """A link to choose a new password; the answer is the same whether the address has an account or not."""
    form = AddressForm()
    if form.accepted() and is_in_time_for(form, "reset", form.email.data):
        with unit_of_work():
            actions.ask_reset(form.email.data)
        return redirect(f"/reset/mailed?site={g.site}", 303)
    lead = _("Fill in your address. If it has an account, we mail you a link to choose a new password.")
    return page("accounts/ask_link.html", form=form, title=_("Forgot your password?"), lead=lead)


@bp.route("/reset/<string:token>", methods=["GET", "POST"])
@everyone
def reset(token: str) -> Any:
    """Choose a new password; every other session ends."""
    form = NewPasswordForm()
    if form.accepted():
        done = do_once(form, lambda: _reset(token, form), _("Your new password is kept. You are signed out elsewhere."))
        if done:
            return done
    if members.live_token(token, TokenUse.RESET, clock.real_now()) is None:
        return page("accounts/dead_link.html", action="/reset", ask=AddressForm(formdata=None))[0], 410
    return page("accounts/reset.html", form=form)


def _reset(token: str, form: NewPasswordForm) -> str:
    member = actions.reset_password(token, form.password.data)
    if member is None:
        raise Refused(_("This link was used before, or it is too old."))
    return way_in(member, "") if member.is_active else home_of(member)
