"""What everybody reads: the lists of articles, and an article with its comments, where members write."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _

from community.articles.actions import comments as actions
from community.articles.forms.comments import ChangedCommentForm, CommentForm
from community.articles.models import Article
from community.articles.queries import addresses, published
from community.articles.views import head
from community.articles.views.calendar import path_of_stage
from community.core import clock, text
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items import policy
from community.items import queries as items
from community.items.models import Post, Tag
from community.items.queries import Conversation
from community.personalisation.queries import related
from community.profiles.queries import Family, family_of
from community.touchpoints.models import READING
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone, needs, require
from community.web.answers import do_once, page
from community.web.cache import shared_page
from community.web.limits import is_in_time, limits_of_posting
from community.web.numbering import (
    A_PAGE,
    LAST_PAGE,
    MOST_NUMBERED,
    Page,
    address,
    asked_number,
    asked_page,
    path_of_page,
)

bp = Blueprint("articles", __name__, url_prefix="/<site:site>")
MORE_TO_READ = 4


@bp.get("/articles/")
@everyone
@shared_page
def articles() -> Any:
    """All articles of a site, newest first."""
    themes = addresses.public_themes()
    return _shelf_page(themes, None, head.same_path("articles/"))


@bp.get("/themes/<string:slug>")
@everyone
@shared_page
def theme(slug: str) -> Any:
    """The articles of one theme."""
    themes = addresses.public_themes()
    shown = next((tag for tag in themes if tag.site == g.site and tag.slug == slug), None)
    if shown is None:
        abort(404)
    same = {
        tag.site: tag.path for tag in themes if shown.translation_key and tag.translation_key == shown.translation_key
    }
    return _shelf_page(themes, shown, same | {g.site: shown.path})


@bp.get("/articles/<string:slug>")
@everyone
@shared_page
def article(slug: str) -> Any:
    """An article with its comments."""
    shown = _article_or_404(slug)
    note_read(shown)
    return _article_page(shown, CommentForm() if policy.may_post(current_member(), shown) else None)


@bp.post("/articles/<string:slug>/posts")
@needs(Permission.POST_WRITE)
def write_comment(slug: str) -> Any:
    """Answer an article, or somebody who did."""
    form = CommentForm()
    if form.accepted() and is_in_time(form, *limits_of_posting()):
        answer = do_once(form, lambda: _written(slug, form), _("Thank you. Your comment stands below."))
        if answer is not None:
            return answer
    return _article_page(_article_or_404(slug), form)


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


def _shelf_page(themes: list[Tag], theme: Tag | None, same: head.Paths) -> Any:
    """A list of articles: numbered, and beyond the last number by `?before=`."""
    shelf = published.Shelf(g.site, current_member(), theme, _family().guard)
    before = asked_number("before")
    if before:
        place = None
        shown = published.articles_before(shelf, before, A_PAGE + 1) or abort(404)
    else:
        place = asked_page(published.count_on(shelf, MOST_NUMBERED + 1))
        shown = published.articles_on(shelf, place.offset, A_PAGE + 1)
    goes_on = len(shown) > A_PAGE and (place is None or place.number == LAST_PAGE)
    return page(
        "articles/articles.html",
        theme=theme,
        choices=_choices(themes, theme),
        articles=shown[:A_PAGE],
        place=place,
        path_of_page=path_of_page,
        older_path=address(request.path, {"before": shown[A_PAGE - 1].id}) if goes_on else "",
        feed=head.absolute(f"{theme.path if theme else g.site.path.rstrip('/')}/feed.xml"),
        **head.frame(path_of_page(place.number if place else 1), same),
    )


def _choices(themes: list[Tag], chosen: Tag | None) -> list[dict[str, Any]]:
    """The themes to choose from, and all of them together."""
    everything = {"label": _("All"), "path": f"{g.site.path}articles/", "is_current": chosen is None}
    own = [tag for tag in themes if tag.site == g.site]
    return [everything, *({"label": tag.name, "path": tag.path, "is_current": tag == chosen} for tag in own)]


def _article_page(shown: Article, form: CommentForm | None) -> Any:
    member, family = current_member(), _family()
    number = asked_number("page") or 1
    conversations, total = items.conversations(shown, member, (number - 1) * A_PAGE, A_PAGE)
    if number > 1 and not conversations:
        abort(404)
    same = {other.site: other.path for other in (shown, *shown.translations) if other.site.is_open}
    return page(
        "articles/article.html",
        form=form,
        article=shown,
        answered=form and _begun_answer(shown, form, conversations),
        conversations=conversations,
        here=f"{shown.path}?page={number}&" if number > 1 else f"{shown.path}?",
        place=Page(number, total),
        path_of_page=path_of_page,
        contents=_contents(shown),
        recommended=related(shown, member, family, MORE_TO_READ),
        policy=policy,
        is_guarded=family.is_guarded,
        stage_path=path_of_stage(shown.stage_from),
        is_counted=any(member.consents_to(purpose) for purpose in READING),
        schema=head.schema_of(shown),
        picture=head.absolute(shown.picture.path(1280)) if shown.picture else "",
        **head.frame(shown.path, same),
    )


def _contents(shown: Article) -> list[dict[str, str]]:
    """The parts of an article, its comments last; a short one needs no such list."""
    parts = [{"label": words, "path": f"#{anchor}"} for anchor, words in text.headings(shown.body_html)]
    return [*parts, {"label": _("Comments"), "path": "#comments"}] if len(parts) > 1 else []


def _begun_answer(shown: Article, form: CommentForm, conversations: list[Conversation]) -> Post | None:
    """The comment that is answered: by the form that came back, else by `?quote=` or `?reply=`."""
    if form.is_submitted():
        answered = published.answerable_comment(shown, form.parent.data)
        form.parent.data = answered and answered.id
        return answered
    quoted = asked_number("quote")
    wanted = quoted or asked_number("reply")
    on_page = (post for each in conversations for post in (each.root, *each.answers) if post.is_live)
    answered = next((p for p in on_page if p.id == wanted), None) or published.answerable_comment(shown, wanted)
    if answered is not None:
        form.begin_answer(answered, is_quoted=quoted is not None)
    return answered


def _written(slug: str, form: CommentForm) -> str:
    shown, member = _article_or_404(slug), current_member()
    require(policy.may_post(member, shown))
    parent = published.answerable_comment(shown, form.parent.data)
    if parent is None and form.parent.data is not None:
        raise Refused(_("The comment that you answer is gone. Send yours again to let it stand by itself."), "body")
    return _path_of(actions.write_comment(shown, member, form.body.data or "", parent))


def _article_or_404(slug: str) -> Article:
    return published.article_by_slug(g.site, slug, current_member()) or abort(404)


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


def _family() -> Family:
    return family_of(current_member(), clock.today(g.site.zone))
