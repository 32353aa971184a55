"""One topic, 20 posts a page by their numbers: a post stands on its page for good."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, request
from werkzeug.datastructures import MultiDict

from community.core import clock
from community.forums import policy
from community.forums.forms import ReplyForm
from community.forums.models import Topic
from community.forums.queries import topics as queries
from community.forums.queries.topics import ShownPost
from community.forums.views import head
from community.items.models import Post
from community.personalisation.queries import related
from community.profiles.queries import family_of
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import A_PAGE, Page, address, asked_number, path_of_page

bp = Blueprint("topics", __name__, url_prefix="/<site:site>/forums/topics")
MORE_TO_READ = 4


@dataclass(frozen=True)
class Stretch(Page):
    """A page of a topic: post 41 stands on page 3, whatever became of those before it."""

    @property
    def count(self) -> int:
        """As many pages as there are numbers; a topic has no last page of its own."""
        return max(1, self.number, -(-self.item_count // self.per_page))

    @property
    def numbers(self) -> range:
        """The numbers of its posts."""
        return range(self.offset + 1, self.offset + self.per_page + 1)


@bp.get("/<int:topic_id>-<string:words>")
@everyone
@shared_page
def topic(topic_id: int, words: str) -> Any:
    """A topic; under a wrong slug it leads to the right one."""
    shown = topic_or_404(topic_id)
    if request.path != shown.path:
        return redirect(address(shown.path, request.args.to_dict()), 301)
    note_read(shown)
    return _topic_page(shown)


def topic_or_404(topic_id: int) -> Topic:
    """The topic of this number, where the reader may see it: what waits is there for its author."""
    shown = queries.topic_by_id(g.site, topic_id)
    if shown is None:
        abort(404)
    opening = None if shown.is_live else queries.posts_at(shown, [1], current_member()).get(1)
    if not policy.may_read(current_member(), shown, opening and opening.post):
        abort(404)
    return shown


def path_to(post: Post) -> str:
    """Where a post stands: the page of its number, and its place there."""
    number = -(-post.number // A_PAGE)
    return address(post.item.path, {"page": number} if number > 1 else {}) + f"#{post.anchor}"


def _topic_page(shown: Topic) -> Any:
    member = current_member()
    place = Stretch(asked_number("page") or 1, shown.last_live_number)
    wanted = {*place.numbers, 1, shown.accepted_number or 1}
    found = queries.posts_at(shown, wanted, member)
    posts = [found[number] for number in place.numbers if number in found]
    if place.number > 1 and not any(policy.may_read_post(member, each.post) for each in posts):
        abort(404)
    family = family_of(member, clock.today(g.site.zone))
    return page(
        "forums/topic.html",
        form=_reply_form(shown, place),
        topic=shown,
        posts=posts,
        place=place,
        last_shown=min(place.numbers[-1], max(shown.last_live_number, posts[-1].post.number if posts else 1)),
        path_of_page=path_of_page,
        accepted=_accepted(shown, found),
        recommended=related(shown, member, family, MORE_TO_READ),
        policy=policy,
        is_guarded=family.is_guarded,
        schema=_schema(shown, found, posts),
        **head.frame(path_of_page(place.number)),
    )
