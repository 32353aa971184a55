"""The door: register, confirm an address, sign in and out."""

from typing import Any

from flask import Blueprint, g, redirect, request, session
from flask_babel import gettext as _

from community.accounts import actions
from community.accounts.forms import AddressForm, RegisterForm, SignInForm
from community.accounts.views.entry import home_of, way_in
from community.accounts.views.guesses import in_even_time, is_in_time_for, keep_address_to_ourselves, knows_password
from community.core import clock
from community.core.db import unit_of_work
from community.core.limits import limiter
from community.core.refused import Refused
from community.core.text import own_path
from community.members import actions as members
from community.members import policy
from community.members import queries as member_queries
from community.members import views as sessions
from community.members.models import Identity, Member, MemberState, TokenUse
from community.moderation.views.decisions import CLOSED
from community.web.access import current_member, everyone
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.limits import is_in_time

bp = Blueprint("accounts", __name__)
bp.after_request(keep_address_to_ourselves)


@bp.route("/register", methods=["GET", "POST"])
@everyone
@in_even_time
def register() -> Any:
    """Become a member. The answer is the same whether the address is free or taken: the mail tells."""
    if current_member().is_member:
        return redirect(home_of(current_member()))
    form = RegisterForm(next=request.args.get("next"))
    if form.accepted() and _is_possible(form) and is_in_time(form, "register"):
        identity = _identity(form)
        done = do_once(form, lambda: _registered(identity, form))
        if done:
            return done
    return page("accounts/register.html", form=form)


@bp.get("/register/mailed", defaults={"about": "register"})
@bp.get("/confirm/mailed", defaults={"about": "confirm"})
@bp.get("/reset/mailed", defaults={"about": "reset"})
@everyone
def mailed(about: str) -> Any:
    """Look in your mail."""
    return page("accounts/mailed.html", about=about)


@bp.route("/confirm", methods=["GET", "POST"])
@everyone
@in_even_time
def ask_confirmation() -> Any:
    """A new link to confirm an address; the answer is always the same."""
    form = AddressForm()
    if form.accepted() and is_in_time_for(form, "confirm", form.email.data):
        with unit_of_work():
            actions.ask_confirmation(form.email.data)
        return redirect(f"/confirm/mailed?site={g.site}", 303)
    lead = _("Fill in the address that you registered with. If it waits to be confirmed, we mail you a new link.")
    return page("accounts/ask_link.html", form=form, title=_("A new link"), lead=lead)


@bp.route("/confirm/<string:token>", methods=["GET", "POST"])
@everyone
def confirm(token: str) -> Any:
    """One button confirms the address and signs in; following the link alone changes nothing."""
    form = Form()
    if form.accepted():
        done = do_once(form, lambda: _confirmed(token))
        if done:
            return done
    if member_queries.live_token(token, TokenUse.CONFIRM, clock.real_now()) is None:
        return page("accounts/dead_link.html", action="/confirm", ask=AddressForm(formdata=None))[0], 410
    return page("accounts/confirm.html", form=form)


@bp.route("/sign-in", methods=["GET", "POST"])
@everyone
def sign_in() -> Any:
    """Come in, and on to where the reader wanted to go."""
    form = SignInForm(next=request.args.get("next"))
    if current_member().is_member:
        return redirect(form.next.data or home_of(current_member()), 303)
    if form.accepted():
        member = member_queries.member_by_email(form.email.data)
        knows = knows_password(form, "password", member, form.email.data)
        if knows and member and _is_closed(member):
            return redirect("/account/decisions/closed", 303)
        if knows and member and _may_enter(form, member):
            with unit_of_work():
                path = way_in(member, form.next.data)
            return redirect(path, 303)
    return page("accounts/sign_in.html", form=form)


@bp.post("/sign-out")
@everyone
def sign_out() -> Any:
    """End this browser's session, here and on the server."""
    path = g.site.path
    own_code = session.get(sessions.OWN_CODE)
    sessions.sign_out()
    session.clear()
    if own_code:
        session[sessions.OWN_CODE] = own_code
    return redirect(path, 303)


def _identity(form: RegisterForm) -> Identity:
    return Identity(form.email.data, form.name.data, form.password.data, g.site, form.consents)


def _is_possible(form: RegisterForm) -> bool:
    """Mistakes that can be told at once, before anything is counted."""
    try:
        actions.check_registration(_identity(form), form.due_date.data)
    except Refused as refused:
        form.refuse(refused)
    return not form.mistakes


def _registered(identity: Identity, form: RegisterForm) -> str:
    actions.register(identity, form.due_date.data, form.next.data)
    return f"/register/mailed?site={identity.site}"


def _confirmed(token: str) -> str:
    member = actions.confirm(token)
    if member is None:
        raise Refused(_("This link was used before, or it is too old."))
    next_path = own_path(request.args.get("next")) or ""
    return way_in(member, next_path) if member.is_active else next_path or home_of(member)


def _may_enter(form: SignInForm, member: Member) -> bool:
    """Who knows the password is told why it opens nothing."""
    if member.state == MemberState.UNCONFIRMED:
        if not limiter.wait("confirm", member.key):
            with unit_of_work():
                actions.send_confirmation(member, form.next.data)
        form.refuse(Refused(_("Your address waits to be confirmed. We have mailed you the link again.")))
    return member.is_active


def _is_closed(member: Member) -> bool:
    """Whether a suspension holds; one whose days are over ends here. A page that opens to whoever knows the
    password tells the rest."""
    if policy.is_suspension_over(member, clock.now()):
        with unit_of_work():
            members.reopen(member)
    if member.state != MemberState.SUSPENDED:
        return False
    session[CLOSED] = (member.id, clock.real_now().timestamp())
    return True
