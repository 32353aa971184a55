"""What ties a reader to people and talk: follow, mute, block, thank, and say which answer helped."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.forums import policy
from community.forums.actions import ties as actions
from community.forums.queries import ties as queries
from community.forums.queries.topics import standing
from community.items import actions as items
from community.items.models import Post, Stance
from community.web.access import current_member, needs, require
from community.web.answers import back
from community.web.limits import limited

bp = Blueprint("ties", __name__, url_prefix="/<site:site>")
STANCES: dict[str, Stance | None] = {**{str(stance): stance for stance in Stance}, "none": None}
SAYINGS = {
    Stance.FOLLOW: _l("You follow this now, and hear of what is new."),
    Stance.MUTE: _l("Muted. It stays out of your lists, mails and notices."),
    Stance.BLOCK: _l("Blocked. What they write is folded for you, and they cannot reach you. They are not told."),
    None: _l("Done. You hear of it, or not, as everybody does."),
}


@bp.post("/follow/<string:kind>/<int:thing_id>")
@needs(Permission.ACCOUNT_OWN)
@limited("tie")
def follow(kind: str, thing_id: int) -> Any:
    """Follow, mute or block what the key names; `stance` is `none` for none of these."""
    asked = request.form.get("stance", "")
    if asked not in STANCES:
        abort(400)
    stance, member = STANCES[asked], current_member()
    with unit_of_work():
        thing = queries.followable(g.site, kind, thing_id, member) or abort(404)
        require(policy.may_take_stance(member, thing, stance))
        items.follow(member, thing, stance)
        path = thing.path
    flash(str(SAYINGS[stance]))
    return redirect(back(path), 303)


@bp.post("/posts/<int:post_id>/thank")
@needs(Permission.POST_WRITE)
@limited("tie")
def thank(post_id: int) -> Any:
    """Thank for a post or comment, or (`thanks` is `no`) take it back."""
    member = current_member()
    with unit_of_work():
        post = _post_or_404(post_id)
        require(policy.may_thank(member, post))
        if request.form.get("thanks") == "no":
            items.take_thanks_back(post, member)
        else:
            actions.thank(post, member)
        path = post.path
    return redirect(path, 303)


@bp.post("/forums/posts/<int:post_id>/accept")
@needs(Permission.POST_WRITE)
def accept(post_id: int) -> Any:
    """Say that this answer helped, or (`accepted` is `no`) that none did."""
    member = current_member()
    with unit_of_work():
        post = _post_or_404(post_id, "topic")
        topic: Any = post.item
        require(policy.may_accept(member, post, standing(topic, member).is_asker))
        if request.form.get("accepted") == "no":
            actions.accept_none(post)
        else:
            actions.accept(post, member)
        path = post.path
    flash(_("The mark is gone.") if request.form.get("accepted") == "no" else _("Marked as the answer that helped."))
    return redirect(path, 303)


def _post_or_404(post_id: int, kind: str | None = None) -> Post:
    post = queries.live_post(g.site, post_id, current_member())
    if post is None or kind not in (None, post.item.kind):
        abort(404)
    return post
