"""What members do on boards: start a topic, answer, say it differently, take it away and bring it back."""

from secrets import token_hex

from flask_babel import gettext as _

from community.core import clock
from community.core.db import db
from community.core.generation import changed
from community.core.refused import Refused
from community.core.text import excerpt, slug_of
from community.forums.actions.keeping import check_pace
from community.forums.models import Board, Topic, topic_of
from community.forums.queries import topics as queries
from community.items import actions as items
from community.items.models import Post, Stance, State
from community.items.policy import RESTORABLE
from community.members.models import Member
from community.moderation.actions.screening import publish, screen_again


def start_topic(board: Board, author: Member, title: str, body: str, is_anonymous: bool = False) -> Topic:
    """A topic and its own words as post 1: live at once, or held for a moderator. Its author follows it."""
    now = clock.now()
    topic = Topic(
        site=board.site,
        collection=board,
        title=title,
        slug=f"new-{token_hex(8)}",
        path="",
        state=State.DRAFT,
        created_at=now,
        changed_at=now,
        tags=[],
    )
    items.place(topic, board)
    db.session.add(topic)
    db.session.flush()
    _name(topic, title)
    post = items.write_post(topic, author, body, is_anonymous=is_anonymous)
    topic.author_id, topic.author_name, topic.summary = post.author_id, post.author_name, excerpt(post.body_html)
    publish(post, author)
    items.follow(author, topic, Stance.FOLLOW)
    return topic


def reply(topic: Topic, author: Member, body: str, parent: Post | None = None, is_anonymous: bool = False) -> Post:
    """An answer; whoever writes in a topic hears of its further answers."""
    check_pace(topic, author)
    post = items.write_post(topic, author, body, parent, is_anonymous)
    publish(post, author)
    items.follow(author, topic, Stance.FOLLOW)
    return post


def edit_post(post: Post, body: str, title: str = "") -> None:
    """Say it differently; what it said before is kept, and what it says now is screened."""
    items.edit_post(post, body)
    if post.number == 1:
        post.item.summary = excerpt(post.body_html)
        if title and title != post.item.title:
            _name(topic_of(post), title)
    screen_again(post)


def take_away(post: Post) -> None:
    """Delete one's own post. An opening that has answers loses its words alone: the talk below it stays."""
    if post.number == 1 and post.item.post_count > 1:
        items.edit_post(post, "")
        post.item.summary = ""
        return
    if post.is_live:
        post.held_because = ""
    items.set_post_state(post, State.DELETED)


def bring_back(post: Post) -> None:
    """Undo what was just taken away: live, or waiting as it was before."""
    if post.state == State.DELETED:
        items.set_post_state(post, State.HELD if post.held_because else State.LIVE)
        return
    versions = queries.versions_of(post)
    if not versions or post.body or clock.now() - versions[-1].replaced_at >= RESTORABLE:
        raise Refused(_("It is too late to bring this back."))
    post.body, post.body_html = versions[-1].body, items.html_of(versions[-1].body)
    post.item.summary = excerpt(post.body_html)
    db.session.delete(versions[-1])
    changed(post.item.site.code)


def _name(topic: Topic, title: str) -> None:
    """Give a topic its title and the address that follows from it."""
    topic.title = title
    slug = f"{topic.id}-{slug_of(title)}"
    items.move_item(topic, slug, f"{topic.site.path}forums/topics/{slug}")
    changed(topic.site.code)
