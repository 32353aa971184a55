"""What everybody reads: the newest stories, one member's blog, a story with its comments."""

from functools import partial
from operator import attrgetter
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.blogs import actions, policy, queries
from community.blogs.forms import PlainForm
from community.blogs.models import Blog, BlogPost
from community.blogs.queries import Shelf
from community.comments.forms import CommentForm
from community.comments.views import comments_under, write_under
from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items import policy as items
from community.items.models import Visibility
from community.items.queries import stance_to
from community.profiles.queries import Family, family_of
from community.sites.views import Language, languages_of
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone, needs, require
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import asked_stretch, path_of_page
from community.web.schema import absolute
from community.web.xml import feed as answered_feed

bp = Blueprint("blogs", __name__, url_prefix="/<site:site>/blogs")
FEATURED, IN_A_FEED = 3, 30


@bp.get("/")
@everyone
@shared_page
def blogs() -> Any:
    """The newest stories; what editors show stands first."""
    member, guard = current_member(), _family().guard
    stories = _list(Shelf(g.site, member, guard))
    is_top = stories["place"] is not None and stories["place"].number == 1
    shown = queries.featured(g.site, member, guard, FEATURED) if is_top else []
    return page("blogs/blogs.html", featured=shown, address=absolute(f"{g.site.path}blogs/"), **stories)


@bp.get("/<string:username>/")
@everyone
@shared_page
def blog(username: str) -> Any:
    """One member's blog."""
    shown = _blog_or_404(username)
    stories = _list(Shelf(g.site, current_member(), _family().guard, shown))
    return page(
        "blogs/blog.html",
        blog=shown,
        stance=stance_to(current_member(), shown),
        feed=absolute(f"{shown.path}feed.xml"),
        address=absolute(shown.path),
        languages=_languages(shown.path),
        **stories,
    )


@bp.get("/<string:username>/feed.xml")
@everyone
@shared_page
def feed(username: str) -> Response:
    """What everybody may read of a blog."""
    shown = _blog_or_404(username)
    return answered_feed(
        heading=_("Blog of %(name)s", name=shown.owner.name),
        path=shown.path,
        description=shown.description,
        items=queries.newest_public(g.site, shown, IN_A_FEED),
    )


@bp.get("/<string:username>/<string:slug>")
@everyone
@shared_page
def story(username: str, slug: str) -> Any:
    """A story with its comments."""
    shown = story_or_404(slug)
    if request.path != shown.path:
        return redirect(shown.path, 301)
    note_read(shown)
    return _story_page(shown, CommentForm() if items.may_post(current_member(), shown) else None)


@bp.post("/<string:username>/<string:slug>/posts")
@needs(Permission.POST_WRITE)
def write_comment(username: str, slug: str) -> Any:
    """Answer a story, or somebody who did."""
    form = CommentForm()
    return write_under(partial(story_or_404, slug), form) or _story_page(story_or_404(slug), form)


@bp.post("/<string:username>/<string:slug>/feature")
@needs(Permission.BLOG_FEATURE)
def feature(username: str, slug: str) -> Response:
    """Ask its author whether it may stand on the front page; or end that."""
    path = story_or_404(slug).path
    if PlainForm().accepted():
        with unit_of_work():
            shown = story_or_404(slug)
            require(policy.may_feature(current_member(), shown))
            if shown.feature_asked_at is None:
                actions.ask_feature(shown, current_member())
                saying = _("We asked its author.")
            else:
                actions.end_feature(shown, current_member())
                saying = _("It is shown no more.")
        flash(saying)
    return redirect(path, 303)


def story_or_404(slug: str) -> BlogPost:
    """The story of this address, where the reader may see it."""
    found = queries.story_by_slug(g.site, slug)
    if found is None or not policy.may_read(current_member(), found):
        abort(404)
    return found


def _story_page(shown: BlogPost, form: CommentForm | None) -> Any:
    member = current_member()
    return page(
        "blogs/story.html",
        story=shown,
        is_own=policy.is_own(member, shown),
        may_feature=policy.may_feature(member, shown),
        is_public=shown.visibility == Visibility.PUBLIC and shown.is_live,
        address=absolute(shown.path),
        languages=_languages(shown.path),
        **comments_under(shown, form),
    )


def _languages(path: str) -> tuple[Language, ...]:
    """A story stands on one site: another language leads to the blogs there."""
    return languages_of({g.site: path}, "blogs/", lambda language: _("%(language)s: blogs", language=language))


def _blog_or_404(username: str) -> Blog:
    found = queries.blog_by_username(g.site, username)
    return found if found is not None and not found.owner.is_erased else abort(404)


def _list(shelf: Shelf) -> dict[str, Any]:
    stretch = asked_stretch(
        partial(queries.count_on, shelf),
        partial(queries.stories_on, shelf),
        partial(queries.stories_before, shelf),
        attrgetter("id"),
    )
    return {
        "stories": stretch.rows,
        "place": stretch.place,
        "older_path": stretch.older_path,
        "path_of_page": path_of_page,
    }


def _family() -> Family:
    return family_of(current_member(), clock.today(g.site.zone))
