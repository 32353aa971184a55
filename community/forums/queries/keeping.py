"""Reads for who keeps the boards in order, and for what happens when two topics become one."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.forums.models import Board, Topic
from community.items.models import Follow, Post, Pseudonym, ReadPosition, State
from community.members.models import Member
from community.moderation.models import Decision
from community.sites.models import Site

_NUMBER = re.compile(r"(?:^|/topics/|:)(\d{1,9})(?:-|$)")


def topics_of(site: Site, topic_ids: Sequence[int]) -> list[Topic]:
    """Those of these topics that are live on a site, the oldest first, with their boards."""
    query = select(Topic).where(Topic.site == site, Topic.id.in_(topic_ids), Topic.state == State.LIVE)
    return list(db.session.scalars(query.options(joinedload(Topic.collection)).order_by(Topic.id)))


def topic_named(site: Site, words: str) -> Topic | None:
    """The live topic of an address, a key or a number."""
    found = _NUMBER.search(words.strip().split("?")[0].split("#")[0])
    return next(iter(topics_of(site, [int(found[1])])), None) if found else None


def open_boards(site: Site) -> list[Board]:
    """The boards of a site that are no club's."""
    query = select(Board).where(Board.site == site, Board.group_id.is_(None))
    return list(db.session.scalars(query.order_by(Board.position, Board.title)))


def board_by_id(board_id: int) -> Board | None:
    """One board."""
    return db.session.get(Board, board_id)


def topic_by_id(topic_id: int) -> Topic | None:
    """One topic, live or not."""
    return db.session.get(Topic, topic_id)


def deeds_between(moderator: Member, first: int, last: int, since: datetime) -> list[Decision]:
    """What a moderator decided about topics a moment ago, the last first."""
    query = select(Decision).where(
        Decision.moderator_id == moderator.id,
        Decision.id.between(first, last),
        Decision.at >= since,
        Decision.undone_at.is_(None),
        Decision.about.startswith("topic:"),
    )
    return list(db.session.scalars(query.order_by(Decision.id.desc())))


def last_written(topic: Topic, writer: Member) -> datetime | None:
    """When a member wrote last in a topic, under their name or as an anonymous parent."""
    query = select(func.max(Post.created_at)).outerjoin(Post.pseudonym).where(Post.item_id == topic.id)
    return db.session.scalar(query.where(or_(Post.author_id == writer.id, Pseudonym.member_id == writer.id)))


def posts_between(topic_id: int, numbers: range) -> Select[Any]:
    """The ids of a topic's posts with these numbers."""
    return select(Post.id).where(Post.item_id == topic_id, Post.number.between(numbers[0], numbers[-1]))


def pseudonyms_between(topic_id: int, numbers: range) -> list[Pseudonym]:
    """A topic's anonymous parents with these numbers."""
    query = select(Pseudonym).where(Pseudonym.item_id == topic_id)
    return list(db.session.scalars(query.where(Pseudonym.number.between(numbers.start, numbers.stop - 1))))


def follows_to_carry(source: Topic, target: Topic, at: datetime) -> Any:
    """The stances of those who follow or mute one topic and not the other, as rows about the other."""
    known = select(Follow.member_id).where(Follow.item_id == target.id)
    columns = Follow.member_id, literal(target.id), Follow.stance, literal(at, Follow.since.type)
    return select(*columns).where(Follow.item_id == source.id, Follow.member_id.not_in(known))


def read_to(source: Topic) -> Any:
    """How far the member of a read position has read another topic; a part of an update."""
    other = ReadPosition.__table__.alias("other")
    query = select(other.c.number).where(other.c.item_id == source.id)
    return query.where(other.c.member_id == ReadPosition.member_id).scalar_subquery()


def readers_of(topic: Topic) -> Select[Any]:
    """The ids of the members who have read in a topic."""
    return select(ReadPosition.member_id).where(ReadPosition.item_id == topic.id)
