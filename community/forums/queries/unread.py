"""What is new to a member. A topic that was never opened is new if somebody wrote in it after the member joined,
and after the member called its board read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, select

from community.core import clock
from community.core.db import db
from community.forums.models import Board, BoardMark, Topic
from community.forums.queries.lines import TopicLine
from community.items.models import Item, Post, ReadPosition, State
from community.items.queries import visible_to
from community.members.models import Member
from community.sites.models import Site

NEW_FOR = timedelta(days=90)  # a list of what is new stays short, and quick, for whoever was away for years


@dataclass(frozen=True)
class Fresh:
    """What is new in one topic: so many posts, or (0) a topic of which nothing was read."""

    count: int
    path: str  # leads to the first of them


def new_in(topics: Iterable[Item | TopicLine], reader: Any) -> dict[int, Fresh]:
    """What is new to a reader in these topics, by topic; one statement, none for a visitor or without topics."""
    topics = list(topics) if reader.is_member else []
    if not topics:
        return {}
    asked = {"ids": [topic.id for topic in topics], "reader_id": reader.id, "earliest": nothing_new_before(reader)}
    read = {row.id: row.number for row in db.session.execute(_NEW, asked)}
    return {topic.id: fresh_of(topic, read[topic.id]) for topic in topics if topic.id in read}


def fresh_of(topic: Item | TopicLine, read_number: int | None) -> Fresh:
    """What is new in a topic of which somebody read this much."""
    return Fresh(topic.last_live_number - read_number if read_number else 0, f"{topic.path}/unread")


def last_read(member_id: Any, earliest: Any) -> Any:
    """The number of the last post that a member read, 0 for none, where there is more to read; else null."""
    return case((_is_new(member_id, earliest), func.coalesce(_read_by(member_id), 0)))


def is_new_to(member: Any) -> Any:
    """The condition that an item holds posts that a member has not read."""
    return _is_new(member.id, literal(nothing_new_before(member), Item.active_at.type))


def first_unread(topic: Topic, member: Member) -> Post | None:
    """The first live post of a topic that a member has not read; where all are read, the last one."""
    earliest = literal(nothing_new_before(member), Item.active_at.type)
    since = select(_new_since(member.id, earliest)).where(Item.id == topic.id).scalar_subquery()
    read = select(ReadPosition.number).join(Item, Item.id == ReadPosition.item_id)
    read_number = read.where(_position_of(member.id), Item.id == topic.id).scalar_subquery()
    live = select(Post).where(Post.item_id == topic.id, Post.state == State.LIVE)
    unread = live.where(Post.number > func.coalesce(read_number, 0), Post.created_at > since).order_by(Post.number)
    return db.session.scalar(unread.limit(1)) or db.session.scalar(live.order_by(Post.number.desc()).limit(1))


def boards_of(site: Site, member: Member) -> list[Board]:
    """The boards of a site that a member can read, clubs too."""
    query = select(Board).where(Board.site == site)
    return [board for board in db.session.scalars(query) if board.group_id in (None, *member.group_ids)]


def topic_of(site: Site, topic_id: int, reader: Any) -> Topic | None:
    """A live topic that this reader may see."""
    return db.session.scalar(visible_to(select(Topic).where(Topic.id == topic_id, Topic.site == site), reader))


def _is_new(member_id: Any, earliest: Any) -> Any:
    since = Item.active_at > earliest, Item.active_at > _new_since(member_id, earliest)
    return and_(*since, Item.last_live_number > func.coalesce(_read_by(member_id), 0))


def _read_by(member_id: Any) -> Any:
    return select(ReadPosition.number).where(_position_of(member_id)).correlate(Item).scalar_subquery()


def _position_of(member_id: Any) -> Any:
    return and_(ReadPosition.item_id == Item.id, ReadPosition.member_id == member_id)


def _new_since(member_id: Any, earliest: Any) -> Any:
    """From when on what stands in an item can be new: since its board was called read."""
    mark = select(BoardMark.at).where(BoardMark.member_id == member_id, BoardMark.board_id == Item.collection_id)
    return func.coalesce(mark.correlate(Item).scalar_subquery(), earliest)


def nothing_new_before(member: Any) -> datetime:
    """Nothing is new that was written before a member joined, or long ago."""
    earliest: datetime = max(member.joined_at, clock.now() - NEW_FOR)
    return earliest


_READER: Any = bindparam("reader_id")
_NEW = (
    select(Item.id, ReadPosition.number)
    .outerjoin(ReadPosition, _position_of(_READER))
    .where(Item.id.in_(bindparam("ids", expanding=True)))
    .where(_is_new(_READER, bindparam("earliest", type_=Item.active_at.type)))
)
