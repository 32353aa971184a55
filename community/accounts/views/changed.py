"""`/account/changed`: the one stop. One press, no reason asked, none stored; it never resumes by itself."""

from typing import Any

from flask import Blueprint, redirect
from flask_babel import gettext as _

from community.accounts.forms import ChangedForm
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.members.models import Member
from community.profiles import actions as profiles
from community.profiles import queries
from community.profiles.models import Child
from community.web.access import current_member, needs
from community.web.answers import page
from community.web.forms import Form

bp = Blueprint("changed", __name__, url_prefix="/account/changed")


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def stop() -> Any:
    """Something changed: weeks, baby items and their mails stop at once."""
    form = ChangedForm()
    children = queries.children_of(current_member())
    running = [child for child in children if child.stopped_at is None]
    if form.accepted() and _is_clear(form, running):
        with unit_of_work():
            profiles.stop(current_member(), _meant(current_member(), form))
        return redirect("/account/changed", 303)
    return page(
        "accounts/changed.html",
        form=form,
        running=running,
        stopped=[child for child in children if child.stopped_at is not None],
        is_asked=_is_choice(running),
    )


@bp.post("/resume")
@needs(Permission.ACCOUNT_OWN)
def resume() -> Any:
    """Show weeks again, by the member's own wish; a stopped pregnancy only where it is named."""
    form = ChangedForm()
    if form.accepted():
        with unit_of_work():
            member = current_member()
            chosen = [child for child in queries.children_of(member) if child.id in (form.children.data or ())]
            profiles.resume(member, chosen)
    return redirect("/account/children", 303)


def _is_choice(running: list[Child]) -> bool:
    """Whether it is not plain who is meant: several, or no pregnancy among them."""
    return len(running) > 1 or any(not child.is_pregnancy for child in running)


def _is_clear(form: Form, running: list[Child]) -> bool:
    if _is_choice(running) and any(child.is_pregnancy for child in running) and not form["children"].data:
        form.refuse(Refused(_("Tick for whom the weeks should stop."), "children"))
    return not form.mistakes


def _meant(member: Member, form: Form) -> list[Child]:
    """Read anew inside the deed: the one that there is, or those that were ticked."""
    running = [child for child in queries.children_of(member) if child.stopped_at is None]
    return [child for child in running if child.id in form["children"].data] if _is_choice(running) else running
