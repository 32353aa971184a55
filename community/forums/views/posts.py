"""One post: its lasting address, changing it, taking it away, and what it said before."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flask import Blueprint, abort, flash, g, redirect
from flask_babel import gettext as _

from community.core.comparison import rows_between
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.forums import policy
from community.forums.actions import topics as actions
from community.forums.forms import ChangedPostForm, ChangedTopicForm
from community.forums.models import topic_of
from community.forums.queries import topics as queries
from community.forums.views import head
from community.forums.views.topics import path_to, topic_or_404
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post
from community.web.access import current_member, everyone, needs, require
from community.web.answers import page

bp = Blueprint("posts", __name__, url_prefix="/<site:site>/forums/posts")


@bp.get("/<int:post_id>")
@everyone
def post(post_id: int) -> Any:
    """The lasting address of a post: it leads to the page that holds it."""
    shown = post_or_404(post_id)
    if not policy.may_read_post(current_member(), shown):
        abort(404)
    return redirect(path_to(shown))


@bp.route("/<int:post_id>/edit", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def edit_post(post_id: int) -> Any:
    """Change one's own post; what it said before is kept."""
    shown = _own_post(post_id, policy.may_edit)
    form = _edit_form(shown)
    if form.accepted():
        with unit_of_work():
            shown = _own_post(post_id, policy.may_edit)
            actions.edit_post(shown, form.body.data or "", form.data.get("title") or "")
            items.drop_draft(current_member(), shown.key)
            path = path_to(shown)
        return redirect(path, 303)
    return page("forums/edit_post.html", form=form, post=shown)


@bp.post("/<int:post_id>/delete")
@needs(Permission.POST_WRITE)
def delete_post(post_id: int) -> Any:
    """Take one's own post away; the next page offers to bring it back."""
    with unit_of_work():
        shown = _own_post(post_id, policy.may_delete)
        board = topic_or_404(shown.item_id).collection
        actions.take_away(shown)
        is_gone = shown.number == 1 and not shown.is_live
        path = board.path if is_gone and board else path_to(shown)
        undo = f"{shown.path}/restore"
    flash(_("It is taken away."), undo)
    return redirect(path, 303)


@bp.post("/<int:post_id>/restore")
@needs(Permission.POST_WRITE)
def restore_post(post_id: int) -> Any:
    """Bring one's own post back."""
    try:
        with unit_of_work():
            shown = _own_post(post_id, policy.may_restore)
            actions.bring_back(shown)
            path = path_to(shown)
    except Refused as refused:
        flash(refused.why)
        return redirect(f"{g.site.path}forums/posts/{post_id}", 303)
    flash(_("It is back."))
    return redirect(path, 303)


@bp.get("/<int:post_id>/history")
@everyone
def history(post_id: int) -> Any:
    """What a post said before, each time against what it said next."""
    shown = post_or_404(post_id)
    if not policy.may_see_history(current_member(), shown):
        abort(404)
    versions = queries.versions_of(shown)
    texts = [*(version.body for version in versions), shown.body]
    moments = [version.replaced_at for version in versions]
    changes = [(at, rows_between(*pair)) for at, pair in zip(moments, pairwise(texts), strict=True)]
    frame = head.frame(f"{shown.path}/history")
    return page("forums/history.html", post=shown, changes=changes[::-1], **frame)


def post_or_404(post_id: int) -> Post:
    """A post of a topic that the reader may see, in whatever state it is itself."""
    shown = queries.post_by_id(g.site, post_id)
    if shown is None or not (
        policy.may_read(current_member(), topic_of(shown), shown if shown.number == 1 else None)
        or policy.may_restore(current_member(), shown)
    ):
        abort(404)
    return shown


def _own_post(post_id: int, may: Callable[[Any, Post], bool]) -> Post:
    shown = post_or_404(post_id)
    require(may(current_member(), shown))
    return shown


def _edit_form(shown: Post) -> ChangedPostForm:
    """The words as they are, or as they were left unsaved."""
    kind = ChangedTopicForm if shown.number == 1 else ChangedPostForm
    draft = item_queries.draft(current_member().id, shown.key)
    stored = {"title": shown.item.title, "body": shown.body}
    return kind(data={**stored, **(draft.fields if draft else {})})
