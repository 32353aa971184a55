"""The second step: asked at the door, asked again before what weighs most, switched on and off, shown once."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Blueprint, abort, current_app, flash, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts import actions
from community.accounts.forms import CodeForm, SwitchOnForm
from community.accounts.views.entry import enter, waiting
from community.accounts.views.guesses import keep_address_to_ourselves, knows_password
from community.core.db import unit_of_work
from community.core.limits import limiter
from community.core.permissions import Permission, is_for_staff
from community.core.refused import Refused
from community.core.text import own_path
from community.members import queries, second_step
from community.members import views as sessions
from community.members.models import Member
from community.web.access import current_member, everyone, needs, require
from community.web.answers import back, page
from community.web.forms import Form
from community.web.limits import too_soon
from community.web.pictures import squares_of

View = TypeVar("View", bound=Callable[..., Any])
SECURITY = "/account/security"
SALT = "salt"  # in the session: of the secret that is shown and not confirmed yet
bp = Blueprint("second_step", __name__)
bp.after_request(keep_address_to_ourselves)


def asks_code_again(view: View) -> View:
    """Below `@needs`: whoever comes in with a second step must have proved it within ten minutes."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if sessions.is_just_proved() or not second_step.is_asked_of(current_member()):
            return view(*args, **kwargs)
        return _to_code()

    return asked  # type: ignore[return-value]


@bp.before_app_request
def ask_staff_once() -> Response | None:
    """Staff who came in before the site demanded a second step prove one, or set it up, before they go on as staff."""
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    if not is_for_staff(access) or sessions.is_proved() or not second_step.is_demanded_of(current_member()):
        return None
    return _to_code()


@bp.route("/sign-in/code", methods=["GET", "POST"])
@everyone
def code_at_door() -> Any:
    """The password was right: now the code."""
    member, path = waiting() or (None, "")
    if member is None:
        return redirect("/sign-in", 303)
    form = CodeForm()
    if form.accepted() and _proves(form, member):
        with unit_of_work():
            enter(member)
        sessions.note_proof()
        return redirect(path, 303)
    return page("accounts/second_step.html", form=form, is_at_door=True)


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@everyone
def set_up_at_door() -> Any:
    """The password was right, and from now on a code is asked too: staff set it up when they first come in."""
    member, path = waiting() or (None, "")
    if member is None or queries.second_step_of(member) is not None:
        return redirect("/sign-in", 303)
    form = CodeForm()
    if form.accepted() and (codes := _begun(form, member, lambda: enter(member))):
        return page("accounts/second_step_codes.html", codes=codes, next=path)
    return _set_up_page(form, member)


@bp.route(f"{SECURITY}/code", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def code_again() -> Any:
    """Once more, before what weighs most; then back there."""
    member, path = current_member(), own_path(request.args.get("next")) or SECURITY
    if queries.second_step_of(member) is None:
        return redirect(f"{SECURITY}/second-step", 303)
    form = CodeForm()
    if form.accepted() and _proves(form, member):
        sessions.note_proof()
        flash(_("Thank you. For ten minutes we ask no other code."))
        return redirect(path, 303)
    return page("accounts/second_step.html", form=form, is_at_door=False)


@bp.route(f"{SECURITY}/second-step", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def switch_on() -> Any:
    """Any member may ask to be asked."""
    member = current_member()
    if queries.second_step_of(member) is not None:
        return redirect(SECURITY, 303)
    form = SwitchOnForm()
    if form.accepted() and knows_password(form, "password", member, member.email):
        codes = _begun(form, member)
        if codes:
            return page("accounts/second_step_codes.html", codes=codes, next=SECURITY)
    return _set_up_page(form, member)


@bp.post(f"{SECURITY}/second-step/codes")
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
def renew_codes() -> Any:
    """Ten new spare codes; earlier ones open nothing any more."""
    with unit_of_work():
        require(queries.second_step_of(current_member()) is not None)
        codes = second_step.renew_spare_codes(current_member())
    return page("accounts/second_step_codes.html", codes=codes, next=SECURITY)


@bp.post(f"{SECURITY}/second-step/off")
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
def switch_off() -> Response:
    """A password is enough again; never for staff."""
    with unit_of_work():
        require(not second_step.is_demanded_of(current_member()))
        second_step.end(current_member(), current_member())
        actions.tell_second_step(current_member(), is_on=False)
    flash(_("Your second step is off."))
    return redirect(SECURITY, 303)


def _to_code() -> Response:
    path = request.full_path.rstrip("?") if request.method == "GET" else back(SECURITY)
    return redirect(f"{SECURITY}/code?next={quote(path)}", 303)


def _proves(form: CodeForm, member: Member) -> bool:
    """Whether the code is right; a right one is used up, and begins the count of guesses anew."""
    form.wait = limiter.wait("second-step", member.key)
    if form.wait:
        form.refuse(Refused(too_soon(form.wait)))
        return False
    with unit_of_work():
        is_right = second_step.accepts(member, form.code.data)
    if is_right:
        limiter.forget("second-step", member.key)
    else:
        form.refuse(Refused(_("This code is not right, or it was used before. Type the next one that shows."), "code"))
    return is_right


def _begun(form: CodeForm, member: Member, then: Callable[[], None] = lambda: None) -> list[str]:
    """The spare codes, once the app shows that it has the secret; none where it does not."""
    salt = session.get(SALT) or abort(400)
    try:
        with unit_of_work():
            codes = second_step.begin(member, salt, form.code.data)
            actions.tell_second_step(member, is_on=True)
            then()
    except Refused as refused:
        form.refuse(Refused(refused.why, "code"))
        return []
    session.pop(SALT, None)
    sessions.note_proof()
    return codes


def _set_up_page(form: Form, member: Member) -> Any:
    salt = session.setdefault(SALT, second_step.new_salt())
    return page(
        "accounts/second_step_set_up.html",
        form=form,
        secret=" ".join(re.findall("....", second_step.secret_of(salt))),
        picture=squares_of(second_step.address_of(salt, member)),
    )
