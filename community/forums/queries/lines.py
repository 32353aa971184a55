"""Topics as lines of a list: the columns that are seen, in one statement that is built once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select

from community.core.db import db
from community.forums.models import Topic
from community.items.models import Item, Post
from community.items.queries.shown import byline_of
from community.members.models import Member


class TopicLine(NamedTuple):
    """All that a list shows of a topic, and nothing else: the same line looks the same."""

    id: int
    title: str
    path: str
    author_id: int | None
    byline: str
    post_count: int
    last_live_number: int
    last_byline: str | None
    last_at: datetime | None  # none where no post of it is live
    is_pinned: bool
    accepted_number: int | None
    is_locked: bool

    @property
    def author_key(self) -> str:
        """How other things name its author."""
        return f"member:{self.author_id}" if self.author_id else ""


def topic_lines(topic_ids: Sequence[int]) -> dict[int, TopicLine]:
    """Topics by their numbers, in the order given: one statement."""
    rows = db.session.execute(_LINES, {"ids": list(topic_ids)}) if topic_ids else ()
    found = {row[0]: TopicLine._make(row) for row in rows}
    return {topic_id: found[topic_id] for topic_id in topic_ids if topic_id in found}


def lines_of(held: Any) -> Select[Any]:
    """The lines of the topics whose ids a statement gives."""
    items, ids = Item.__table__, held.subquery("held")
    return _lines(ids.join(items, items.c.id == ids.c.id))


def _lines(of_items: Any) -> Select[Any]:
    items, topics, posts = Item.__table__, Topic.__table__, Post.__table__
    author, last_author = Member.__table__.alias(), Member.__table__.alias()
    last_post = and_(posts.c.item_id == items.c.id, posts.c.number == items.c.last_live_number)
    columns = (
        *(items.c.id, items.c.title, items.c.path, items.c.author_id, byline_of(items, author)),
        *(items.c.post_count, items.c.last_live_number, byline_of(posts, last_author), posts.c.created_at),
        *(items.c.is_pinned, topics.c.accepted_number, topics.c.is_locked),
    )
    place = of_items.join(topics, topics.c.id == items.c.id).outerjoin(author, author.c.id == items.c.author_id)
    place = place.outerjoin(posts, last_post).outerjoin(last_author, last_author.c.id == posts.c.author_id)
    return select(*columns).select_from(place)


_LINES = _lines(Item.__table__).where(Item.__table__.c.id.in_(bindparam("ids", expanding=True)))
