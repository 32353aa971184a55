"""`/moderation/`: what waits for a moderator, oldest first, to be kept or hidden."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items.models import Post, State
from community.items.queries import held_posts, post_by_id
from community.members.models import Member
from community.moderation import policy
from community.moderation.actions import screening as actions
from community.web.access import current_member, needs

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
WHY_HELD = {"first-link": _l("The first post of this member, and it holds a link.")}


@bp.get("/")
@needs(Permission.POST_HIDE)
def queue() -> str:
    """Posts that wait, on the moderator's own sites."""
    waiting = held_posts(policy.sites_of(current_member()))
    return render_template("moderation/queue.html", posts=waiting, why_held=WHY_HELD)


@bp.post("/posts/<int:post_id>/keep")
@needs(Permission.POST_HIDE)
def keep(post_id: int) -> Response:
    """Let a post stand: everybody can read it from now on."""
    return _decide(post_id, actions.keep, _("Kept. Everybody can read it now."))


@bp.post("/posts/<int:post_id>/hide")
@needs(Permission.POST_HIDE)
def hide(post_id: int) -> Response:
    """Take a post away: nobody else can read it."""
    return _decide(post_id, actions.hide, _("Hidden. Nobody else can read it."))


def _decide(post_id: int, deed: Callable[[Post, Member], None], saying: str) -> Response:
    """Posts of sites that are not the moderator's do not exist for them."""
    with unit_of_work():
        post = post_by_id(post_id)
        if post is None or not policy.may_decide(current_member(), post):
            abort(404)
        if post.state == State.HELD:
            deed(post, current_member())
        else:
            saying = _("Somebody decided about this post before you.")
    flash(saying)
    return redirect("/moderation/", 303)
