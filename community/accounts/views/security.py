"""`/account/security`: password, address, and the browsers that are signed in."""

from typing import Any

from flask import Blueprint, flash, redirect, session
from flask_babel import gettext as _

from community.accounts import actions
from community.accounts.forms import NewAddressForm, PasswordForm
from community.accounts.views.guesses import in_even_time, keep_address_to_ourselves, knows_password
from community.accounts.views.second_step import asks_code_again
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.members import actions as members
from community.members import queries
from community.members.models import TokenUse
from community.members.second_step import is_demanded_of
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.limits import is_in_time

bp = Blueprint("security", __name__, url_prefix="/account/security")
bp.after_request(keep_address_to_ourselves)
HERE = "/account/security"


@bp.get("")
@needs(Permission.ACCOUNT_OWN)
def overview() -> Any:
    """Where one is signed in, and what keeps the account safe."""
    member = current_member()
    return page(
        "accounts/security.html",
        form=Form(),
        sessions=queries.sign_ins_of(member),
        present=queries.digest_of(session.get("_user_id", "")),
        second_step=queries.second_step_of(member),
        is_demanded=is_demanded_of(member),
    )


@bp.route("/password", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
def password() -> Any:
    """A new password, by who knows the old one; the other browsers are signed out."""
    form, member = PasswordForm(), current_member()
    if form.accepted() and knows_password(form, "old_password", member, member.email):
        done = do_once(form, lambda: _changed(form), _("Your password is changed. Other browsers are signed out."))
        if done:
            return done
    return page("accounts/password.html", form=form)


@bp.route("/email", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
@in_even_time
def email() -> Any:
    """Ask for another address; it counts once the link that is mailed there is opened."""
    form, member = NewAddressForm(), current_member()
    if form.accepted() and knows_password(form, "old_password", member, member.email) and is_in_time(form, "confirm"):
        done = do_once(form, lambda: _asked(form), _("We have mailed a link to the new address."))
        if done:
            return done
    return page("accounts/email.html", form=form)


@bp.route("/email/<string:token>", methods=["GET", "POST"])
@everyone
def confirm_email(token: str) -> Any:
    """One button takes the new address; every browser is signed out, and the old address is told."""
    form = Form()
    if form.accepted():
        with unit_of_work():
            member = actions.take_new_email(token)
        if member is not None:
            session.clear()
            flash(_("Your new address counts from now on. Sign in with it."))
            return redirect("/sign-in", 303)
    if queries.live_token(token, TokenUse.NEW_EMAIL, clock.real_now()) is None:
        return page("accounts/dead_link.html", action="", ask=None)[0], 410
    return page("accounts/confirm_email.html", form=form)


@bp.post("/sessions/end")
@needs(Permission.ACCOUNT_OWN)
def end_all() -> Any:
    """Sign out everywhere, here too."""
    with unit_of_work():
        members.end_sessions(current_member())
    session.clear()
    return redirect("/sign-in", 303)


@bp.post("/sessions/<int:session_id>/end")
@needs(Permission.ACCOUNT_OWN)
def end_one(session_id: int) -> Any:
    """Sign one of one's own browsers out."""
    with unit_of_work():
        members.end_sign_in(current_member(), session_id)
    flash(_("That browser is signed out."))
    return redirect(HERE, 303)


def _asked(form: NewAddressForm) -> str:
    actions.ask_new_email(current_member(), form.email.data)
    return HERE


def _changed(form: PasswordForm) -> str:
    actions.change_password(current_member(), form.password.data)
    return HERE
