"""`/account/notices`: what happened, and where a member wants to hear of it."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.messages.actions import choices as actions
from community.messages.actions import notices as bell
from community.messages.actions import suppression
from community.messages.forms import ChoicesForm, SeenForm
from community.messages.policy import is_paused
from community.messages.queries import notices as queries
from community.messages.queries.bounces import suppression_of
from community.messages.queries.choices import choices_of
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form
from community.web.numbering import A_PAGE, address, asked_number

bp = Blueprint("notices", __name__, url_prefix="/account/notices")
HERE = "/account/notices"


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def notices() -> Any:
    """The bell's list, newest first, and below it the choices by kind and channel: one form."""
    member = current_member()
    choices = choices_of(member.id)
    form = ChoicesForm.of(member, choices, clock.now())
    if form.accepted():
        with unit_of_work():
            actions.choose(current_member(), form.chosen)
        flash(_("Kept. It holds from this moment."))
        return redirect(f"{HERE}#choices", 303)
    return _shown(form, choices)


@bp.post("/seen")
@needs(Permission.ACCOUNT_OWN)
def seen() -> Any:
    """Mark all as read that was there when the page was made."""
    form = SeenForm()
    if form.accepted():
        with unit_of_work():
            bell.read_all(current_member(), form.up_to.data)
    return redirect(HERE, 303)


@bp.post("/try-again")
@needs(Permission.ACCOUNT_OWN)
def try_again() -> Any:
    """The address that mail came back from works after all: lift what was kept of it, and try it with a mail."""
    form = Form()
    done = do_once(form, _tried) if form.accepted() else None
    if done:
        flash(_("We send mail again, and have just tried with one."))
        return done
    for _field, words in form.mistakes:
        flash(words)
    return redirect(HERE, 303)


def _shown(form: ChoicesForm, choices: Any) -> Any:
    member, before = current_member(), asked_number("before")
    found = queries.bundles_page(member, before, A_PAGE + 1)
    if before is None:
        _count_anew()
    return page(
        "messages/notices.html",
        form=form,
        bundles=found[:A_PAGE],
        older=address(HERE, {"before": found[A_PAGE - 1].newest.id}) if len(found) > A_PAGE else "",
        before=before,
        stop=suppression_of(member.email or ""),
        paused_until=choices.paused_until if is_paused(choices, clock.now()) else None,
        seen_form=SeenForm(formdata=None, up_to=found[0].newest.id) if found else None,
    )


def _count_anew() -> None:
    """The header's number and the list agree, also where something was hidden since it was told."""
    if queries.unread_count(current_member()) != current_member().notice_count:
        with unit_of_work():
            bell.recount(current_member())


def _tried() -> str:
    suppression.try_again(current_member())
    return HERE
