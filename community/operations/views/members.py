"""`/admin/members`: who is here, which roles they hold, what was done to them. Each look is itself on record."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.views.second_step import asks_code_again
from community.core.db import unit_of_work
from community.core.permissions import Permission, Role
from community.members.models import Member, RoleHeld
from community.members.policy import may_reset_second_step
from community.members.queries import member_by_id, members_page, second_step_of
from community.operations import policy
from community.operations.actions import members as actions
from community.operations.forms import ROLE_NAMES, RoleForm
from community.operations.queries import work as queries
from community.sites.queries import open_site
from community.web.access import current_member, needs, require
from community.web.answers import page
from community.web.numbering import address

bp = Blueprint("members", __name__, url_prefix="/admin/members")
A_PAGE = 50


@bp.get("")
@needs(Permission.ROLE_GRANT)
def list_members() -> str:
    """Everybody, newest first; `q` finds by name or address."""
    words = request.args.get("q", "").strip()[:100]
    found = members_page(words, request.args.get("before", type=int), A_PAGE + 1)
    older = {"before": found[A_PAGE - 1].id} if len(found) > A_PAGE else None
    more = address(request.path, {"q": words, **older} if words else older) if older else ""
    return render_template(
        "operations/members.html", members=found[:A_PAGE], words=words, more=more, role_names=ROLE_NAMES
    )


@bp.get("/<int:member_id>")
@needs(Permission.ROLE_GRANT)
def show_member(member_id: int) -> Any:
    """One member; that somebody looked is stored before it is shown."""
    with unit_of_work():
        actions.note_look(_member_or_404(member_id), current_member().id)
    return _member_page(member_id, RoleForm())


@bp.post("/<int:member_id>/roles")
@needs(Permission.ROLE_GRANT)
@asks_code_again
def give_role(member_id: int) -> Any:
    """A role, for a site or for all."""
    form = RoleForm()
    if not form.accepted():
        return _member_page(member_id, form)
    role = Role(form.role.data)
    with unit_of_work():
        member = _member_or_404(member_id)
        require(policy.may_change_role(current_member(), role, member))
        actions.give_role(member, role, open_site(form.site.data), current_member())
    return _back_to(member_id, _("The role is given. It takes effect when they sign in again."))


@bp.post("/<int:member_id>/roles/take")
@needs(Permission.ROLE_GRANT)
@asks_code_again
def take_role(member_id: int) -> Response:
    """A role goes; `held` names it as the page does: `editor@nl`, `admin@*`."""
    with unit_of_work():
        member = _member_or_404(member_id)
        held = _held_or_404(member, request.form.get("held", "")[:40])
        require(policy.may_change_role(current_member(), held.role, member))
        actions.take_role(member, held, current_member())
    return _back_to(member_id, _("The role is taken, and the member is signed out everywhere."))


@bp.post("/<int:member_id>/suspend")
@needs(Permission.ROLE_GRANT)
@asks_code_again
def suspend(member_id: int) -> Response:
    """Close an account for now; its sessions end at once."""
    with unit_of_work():
        member = _member_or_404(member_id)
        require(policy.may_suspend(current_member(), member))
        actions.suspend(member, current_member())
    return _back_to(member_id, _("The account is closed for now, and signed out everywhere."))


@bp.post("/<int:member_id>/unsuspend")
@needs(Permission.ROLE_GRANT)
@asks_code_again
def unsuspend(member_id: int) -> Response:
    """Open an account again."""
    with unit_of_work():
        member = _member_or_404(member_id)
        require(policy.may_unsuspend(current_member(), member))
        actions.unsuspend(member, current_member())
    return _back_to(member_id, _("The account is open again."))


@bp.post("/<int:member_id>/second-step/reset")
@needs(Permission.ROLE_GRANT)
@asks_code_again
def reset_second_step(member_id: int) -> Response:
    """For a lost phone: the second step goes, and is set up anew at the next sign-in."""
    with unit_of_work():
        member = _member_or_404(member_id)
        require(may_reset_second_step(current_member(), member))
        actions.reset_second_step(member, current_member())
    return _back_to(member_id, _("The second step is reset, and the member is signed out everywhere."))


def _member_page(member_id: int, form: RoleForm) -> Any:
    member, actor = _member_or_404(member_id), current_member()
    return page(
        "operations/member.html",
        form=form,
        shown=member,
        lines=queries.audit_about(member.key),
        role_names=ROLE_NAMES,
        may_change_roles=policy.may_change_role(actor, Role.EDITOR, member),
        may_suspend=policy.may_suspend(actor, member),
        second_step=second_step_of(member),
        may_reset_second_step=may_reset_second_step(actor, member),
        may_unsuspend=policy.may_unsuspend(actor, member),
    )


def _back_to(member_id: int, saying: str) -> Response:
    flash(saying)
    return redirect(f"/admin/members/{member_id}", 303)


def _member_or_404(member_id: int) -> Member:
    return member_by_id(member_id) or abort(404)


def _held_or_404(member: Member, name: str) -> RoleHeld:
    return next((held for held in member.roles if str(held) == name), None) or abort(404)
