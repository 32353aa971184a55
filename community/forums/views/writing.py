"""Starting a topic and answering: for members, and for strangers, whose words wait until they are registered."""

from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from community.core import clock
from community.core.refused import Refused
from community.core.text import is_storable
from community.forums import policy
from community.forums.actions import topics as actions
from community.forums.forms import LONGEST_POST, LONGEST_TITLE, ReplyForm, TopicForm, WritingForm
from community.forums.models import Board, Topic
from community.forums.queries import topics
from community.forums.views import head
from community.forums.views.boards import board_or_404
from community.forums.views.topics import path_to, topic_or_404
from community.items import actions as items
from community.items import queries as item_queries
from community.items.views import keep_for_stranger, keep_token_to_ourselves, kept_words, use_kept_words
from community.profiles.queries import family_of
from community.search.alike import alike
from community.search.answers import Reader
from community.web.access import current_member, everyone, require
from community.web.answers import do_once, page
from community.web.limits import count, is_in_time, limited, limits_of_posting

bp = Blueprint("writing", __name__, url_prefix="/<site:site>/forums")
bp.after_request(keep_token_to_ourselves)
SIMILAR = 5


@bp.route("/<string:slug>/start", methods=["GET", "POST"])
@everyone
def start(slug: str) -> Any:
    """Start a topic. A stranger's words are kept until they have registered."""
    board, member = board_or_404(slug), current_member()
    require(not member.is_member or policy.may_start(member, board))
    form, unsaved_at = _begun(TopicForm, board.key)
    is_preview = request.form.get("action") == "preview"
    if not is_preview and form.accepted() and (done := _started(board, form)):
        return done
    return page(
        "forums/start.html",
        form=form,
        board=board,
        unsaved_at=unsaved_at,
        preview_html=items.html_of(form.body.data[:LONGEST_POST]) if is_preview and form.body.data else "",
        similar=_similar(form.title.data or ""),
        **head.frame(request.path),
    )


@bp.get("/topics/<int:topic_id>-<string:words>/reply")
@everyone
def reply_form(topic_id: int, words: str) -> Any:
    """The form for an answer on a page of its own: to quote from any page, and for strangers."""
    topic = topic_or_404(topic_id)
    if closed := _closed_to(topic):
        return closed
    form, unsaved_at = _begun(ReplyForm, topic.key)
    quoted, answered = request.args.get("quote", type=int), request.args.get("parent", type=int)
    parent = topics.answerable(topic, quoted or answered)
    if parent is not None:
        form.begin_answer(parent, is_quoted=quoted is not None)
    elif not form.is_submitted() and current_member().is_member and not form.body.data:
        form.anonymous.data = topics.standing(topic, current_member()).pseudonym is not None
    return _reply_page(topic, form, unsaved_at)


@bp.post("/topics/<int:topic_id>-<string:words>/posts")
@everyone
def reply(topic_id: int, words: str) -> Any:
    """Answer. A stranger's words are kept until they have registered."""
    form, is_member = ReplyForm(), current_member().is_member
    if is_member and form.accepted() and (done := _replied(topic_id, form)):
        return done
    topic = topic_or_404(topic_id)
    if closed := _closed_to(topic):
        return closed
    if not is_member and form.accepted():
        return keep_for_stranger(form, topic.key, f"{topic.path}/reply", ("body",))
    return _reply_page(topic, form)


@bp.post("/preview")
@everyone
@limited("preview")
def preview() -> str:
    """A text as readers will see it: a piece of a page."""
    body = request.form.get("body", "")
    if len(body) > LONGEST_POST:
        abort(413)
    return items.html_of(body)


@bp.get("/similar")
@everyone
def similar() -> str:
    """What others asked under such a title: a piece of a page, while somebody types."""
    count("search-begun")
    return render_template("forums/_similar.html", similar=_similar(request.args.get("title", "")))


def _begun(kind: type[WritingForm], about: str) -> tuple[Any, Any]:
    """The form as it was sent, else with what was kept under `?kept=`, else with the member's draft and its moment."""
    if request.method == "POST":
        return kind(), None
    if kept := kept_words(about):
        return kind(data=kept), None
    draft = item_queries.draft(current_member().id, about) if current_member().is_member else None
    return (kind(MultiDict(draft.fields)), draft.kept_at) if draft else (kind(formdata=None), None)


def _started(board: Board, form: TopicForm) -> Response | None:
    if not current_member().is_member:
        return keep_for_stranger(form, board.key, f"{g.site.path}forums/{board.slug}/start", ("title", "body"))
    if not is_in_time(form, *limits_of_posting("first-day-topic")):
        return None
    slug = board.slug
    return do_once(form, lambda: _start(slug, form), _("Thank you. Your topic stands here now."))


def _start(slug: str, form: TopicForm) -> str:
    board, member = board_or_404(slug), current_member()
    require(policy.may_start(member, board))
    _settle(form, board.key)
    topic = actions.start_topic(board, member, form.title.data or "", form.body.data or "", form.anonymous.data)
    return topic.path


def _replied(topic_id: int, form: ReplyForm) -> Response | None:
    if not is_in_time(form, *limits_of_posting()):
        return None
    return do_once(form, lambda: _reply(topic_id, form), _("Thank you. Your answer stands here now."))


def _reply(topic_id: int, form: ReplyForm) -> str:
    topic, member = topic_or_404(topic_id, topics.topic_to_answer), current_member()
    if not policy.may_reply(member, topic):
        raise Refused(_("This topic is closed."))  # the view says more
    parent = topics.answerable(topic, form.parent.data)
    if parent is None and form.parent.data is not None:
        raise Refused(_("The post that you answer is gone. Send yours again to let it stand by itself."), "body")
    _settle(form, topic.key)
    return path_to(actions.reply(topic, member, form.body.data or "", parent, form.anonymous.data))


def _settle(form: WritingForm, about: str) -> None:
    """What was kept of these words is needed no more; words kept for a stranger are posted once."""
    items.drop_draft(current_member(), about)
    use_kept_words(form, about)


def _closed_to(topic: Topic) -> Any:
    """403 in words where nobody may answer; None where the reader may, or may once they are registered."""
    member = current_member()
    if topic.is_locked:
        title, words = _("This topic is closed."), _("You can read it, but nobody can answer here any more.")
        return render_template("error.html", code=403, title=title, help=words), 403
    require(not member.is_member or policy.may_reply(member, topic))
    return None


def _reply_page(topic: Topic, form: ReplyForm, unsaved_at: Any = None) -> Any:
    parent = topics.answerable(topic, form.parent.data)
    form.parent.data = parent and parent.id
    frame = head.frame(f"{topic.path}/reply")
    return page("forums/reply.html", form=form, topic=topic, answered=parent, unsaved_at=unsaved_at, **frame)


def _similar(title: str) -> list[Any]:
    """What was written already under such a title."""
    member = current_member()
    if not title.strip() or not is_storable(title):
        return []
    guard = family_of(member, clock.today(g.site.zone)).guard
    return alike(title[:LONGEST_TITLE], g.site, Reader(member, guard), SIMILAR)
