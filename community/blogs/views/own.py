"""A member's own blog: drafts, what stands and what waits; writing, publishing, taking away."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.blogs import actions, policy, queries
from community.blogs.forms import PlainForm, StoryForm
from community.blogs.models import BlogPost
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items.models import State, Visibility
from community.media import actions as media
from community.media.actions import Rendered
from community.media.models import Picture
from community.media.uploads import rendered_photos
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.limits import is_in_time, limits_of_posting
from community.web.numbering import A_PAGE, asked_number

bp = Blueprint("own_blog", __name__, url_prefix="/account/blog")
HERE = "/account/blog"


@bp.get("")
@needs(Permission.ACCOUNT_OWN)
def stories() -> Any:
    """All that a member wrote in their blog."""
    found = queries.own_stories(current_member(), asked_number("before"), A_PAGE + 1)
    more = f"{HERE}?before={found[A_PAGE - 1].id}" if len(found) > A_PAGE else ""
    blog = queries.blog_of(g.site, current_member().id)
    return page("blogs/own.html", stories=found[:A_PAGE], more=more, blog=blog)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def new() -> Any:
    """A new story: kept as a draft, or published."""
    form = StoryForm(queries.clubs_of(current_member()))
    if form.accepted() and (answer := _kept(None, form)):
        return answer
    return page("blogs/write.html", form=form, story=None, action=f"{HERE}/new")


@bp.route("/<int:story_id>", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def edit(story_id: int) -> Any:
    """Change one's own story, or publish it."""
    shown = _own(story_id, policy.may_change)
    form = StoryForm(queries.clubs_of(current_member()), shown.photos, data=_as_it_is(shown))
    if form.accepted() and (answer := _kept(shown, form)):
        return answer
    return page("blogs/write.html", form=form, story=shown, action=f"{HERE}/{shown.id}")


@bp.post("/<int:story_id>/<string:deed>")
@needs(Permission.POST_WRITE)
def do(story_id: int, deed: str) -> Response:
    """What needs no words."""
    may, act, saying = _DEEDS.get(deed) or abort(404)
    if PlainForm().accepted():
        with unit_of_work():
            shown = _own(story_id, may)
            act(shown)
        flash(saying(), f"{HERE}/{story_id}/restore" if deed == "delete" else "message")
    return redirect(HERE, 303)


def _kept(shown: BlogPost | None, form: StoryForm) -> Response | None:
    is_to_publish = request.form.get("action") == "publish"
    if is_to_publish and (shown is None or not shown.is_live) and not is_in_time(form, *limits_of_posting()):
        return None
    rendered = rendered_photos(form)
    if form.mistakes:
        return None
    saying = _("It stands there now.") if is_to_publish else _("It is kept.")
    return do_once(form, lambda: _keep(shown.id if shown else None, form, rendered, is_to_publish), saying)


def _keep(story_id: int | None, form: StoryForm, rendered: list[Rendered], is_to_publish: bool) -> str:
    member, told = current_member(), form.story()
    if told.group_id is not None and told.group_id not in member.group_ids:
        raise Refused(_("You are not in this club any more."), "audience")
    photos = [_picture(photo, told.title) for photo in rendered]
    if story_id is None:
        story = actions.write_story(g.site, member, told, photos)
    else:
        story = _own(story_id, policy.may_change)
        kept = [photo for photo in story.photos if photo.id not in (form.drops.data or ())]
        actions.edit_story(story, told, [*kept, *photos])
    if is_to_publish and story.state in (State.DRAFT, State.WITHDRAWN):
        actions.publish_story(story, member)
    return story.path if story.is_live else HERE


def _picture(rendered: Rendered, title: str) -> Picture:
    return media.keep_picture(rendered, _("A photo with “%(title)s”", title=title), current_member())


def _as_it_is(shown: BlogPost) -> dict[str, Any]:
    is_for_club = shown.visibility == Visibility.CLUB
    audience = f"club-{shown.group_id}" if is_for_club else shown.visibility
    return {"title": shown.title, "body": shown.body, "audience": audience}


def _own(story_id: int, may: Callable[[Any, BlogPost], bool]) -> BlogPost:
    found = queries.story_by_id(story_id)
    if found is None or found.author_id != current_member().id:
        abort(404)
    require(may(current_member(), found))
    return found


_DEEDS: dict[str, tuple[Callable[[Any, BlogPost], bool], Callable[[BlogPost], None], Callable[[], str]]] = {
    "withdraw": (policy.may_change, actions.withdraw, lambda: _("Only you can read it now.")),
    "delete": (policy.may_change, actions.take_away, lambda: _("Your story is taken away.")),
    "restore": (policy.may_restore, actions.bring_back, lambda: _("Your story is back.")),
    "agree": (
        policy.may_agree,
        lambda story: actions.agree(story, current_member()),
        lambda: _("Thank you. It stands on the front page now."),
    ),
    "decline": (
        policy.may_agree,
        lambda story: actions.end_feature(story, current_member()),
        lambda: _("Good. It is shown by nobody but you."),
    ),
}
