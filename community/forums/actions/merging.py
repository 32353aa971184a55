"""Two topics become one, and may become two again.

The posts of one go behind the last of the other: each number, and each anonymous parent's, is raised by the
other's last, so that the order stays, nobody's name is joined to another one, and undoing is subtraction."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update

from community.core import clock
from community.core.db import db
from community.forums.models import Topic
from community.forums.queries import keeping as queries
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Follow, OldAddress, Post, ReadPosition, State
from community.messages.models import Notice
from community.search import actions as search

Facts = dict[str, Any]


def join(source: Topic, target: Topic) -> Facts:
    """Let one topic's posts stand in another, its address lead there, and its followers follow there."""
    names = range(1, item_queries.last_pseudonym(source.id) + 1)
    facts = {
        "into": target.id,
        "posts": [1, source.last_post_number, target.last_post_number],
        "names": [1, len(names), item_queries.last_pseudonym(target.id)],
        "at": clock.now().isoformat(),
    }
    _carry_reading(source, target)
    _carry_followers(source, target, datetime.fromisoformat(str(facts["at"])))
    _move_posts(source, target, range(1, source.last_post_number + 1), target.last_post_number)
    _move_names(source, target, names, facts["names"][2])  # type: ignore[index]
    target.last_post_number += source.last_post_number
    items.recount(source)
    items.recount(target)
    items.set_item_state(source, State.WITHDRAWN)
    items.remember_address(target, source.path)
    return facts


def part(source: Topic, facts: Facts) -> None:
    """Let what was joined stand by itself again."""
    target = queries.topic_by_id(facts["into"])
    if target is None:
        return
    first, last, by = facts["posts"]
    _move_posts(target, source, range(first + by, last + by + 1), -by)
    first, last, more = facts["names"]
    _move_names(target, source, range(first + more, last + more + 1), -more)
    at = datetime.fromisoformat(facts["at"])
    db.session.execute(delete(Follow).where(Follow.item_id == target.id, Follow.since == at))
    db.session.execute(delete(OldAddress).where(OldAddress.item_id == target.id, OldAddress.path == source.path))
    too_far = ReadPosition.item_id == target.id, ReadPosition.number > by
    db.session.execute(update(ReadPosition).where(*too_far).values(number=by))
    items.set_item_state(source, State.LIVE)
    items.recount(target)
    items.recount(source)


def _move_posts(source: Topic, target: Topic, numbers: range, by: int) -> None:
    """Notices go where their posts go."""
    moved = Post.item_id == source.id, Post.number.between(numbers.start, numbers.stop - 1)
    db.session.execute(update(Post).where(*moved).values(item_id=target.id, number=Post.number + by))
    arrived = queries.posts_between(target.id, range(numbers.start + by, numbers.stop + by))
    search.note([f"item:{source.id}", f"item:{target.id}"])
    told = Notice.post_id.in_(arrived)
    db.session.execute(update(Notice).where(told).values(item_id=target.id), execution_options=_UNSEEN)


def _move_names(source: Topic, target: Topic, numbers: range, by: int) -> None:
    for pseudonym in queries.pseudonyms_between(source.id, numbers):
        pseudonym.item_id, pseudonym.number = target.id, pseudonym.number + by
        name = items.pseudonym_name(target.site, pseudonym.number)
        theirs = Post.pseudonym_id == pseudonym.id, Post.item_id == target.id
        db.session.execute(update(Post).where(*theirs).values(author_name=name))


def _carry_followers(source: Topic, target: Topic, at: datetime) -> None:
    columns = ["member_id", "item_id", "stance", "since"]
    db.session.execute(insert(Follow).from_select(columns, queries.follows_to_carry(source, target, at)))


def _carry_reading(source: Topic, target: Topic) -> None:
    """Who has read both has read both, as far as they came in the one that goes behind."""
    read = ReadPosition.item_id == target.id, ReadPosition.number >= target.last_live_number
    both = ReadPosition.member_id.in_(queries.readers_of(source))
    number = target.last_post_number + queries.read_to(source)
    db.session.execute(update(ReadPosition).where(*read, both).values(number=number), execution_options=_UNSEEN)


_UNSEEN = {"synchronize_session": False}  # nobody in this deed has read these rows
