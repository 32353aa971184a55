"""`/account/children`: pregnancies and children. Dates only, never a name."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, session
from flask_babel import gettext as _

from community.accounts import actions, queries
from community.accounts.forms import BornForm, ChildForm
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.profiles import actions as profiles
from community.profiles.models import Child, ChildKind
from community.profiles.queries import child_of
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form

bp = Blueprint("children", __name__, url_prefix="/account/children")
HERE = "/account/children"
REMOVED = "removed_child"  # what the session keeps of the last removal, so that it can be undone


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def everyone_at_home() -> Any:
    """All pregnancies and children, and a form for one more."""
    form = ChildForm(kind=request.args.get("kind", ChildKind.PREGNANCY))
    if form.accepted():
        done = do_once(form, lambda: _added(form))
        if done:
            return done
    member = current_member()
    children = queries.shown_children(member, clock.today(member.site.zone))
    added = request.args.get("added", type=int)
    is_undoable = REMOVED in session and "removed" in request.args
    return page("accounts/children.html", form=form, children=children, added=added, is_undoable=is_undoable)


@bp.route("/<int:child_id>", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def one(child_id: int) -> Any:
    """Correct a date."""
    child = _own_or_404(child_id)
    form = ChildForm(obj=child)
    if form.accepted():
        done = do_once(form, lambda: _corrected(child_id, form), _("The dates are kept."))
        if done:
            return done
    return page("accounts/child.html", form=form, child=child)


@bp.route("/<int:child_id>/born", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def born(child_id: int) -> Any:
    """The baby is there: the pregnancy becomes a child."""
    child = _own_or_404(child_id)
    form = BornForm()
    if form.accepted():
        done = do_once(form, lambda: _told_birth(child_id, form), _("Welcome. From now on we count months."))
        if done:
            return done
    return page("accounts/born.html", form=form, child=child)


@bp.post("/<int:child_id>/twin")
@needs(Permission.ACCOUNT_OWN)
def twin(child_id: int) -> Any:
    """One more with the same dates."""
    with unit_of_work():
        actions.add_twin(_own_or_404(child_id), current_member())
    flash(_("Added with the same dates."))
    return redirect(HERE, 303)


@bp.post("/<int:child_id>/remove")
@needs(Permission.ACCOUNT_OWN)
def remove(child_id: int) -> Any:
    """Forget a pregnancy or child; the list offers to undo it."""
    with unit_of_work():
        child = _own_or_404(child_id)
        kept = actions.kept_child(child)
        profiles.remove_child(child)
    session[REMOVED] = kept
    return redirect(f"{HERE}?removed=yes", 303)


@bp.post("/undo")
@needs(Permission.ACCOUNT_OWN)
def undo() -> Any:
    """Put back what was removed a moment ago."""
    form = Form()
    kept = session.pop(REMOVED, None)
    if form.accepted() and kept:
        with unit_of_work():
            actions.put_back_child(current_member(), kept)
        flash(_("It is back."))
    return redirect(HERE, 303)


def _own_or_404(child_id: int) -> Child:
    child = child_of(current_member(), child_id)
    if child is None:
        abort(404)
    return child


def _added(form: ChildForm) -> str:
    child = profiles.add_child(current_member(), *form.told)
    return f"{HERE}?added={child.id}"


def _corrected(child_id: int, form: ChildForm) -> str:
    profiles.change_child(_own_or_404(child_id), *form.told)
    return HERE


def _told_birth(child_id: int, form: BornForm) -> str:
    actions.tell_birth(_own_or_404(child_id), form.born_on.data)
    return HERE
