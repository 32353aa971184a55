"""Comments under an article: written, changed, taken away and brought back by their authors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect
from flask_babel import gettext as _

from community.articles.actions import comments as actions
from community.articles.forms.comments import ChangedCommentForm, CommentForm
from community.articles.queries import published
from community.articles.views.public import article_or_404, article_page
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items import policy
from community.items import queries as items
from community.items.models import Post
from community.web.access import current_member, everyone, needs, require
from community.web.answers import do_once, page
from community.web.limits import is_in_time, limits_of_posting
from community.web.numbering import A_PAGE, address

bp = Blueprint("comments", __name__, url_prefix="/<site:site>")


@bp.post("/articles/<string:slug>/posts")
@needs(Permission.POST_WRITE)
def write_comment(slug: str) -> Any:
    """Answer an article, or somebody who did."""
    form = CommentForm()
    if form.accepted() and is_in_time(form, *limits_of_posting()):
        answer = do_once(form, lambda: _written(slug, form), _("Thank you. Your comment stands below."))
        if answer is not None:
            return answer
    return article_page(article_or_404(slug), form)


@bp.get("/posts/<int:post_id>")
@everyone
def comment(post_id: int) -> Any:
    """The lasting address of a comment: it leads to the page that holds it."""
    post = _comment_or_404(post_id)
    if not (post.is_live or policy.may_edit_post(current_member(), post)):
        abort(404)
    return redirect(_path_of(post))


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def edit_comment(post_id: int) -> Any:
    """Change one's own comment; what it said before is kept."""
    form = ChangedCommentForm()
    if form.accepted():
        with unit_of_work():
            post = _own_comment(post_id, policy.may_edit_post)
            actions.edit_comment(post, form.body.data or "")
            path = _path_of(post)
        return redirect(path, 303)
    post = _own_comment(post_id, policy.may_edit_post)
    if not form.is_submitted():
        form.body.data = post.body
    return page("articles/edit_comment.html", form=form, post=post)


@bp.post("/posts/<int:post_id>/delete")
@needs(Permission.POST_WRITE)
def delete_comment(post_id: int) -> Any:
    """Take one's own comment away; the next page offers to bring it back."""
    with unit_of_work():
        post = _own_comment(post_id, policy.may_delete_post)
        actions.delete_comment(post)
        path, undo = post.item.path, f"{g.site.path}posts/{post.id}/restore"
    flash(_("Your comment is taken away."), undo)
    return redirect(f"{path}#comments", 303)


@bp.post("/posts/<int:post_id>/restore")
@needs(Permission.POST_WRITE)
def restore_comment(post_id: int) -> Any:
    """Bring one's own comment back."""
    with unit_of_work():
        post = _own_comment(post_id, policy.may_restore_post)
        actions.restore_comment(post)
        path = _path_of(post)
    flash(_("Your comment is back."))
    return redirect(path, 303)


def _written(slug: str, form: CommentForm) -> str:
    shown, member = article_or_404(slug), current_member()
    require(policy.may_post(member, shown))
    parent = published.answerable_comment(shown, form.parent.data)
    if parent is None and form.parent.data is not None:
        raise Refused(_("The comment that you answer is gone. Send yours again to let it stand by itself."), "body")
    return _path_of(actions.write_comment(shown, member, form.body.data or "", parent))


def _comment_or_404(post_id: int) -> Post:
    return published.comment_by_id(g.site, post_id, current_member()) or abort(404)


def _own_comment(post_id: int, may: Callable[[Any, Post], bool]) -> Post:
    post = _comment_or_404(post_id)
    require(may(current_member(), post))
    return post


def _path_of(post: Post) -> str:
    """Where a comment stands: the address of its page, and its place there."""
    number = items.conversations_before(post, current_member()) // A_PAGE + 1
    return address(post.item.path, {"page": number} if number > 1 else {}) + f"#{post.anchor}"
