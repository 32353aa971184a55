"""`/account/following`: whom and what a member follows, mutes or blocks, each with its end."""

from typing import Any

from flask import Blueprint

from community.accounts.queries import follows_of
from community.core import clock
from community.core.permissions import Permission
from community.profiles.queries import family_of
from community.web.access import current_member, needs
from community.web.answers import page

bp = Blueprint("following", __name__, url_prefix="/account")


@bp.get("/following")
@needs(Permission.ACCOUNT_OWN)
def following() -> Any:
    """All that a member follows, mutes and blocks."""
    member = current_member()
    guard = family_of(member, clock.today(member.site.zone)).guard
    return page("accounts/following.html", follows=follows_of(member, guard))
