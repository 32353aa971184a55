"""Who somebody is to others: one's own profile, and the page that others see."""

from typing import Any

from flask import Blueprint, abort, g
from flask_babel import gettext as _

from community.accounts import actions, queries
from community.accounts.forms import ProfileForm
from community.core import clock
from community.core.permissions import Permission
from community.core.text import excerpt
from community.items.queries import stance_to
from community.members.queries import member_by_username
from community.profiles.models import FIELDS, Profile
from community.profiles.queries import family_of, profile_of
from community.sites.models import SITES
from community.web.access import current_member, everyone, needs
from community.web.answers import do_once, page

bp = Blueprint("profile", __name__)


@bp.route("/account/profile", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def own() -> Any:
    """Name, town, words about oneself, and who sees each of them."""
    member = current_member()
    profile = profile_of(member) or Profile(member_id=member.id, visible_to={})
    form = ProfileForm(
        name=member.name,
        title=member.title,
        site=member.site.code,
        town=profile.town or "",
        about=profile.about or "",
        partner_role=profile.partner_role or "",
        **{f"visible_{field}": profile.audience_of(field) for field in FIELDS},
    )
    if form.accepted():
        done = do_once(form, lambda: _changed(form), _("Your profile is kept."))
        if done:
            return done
    return page("accounts/profile.html", form=form)


@bp.get("/<site:site>/members/<string:username>")
@everyone
def public(username: str) -> Any:
    """A member as this reader may see them: each field only to its audience."""
    member = member_by_username(username)
    if member is None:
        abort(404)
    reader = current_member()
    today = clock.today(member.site.zone)
    guard = family_of(reader, today).guard if reader.guarded_since else None
    shown = queries.public_profile(member, reader, g.site, guard, today)
    stance = stance_to(reader, member)
    return page("accounts/public_profile.html", shown=shown, stance=stance, excerpt=excerpt)


def _changed(form: ProfileForm) -> str:
    told = {field: form[field].data or "" for field in ("name", "title", "town", "about", "partner_role")}
    actions.change_profile(current_member(), {**told, "site": SITES[form.site.data]}, form.visible_to)
    return "/account/profile"
