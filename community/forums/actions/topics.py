"""What members do on boards: start a topic, answer, and open a club's board."""

from secrets import token_hex

from community.core import clock
from community.core.db import db
from community.core.text import slug_of
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Post, Stance, State
from community.members.models import Member
from community.moderation.actions.screening import publish


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
    topic.slug = f"{topic.id}-{slug_of(title)}"
    topic.path = f"{board.site.path}forums/topics/{topic.slug}"
    post = items.write_post(topic, author, body, is_anonymous=is_anonymous)
    topic.author_id, topic.author_name = post.author_id, post.author_name
    publish(post, author)
    items.follow(author, topic, Stance.FOLLOW)
    return topic


def reply(topic: Topic, author: Member, body: str, parent: Post | None = None, is_anonymous: bool = False) -> Post:
    """An answer; whoever writes in a topic hears of its further answers."""
    post = items.write_post(topic, author, body, parent, is_anonymous)
    publish(post, author)
    items.follow(author, topic, Stance.FOLLOW)
    return post
