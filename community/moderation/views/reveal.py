"""`/moderation/posts/<id>/reveal`: who an anonymous parent is, for a reason that is written down first."""

from typing import Any

from flask import Blueprint, abort

from community.core import audit
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items.models import Post
from community.items.queries import post_by_id
from community.members.queries import member_by_id
from community.moderation.forms import RevealForm
from community.web.access import current_member, needs
from community.web.answers import page

bp = Blueprint("reveal", __name__, url_prefix="/moderation")


@bp.route("/posts/<int:post_id>/reveal", methods=["GET", "POST"])
@needs(Permission.WRITER_REVEAL)
def reveal(post_id: int) -> Any:
    """The name stands on this one answer and is kept nowhere; the look is in the log before it is shown."""
    form, writer = RevealForm(), None
    if form.accepted():
        with unit_of_work():
            audit.keep("writer.revealed", _post_or_404(post_id).key, current_member().id, why=form.why.data)
        writer = member_by_id(_post_or_404(post_id).writer_id or 0)
    return page("moderation/reveal.html", form=form, post=_post_or_404(post_id), writer=writer)


def _post_or_404(post_id: int) -> Post:
    """A post under a pseudonym, on a site where the moderator may look."""
    post = post_by_id(post_id)
    if post is None or post.pseudonym_id is None or not current_member().can(Permission.WRITER_REVEAL, post.item.site):
        abort(404)
    return post
