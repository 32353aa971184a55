"""One topic, 20 posts a page by their numbers: a post stands on its page for good."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, request
from werkzeug.datastructures import MultiDict

from community.core import clock
from community.forums import policy
from community.forums.forms import ReplyForm
from community.forums.models import ShownTopic
from community.forums.queries import topics as queries
from community.forums.queries.topics import Standing
from community.forums.views import head
from community.forums.views.opening import Line, Opening, opening_of
from community.forums.views.positions import note_position
from community.items.models import Post
from community.items.models.shown import ShownPost
from community.items.queries.shown import shown_at
from community.personalisation.slots import Slot
from community.personalisation.views.showing import offered
from community.profiles.queries import family_of
from community.sites.models import Site
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import A_PAGE, Page, address, asked_number

bp = Blueprint("topics", __name__, url_prefix="/<site:site>/forums/topics")


@dataclass(frozen=True)
class Stretch(Page):
    """A page of a topic: post 41 stands on page 3, whatever became of those before it."""

    topic_path: str = ""

    @property
    def count(self) -> int:
        """As many pages as there are numbers; a topic has no last page of its own."""
        return max(1, self.number, -(-self.item_count // self.per_page))

    @property
    def numbers(self) -> range:
        """The numbers of its posts."""
        return range(self.offset + 1, self.offset + self.per_page + 1)

    def path_of(self, number: int) -> str:
        """Where a page of the topic is."""
        return address(self.topic_path, {"page": number} if number > 1 else {})


@bp.get("/<int:topic_id>-<string:words>")
@everyone
@shared_page
def topic(topic_id: int, words: str) -> Any:
    """A topic; under a wrong slug it leads to the right one."""
    shown = topic_or_404(topic_id, queries.shown_topic)
    if request.path != shown.path:
        return redirect(address(shown.path, request.args.to_dict()), 301)
    note_read(shown)
    return _topic_page(shown)


def topic_or_404(topic_id: int, found: Callable[[Site, int], Any] = queries.topic_by_id) -> Any:
    """The topic of this number, where the reader may see it: what waits is there for its author."""
    shown = found(g.site, topic_id)
    if shown is None:
        abort(404)
    opening = {} if shown.is_live else shown_at(shown, [1], current_member())
    if not policy.may_read(current_member(), shown, opening[1] if opening else None):
        abort(404)
    return shown


def path_to(post: Post) -> str:
    """Where a post stands: the page of its number, and its place there."""
    page = Stretch(-(-post.number // A_PAGE), 0, topic_path=post.item.path)
    return f"{page.path_of(page.number)}#{post.anchor}"


def _topic_page(shown: ShownTopic) -> Any:
    member = current_member()
    place = Stretch(asked_number("page") or 1, shown.last_live_number, topic_path=shown.path)
    wanted = {*place.numbers, shown.accepted_number or 1} if place.number == 1 else place.numbers
    found = shown_at(shown, wanted, member)
    posts = [found[number] for number in place.numbers if number in found]
    if place.number > 1 and not any(policy.may_read_post(member, each) for each in posts):
        abort(404)
    accepted = found.get(shown.accepted_number or 0)
    today = clock.today(g.site.zone)
    family = family_of(member, today)
    own = queries.standing(shown, member)
    opening = opening_of(shown, family.is_guarded)
    note_position(shown, min(place.numbers[-1], shown.last_live_number), own.read_number)
    return page(
        "forums/topic.html",
        topic=shown,
        opening=opening,
        lines=tuple(_line(shown, each, own, member) for each in posts),
        place=place,
        last_number=max(shown.last_live_number, *(each.number for each in posts), 1),
        own=own,
        accepted=accepted.look if accepted and accepted.is_live and place.number == 1 else None,
        recommended=offered(Slot.TOPIC, family, today, shown),
        policy=policy,
        schema=None if member.is_member else _schema(shown, opening, found),
        **_reply_form(shown, place, own),
        **head.frame(shown.path, place.number),
    )


def _line(topic: ShownTopic, post: ShownPost, own: Standing, reader: Any) -> Line:
    """A post as its reader may see it."""
    is_there = post.body and policy.may_read_post(reader, post)
    rights = policy.rights_on(reader, post, own.is_asker) if is_there else None
    return Line(post.look, rights, post.is_folded, post.is_thanked, topic.accepted_number == post.number)


def _reply_form(shown: ShownTopic, place: Stretch, own: Standing) -> dict[str, Any]:
    """The form at the foot of the last page, or wherever something is quoted: as it was left."""
    member, quoted = current_member(), asked_number("quote")
    if not policy.may_reply(member, shown) or (place.has_next and quoted is None):
        return {"form": None}
    form = ReplyForm(MultiDict(own.typed or {})) if own.typed else ReplyForm(anonymous=own.pseudonym is not None)
    answered = queries.answerable(shown, quoted or form.parent.data)
    if answered is not None:
        form.begin_answer(answered, is_quoted=quoted is not None)
    return {"form": form, "answered": answered, "unsaved_at": own.typed_at}


def _schema(shown: ShownTopic, opening: Opening, found: dict[int, ShownPost]) -> str:
    """Of what everybody may read, the words; nothing of what waits or is gone. Machines never sign in."""
    said = tuple((each.look, each.body) for each in found.values() if each.is_live)
    return head.schema_of(opening, current_app.config["BASE_URL"], said, shown.accepted_number)
