"""Boards and topics. What they share with everything else that is published stands in items/."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model
from community.items.models import Collection, Item, Post
from community.items.models.shown import ShownItem, ShownPost


class Board(Collection):
    """A subject to talk about, or (with a `group_id`) the talk of a club."""

    __mapper_args__ = {"polymorphic_identity": "board"}


class Topic(Item):
    """A question or story on a board. Its own words are post 1."""

    __tablename__ = "topics"
    __mapper_args__ = {"polymorphic_identity": "topic"}

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    is_locked: Mapped[bool] = mapped_column(default=False)  # takes no more answers
    lock_reason: Mapped[str] = mapped_column(String(300), default="")  # a moderator's words, for all to read
    slow_minutes: Mapped[int] = mapped_column(default=0)  # that one member waits between two answers
    slow_reason: Mapped[str] = mapped_column(String(300), default="")
    accepted_number: Mapped[int | None]  # of the post that answered the question

    opens_with_post = True
    posts_path = "forums/posts"


@dataclass
class ShownTopic(ShownItem):
    """A topic on its page."""

    posts_path: ClassVar[str] = Topic.posts_path

    is_pinned: bool
    is_locked: bool
    lock_reason: str
    slow_minutes: int
    slow_reason: str
    accepted_number: int | None
    board: tuple[str, str]  # title and path


def topic_of(post: Post | ShownPost) -> Topic:
    """The topic that a post of a board stands in."""
    return cast(Topic, post.item)


class BoardMark(Model):
    """A member called all of a board read: what was written there before is not new."""

    __tablename__ = "board_marks"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    board_id: Mapped[int] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
