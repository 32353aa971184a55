"""Saved audiences, who enters those that are watched, and what they are sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.members.models import Member
from community.messages.models import Mail
from community.sites.models import Site, SiteColumn


class Segment(Model):
    """An audience: whoever fits its conditions now. `conditions` is a tree, as `segments/conditions.py` reads it."""

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn, index=True)
    name: Mapped[str] = mapped_column(String(120))
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    maker: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    @property
    def key(self) -> str:
        """How other things name this segment."""
        return f"segment:{self.id}"


class Watch(Model):
    """That who enters an audience from now on is noted, and told to an address if there is one."""

    __tablename__ = "segment_watches"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(500), default="")
    begun_at: Mapped[datetime]

    segment: Mapped[Segment] = relationship(lazy="raise_on_sql")


class CrossingState(StrEnum):
    """How far the telling of one crossing is."""

    BEFORE = "before"  # was in it when the watch began: told to nobody
    NOTED = "noted"  # in the list; there is no address
    WAITING = "waiting"
    TOLD = "told"
    LEFT = "left"  # fitted no more, or took a yes back, before it was told
    FAILED = "failed"  # the address did not take it


class Crossing(Model):
    """That a member entered a watched audience; who leaves and comes back has crossed again."""

    __tablename__ = "segment_crossings"
    __table_args__ = (
        Index("ix_segment_crossings_latest", "segment_id", "id"),
        Index("ix_segment_crossings_inside", "segment_id", "left_at", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(7))
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(200), default="")  # why it was not taken, the last time

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
    sending: Mapped["Sending | None"] = relationship(lazy="raise_on_sql", back_populates="crossing", viewonly=True)


class WatchMessage(Model):
    """What who enters a watched audience is sent, in the language of its site; `{name}` stands for theirs."""

    __tablename__ = "segment_messages"

    segment_id: Mapped[int] = mapped_column(
        ForeignKey("segment_watches.segment_id", ondelete="CASCADE"), primary_key=True
    )
    is_offer: Mapped[bool]  # else help, which sells nothing
    by_mail: Mapped[bool]
    by_notice: Mapped[bool]
    is_once: Mapped[bool]  # for each member; else for each entry
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))  # where it leads
    written_at: Mapped[datetime]


class SendingState(StrEnum):
    """How far the message of one crossing is."""

    WAITING = "waiting"
    SENT = "sent"
    LEFT = "left"  # the audience, before it went out
    REFUSED = "refused"


class WhyNot(StrEnum):
    """Why a message does not go, or not yet."""

    ALREADY = "already"  # got it at an earlier entry, and it is for once
    COMPLAINT = "complaint"  # is open: an offer waits until it is solved
    GUARDED = "guarded"  # "something changed"
    MUTED = "muted"  # a subject that the audience asks for
    NO_YES = "no-yes"  # to such mail
    RETURNED = "returned"  # mail to the address came back
    UNWANTED = "unwanted"  # by their choices, or paused


class Sending(Model):
    """What became of the message of one crossing."""

    __tablename__ = "segment_sendings"

    crossing_id: Mapped[int] = mapped_column(ForeignKey("segment_crossings.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), index=True)
    why: Mapped[str] = mapped_column(String(10), default="")
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id", ondelete="SET NULL"), index=True)

    crossing: Mapped[Crossing] = relationship(lazy="raise_on_sql", back_populates="sending")
    mail: Mapped[Mail | None] = relationship(lazy="raise_on_sql")
