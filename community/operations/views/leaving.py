"""Taking everything along, and going."""

from typing import Any

from flask import Blueprint, session
from werkzeug.wrappers import Response

from community.accounts.forms import DeleteForm, ExportForm
from community.accounts.queries import counts_of
from community.accounts.views.guesses import knows_password
from community.accounts.views.second_step import asks_code_again
from community.core import audit
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.operations.actions import leaving as actions
from community.operations.archive import archive_of
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page
from community.web.cache import cache
from community.web.headers import private
from community.web.limits import is_in_time

bp = Blueprint("leaving", __name__)


@bp.route("/account/export", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
def export() -> Any:
    """Everything that is stored under the member, readable and for machines, behind the password."""
    form, member = ExportForm(), current_member()
    if form.accepted() and knows_password(form, "password", member, member.email) and is_in_time(form, "export"):
        with unit_of_work():
            audit.keep("member.exported", member.key, member.id)
        answer = Response(archive_of(member), content_type="application/zip")
        answer.headers["Content-Disposition"] = "attachment; filename=community.zip"
        return private(answer)
    return page("operations/export.html", form=form)


@bp.route("/account/delete", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
@asks_code_again
def delete() -> Any:
    """Say what will be gone, ask for the password, and erase at once."""
    form, member = DeleteForm(), current_member()
    if form.accepted() and knows_password(form, "password", member, member.email):
        done = do_once(form, lambda: _erased(form))
        if done:
            cache.clear()
            session.clear()
            return done
    return page("operations/delete.html", form=form, counts=counts_of(member))


@bp.get("/deleted")
@everyone
def deleted() -> Any:
    """The account is gone."""
    return page("operations/deleted.html")


def _erased(form: DeleteForm) -> str:
    actions.erase(current_member(), with_posts=form.posts.data == "gone")
    return "/deleted"
