"""Taking everything along, and going."""

import io
import json
import zipfile
from typing import Any

from flask import Blueprint, current_app, session
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts import actions, queries
from community.accounts.forms import DeleteForm, ExportForm
from community.accounts.views.guesses import knows_password
from community.core import audit, clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.media import store
from community.media.queries import pictures_by
from community.members.models import Member
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page
from community.web.cache import cache
from community.web.headers import private
from community.web.limits import is_in_time

bp = Blueprint("leaving", __name__)
PART_NAMES = {
    "members": _l("Who you are"),
    "profiles": _l("Profile"),
    "children": _l("Pregnancies and children"),
    "interests": _l("Interests you chose"),
    "tasks_done": _l("Things you ticked off"),
    "consents": _l("What you agreed to"),
    "sign_ins": _l("Browsers signed in"),
    "tokens": _l("Links that we mailed"),
    "touchpoints": _l("Contacts with this site"),
    "reads": _l("What you read"),
    "dismissed": _l("What you did not want to see"),
    "posts": _l("What you wrote"),
    "pictures": _l("Your pictures"),
    "mails": _l("Mails to you"),
    "items": _l("What you published"),
    "articles": _l("Articles that you checked"),
    "drafts": _l("Drafts"),
    "revisions": _l("Versions that you saved"),
    "audit_entries": _l("Deeds that others must be able to account for"),
}


@bp.route("/account/export", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def export() -> Any:
    """Everything that is stored under the member, readable and for machines, behind the password."""
    form, member = ExportForm(), current_member()
    if form.accepted() and knows_password(form, "password", member, member.email) and is_in_time(form, "export"):
        with unit_of_work():
            audit.keep("member.exported", member.key, member.id)
        answer = Response(archive_of(member), content_type="application/zip")
        answer.headers["Content-Disposition"] = "attachment; filename=community.zip"
        return private(answer)
    return page("accounts/export.html", form=form)


@bp.route("/account/delete", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def delete() -> Any:
    """Say what will be gone, ask for the password, and erase at once."""
    form, member = DeleteForm(), current_member()
    if form.accepted() and knows_password(form, "password", member, member.email):
        done = do_once(form, lambda: _erased(form))
        if done:
            cache.clear()
            session.clear()
            return done
    return page("accounts/delete.html", form=form, counts=queries.counts_of(member))


@bp.get("/deleted")
@everyone
def deleted() -> Any:
    """The account is gone."""
    return page("accounts/deleted.html")


def archive_of(member: Member) -> bytes:
    """A ZIP with data.json, a readable index.html and the member's pictures. Needs no request."""
    parts = queries.everything_about(member)
    template = current_app.jinja_env.get_template("accounts/archive.html")
    with force_locale(member.site.locale):
        readable = template.render(member=member, parts=parts, names=PART_NAMES, at=clock.now())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("data.json", json.dumps(parts, indent=2, ensure_ascii=False, default=str))
        files.writestr("index.html", readable)
        for picture in pictures_by(member.id):
            name = f"{picture.name}-{picture.widths[-1]}.{picture.suffix}"
            files.write(store.folder() / name, f"pictures/{name}")
    return archive.getvalue()


def _erased(form: DeleteForm) -> str:
    actions.erase(current_member(), with_posts=form.posts.data == "gone")
    return "/deleted"
