"""Comments under an item: written, changed, taken away and brought back by their authors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect
from flask_babel import gettext as _

from community.comments import actions, queries
from community.comments.forms import ChangedCommentForm, CommentForm
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items import policy
from community.items import queries as items
from community.items.models import Item, Post
from community.items.models.shown import ShownItem, ShownPost
from community.items.queries import Conversation
from community.web.access import current_member, everyone, needs, require
from community.web.answers import do_once, page
from community.web.limits import is_in_time, limits_of_posting
from community.web.numbering import A_PAGE, Page, address, asked_number, path_of_page

bp = Blueprint("comments", __name__, url_prefix="/<site:site>")


@bp.get("/posts/<int:post_id>")
@everyone
def comment(post_id: int) -> Any:
    """The lasting address of a comment: it leads to the page that holds it, or where a moderator would let it stand."""
    post = _comment_or_404(post_id)
    if post.is_live or policy.may_edit_post(current_member(), post):
        return redirect(_path_of(post))
    return redirect(f"{post.item.path}#comments") if current_member().can(Permission.POST_HIDE, g.site) else abort(404)


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
    return page("comments/edit.html", form=form, post=post)


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


def write_under(find: Callable[[], Item], form: CommentForm) -> Any:
    """Answer an item, found anew in the deed, or somebody who did; None where the form is to be shown again."""
    if not form.accepted() or not is_in_time(form, *limits_of_posting()):
        return None
    return do_once(form, lambda: _written(find(), form), _("Thank you. Your comment stands below."))


def comments_under(item: Item | ShownItem, form: CommentForm | None) -> dict[str, Any]:
    """What `comments/_comments.html` shows under an item; 404 for a page of comments that is not there."""
    member, number = current_member(), asked_number("page") or 1
    conversations, total = items.conversations(item, member, (number - 1) * A_PAGE, A_PAGE)
    if number > 1 and not conversations:
        abort(404)
    return {
        "form": form,
        "commented": item,
        "answered": form and _begun_answer(item, form, conversations),
        "conversations": [_looks(each, member) for each in conversations],
        "here": f"{item.path}?page={number}&" if number > 1 else f"{item.path}?",
        "place": Page(number, total),
        "path_of_page": path_of_page,
    }


def _written(item: Item, form: CommentForm) -> str:
    member = current_member()
    require(policy.may_post(member, item))
    parent = queries.answerable(item, form.parent.data)
    if parent is None and form.parent.data is not None:
        raise Refused(_("The comment that you answer is gone. Send yours again to let it stand by itself."), "body")
    return _path_of(actions.write_comment(item, member, form.body.data or "", parent))


def _looks(conversation: Conversation, member: Any) -> tuple[Any, ...]:
    """What a conversation looks like to a member: its comments, the root first, each with rights and thanks."""
    comments = conversation.root, *conversation.answers
    return tuple((each.look, policy.rights_on(member, each), each.is_thanked) for each in comments)


def _begun_answer(
    item: Item | ShownItem, form: CommentForm, conversations: list[Conversation]
) -> Post | ShownPost | None:
    """The comment that is answered: by the form that came back, else by `?quote=` or `?reply=`."""
    if form.is_submitted():
        answered: Post | ShownPost | None = queries.answerable(item, form.parent.data)
        form.parent.data = answered and answered.id
        return answered
    quoted = asked_number("quote")
    wanted = quoted or asked_number("reply")
    on_page = (post for each in conversations for post in (each.root, *each.answers) if post.is_live)
    here = next((post for post in on_page if post.id == wanted), None)
    answered = here or queries.answerable(item, wanted)
    if answered is not None:
        form.begin_answer(answered, is_quoted=quoted is not None)
    return answered


def _comment_or_404(post_id: int) -> Post:
    return queries.comment_by_id(g.site, post_id, current_member()) or abort(404)


def _own_comment(post_id: int, may: Callable[[Any, Post], bool]) -> Post:
    post = _comment_or_404(post_id)
    require(may(current_member(), post))
    return post


def _path_of(post: Post) -> str:
    """Where a comment stands: the address of its page, and its place there."""
    number = items.conversations_before(post, current_member()) // A_PAGE + 1
    return address(post.item.path, {"page": number} if number > 1 else {}) + f"#{post.anchor}"
