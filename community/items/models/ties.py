"""What ties a member to a thing: thanks, following and muting, how far was read, what is typed and not saved."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models.items import Collection, Item, Tag
from community.members.models import Member
from community.sites.models import Site, SiteColumn


class Thank(Model):
    """One member's thanks for a post."""

    __tablename__ = "thanks"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class Stance(StrEnum):
    """How a member stands to a thing or a person."""

    FOLLOW = "follow"  # hear of what is new
    MUTE = "mute"  # out of every list, mail and notice
    BLOCK = "block"  # a person: muted, and they cannot mention, answer or follow with a notice


REFUSING = (Stance.MUTE, Stance.BLOCK)


class Follow(Model):
    """What a member follows, mutes or blocks: an item, a collection, a person or a tag; one of the four is set."""

    __tablename__ = "follows"
    __table_args__ = (
        UniqueConstraint("member_id", "item_id"),
        UniqueConstraint("member_id", "collection_id"),
        UniqueConstraint("member_id", "person_id"),
        UniqueConstraint("member_id", "tag_id"),
        Index("ix_follows_stance", "member_id", "stance", "item_id"),  # who follows thousands refuses a few
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)
    stance: Mapped[str] = mapped_column(String(6))
    since: Mapped[datetime]

    item: Mapped[Item | None] = relationship(lazy="raise_on_sql")
    collection: Mapped[Collection | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Member | None] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    tag: Mapped[Tag | None] = relationship(lazy="raise_on_sql")

    @property
    def thing(self) -> "Followed":
        """What is followed, muted or blocked."""
        found = self.item or self.collection or self.person or self.tag
        assert found is not None
        return found


Followed = Item | Collection | Member | Tag


FOLLOWED: dict[type, Any] = {
    Item: Follow.item_id,
    Collection: Follow.collection_id,
    Member: Follow.person_id,
    Tag: Follow.tag_id,
}


class ReadPosition(Model):
    """How far a member has read under an item. The member's own bookkeeping; no figure and no page of others."""

    __tablename__ = "read_positions"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)
    number: Mapped[int]  # of the last post read
    at: Mapped[datetime]


class Draft(Model):
    """What a member typed and has not saved: kept every few seconds, lost only by "throw away"."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("member_id", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(60))  # `article:12`, `article:new`, `board:3`, `topic:5`
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime]


class KeptText(Model):
    """What a stranger wrote before registering. Whoever has the token finds it again, for some days."""

    __tablename__ = "kept_texts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the token, which only its writer has
    site: Mapped[Site] = mapped_column(SiteColumn)
    about: Mapped[str] = mapped_column(String(60))  # `board:3` for a topic, `topic:5` for an answer, `product:7`
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    more: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")  # what else a form held
    kept_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def words(self) -> dict[str, str]:
        """All of it, by field."""
        return {"title": self.title, "body": self.body, **self.more}
