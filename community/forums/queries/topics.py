"""One topic: its posts by number, so that the last page costs what the first one does."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.asking import rows_of
from community.core.db import db
from community.forums.models import Board, ShownTopic, Topic
from community.items.models import Draft, Follow, Post, PostVersion, Pseudonym, ReadPosition, State
from community.items.queries.shown import item_columns, parted
from community.members.models import Member
from community.sites.models import Site

_OF_TOPIC = ("is_pinned", "is_locked", "lock_reason", "slow_minutes", "slow_reason", "accepted_number")


@dataclass(frozen=True)
class Standing:
    """How a reader stands to a topic."""

    pseudonym: int | None = None  # its number, where they write here as an anonymous parent
    typed: dict[str, Any] | None = None  # and did not post
    typed_at: datetime | None = None
    stance: str | None = None
    read_number: int | None = None  # of the last post read
    is_asker: bool = False  # wrote post 1, also as an anonymous parent


def topic_by_id(site: Site, topic_id: int) -> Topic | None:
    """A topic in whatever state, with its board and its author."""
    return db.session.scalar(_WITH_BOARD, {"site": site, "topic_id": topic_id})


def shown_topic(site: Site, topic_id: int) -> ShownTopic | None:
    """A topic in whatever state, as its page shows it."""
    row = rows_of(_shown(), {"site": site, "topic_id": topic_id}).one_or_none()
    if row is None:
        return None
    item, (*own, board_title, board_path) = parted(row)
    return ShownTopic(**item, **dict(zip(_OF_TOPIC, own, strict=True)), board=(board_title, board_path))


def topic_to_answer(site: Site, topic_id: int) -> Topic | None:
    """A topic in whatever state, alone."""
    return db.session.scalar(_TOPIC, {"site": site, "topic_id": topic_id})


def standing(topic: Topic | ShownTopic, member: Any) -> Standing:
    """How a reader stands to a topic: one statement, none for a visitor."""
    if not member.is_member:
        return Standing()
    asked = {"topic_id": topic.id, "reader_id": member.id, "about": topic.key}
    return Standing(*rows_of(_STANDING, asked).one())


def post_by_id(site: Site, post_id: int) -> Post | None:
    """A post of a topic of this site in whatever state, with its topic."""
    query = select(Post).join(Post.item.of_type(Topic)).where(Post.id == post_id, Topic.site == site)
    return db.session.scalar(query.options(contains_eager(Post.item.of_type(Topic)), *_people()))


def answerable(topic: Topic | ShownTopic, post_id: int | None) -> Post | None:
    """A live post of this topic, which others may answer and quote."""
    if post_id is None:
        return None
    query = select(Post).where(Post.id == post_id, Post.item_id == topic.id, Post.state == State.LIVE)
    return db.session.scalar(query.options(joinedload(Post.author)))


def versions_of(post: Post) -> list[PostVersion]:
    """What a post said before, the oldest first."""
    return list(db.session.scalars(select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.id)))


def _people() -> tuple[Any, ...]:
    return joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.parent).joinedload(Post.author)


@lru_cache
def _shown() -> Select[Any]:
    author, board = Member.__table__.alias(), Board.__table__.alias()
    own = (getattr(Topic, name) for name in _OF_TOPIC)
    query: Any = select(*item_columns(Topic, author), *own, board.c.title, board.c.path)
    query = query.join(board, board.c.id == Topic.collection_id).outerjoin(author, author.c.id == Topic.author_id)
    return query.where(Topic.site == bindparam("site"), Topic.id == bindparam("topic_id"))


def _standing() -> Select[Any]:
    topic_id: Any = bindparam("topic_id")
    reader_id: Any = bindparam("reader_id")
    draft = Draft.member_id == reader_id, Draft.about == bindparam("about")
    asked = select(Post.id).outerjoin(Post.pseudonym).where(Post.item_id == topic_id, Post.number == 1)
    parts = (
        select(func.min(Pseudonym.number)).where(Pseudonym.item_id == topic_id, Pseudonym.member_id == reader_id),
        select(Draft.fields).where(*draft),
        select(Draft.kept_at).where(*draft),
        select(Follow.stance).where(Follow.member_id == reader_id, Follow.item_id == topic_id),
        select(ReadPosition.number).where(ReadPosition.member_id == reader_id, ReadPosition.item_id == topic_id),
    )
    is_asker = asked.where(or_(Post.author_id == reader_id, Pseudonym.member_id == reader_id)).exists()
    return select(*(part.scalar_subquery() for part in parts), is_asker)


_STANDING = _standing()
_TOPIC = select(Topic).where(Topic.site == bindparam("site"), Topic.id == bindparam("topic_id"))
_WITH_BOARD = _TOPIC.options(joinedload(Topic.collection), joinedload(Topic.author))
