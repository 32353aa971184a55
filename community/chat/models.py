"""Rooms, lines, what happened to them in order, and who is here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.groups.models import Group
from community.items.models import State
from community.members.models import Member
from community.moderation.policy import Said
from community.sites.models import Site, SiteColumn


class Room(Model):
    """A place to talk live: of a site, or of a club and for its members alone."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("site", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400), default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), unique=True)
    position: Mapped[int] = mapped_column(default=0)

    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> str:
        """Its page."""
        return f"/{self.site.code}/chat/{self.slug}"

    @property
    def key(self) -> str:
        """How other things name this room."""
        return f"room:{self.id}"

    def lets_in(self, reader: Any) -> bool:
        """Members; in a club those who are in it."""
        return bool(reader.is_member) and (self.group_id is None or self.group_id in reader.group_ids)


class Line(Said, Model):
    """What somebody said in a room; kept 90 days, longer where it was reported."""

    __tablename__ = "lines"
    __table_args__ = (Index("ix_lines_of_room", "room_id", "id"),)
    kind = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=State.LIVE)
    held_because: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    edited_at: Mapped[datetime | None]

    room: Mapped[Room] = relationship(lazy="raise_on_sql")
    author: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    @property
    def place(self) -> Room:
        """Its room."""
        return self.room

    def may_be_read_by(self, reader: Any) -> bool:
        """What is live, by whoever may be in its room."""
        return self.is_live and self.room.lets_in(reader)


class RoomEvent(Model):
    """Something that readers of a room must learn: a line was written, changed or taken away. Its number is the
    id of the stream, so who was away catches up from the last one seen."""

    __tablename__ = "room_events"
    __table_args__ = (Index("ix_room_events_of_room", "room_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class RoomVisit(Model):
    """How far a member has read in a room, and when they were last here."""

    __tablename__ = "room_visits"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    read_line_id: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
