"""The outbox: a mail is a row before it is a message."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.members.models import Member


class MailClass(StrEnum):
    """Why a mail is sent; consent is asked by class."""

    TRANSACTIONAL = "transactional"  # asked for this minute: confirm, reset
    SERVICE = "service"  # safety and account notices
    COMMUNITY = "community"  # answers, clubs
    EDITORIAL = "editorial"  # the weekly mail
    PROMOTIONAL = "promotional"


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # handed to the mail server this moment
    SENT = "sent"
    UNKNOWN = "unknown"  # its worker died between; it is shown and not sent again by itself
    FAILED = "failed"


class Mail(Model):
    """One mail to one member. The address is read when it is sent; `to_new_address` says which of two.

    `old_address` is one that the member had: it is told that it is theirs no more."""

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_by_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    to_new_address: Mapped[bool] = mapped_column(default=False)
    old_address: Mapped[str | None] = mapped_column(String(254))
    mail_class: Mapped[str] = mapped_column(String(14))
    name: Mapped[str] = mapped_column(String(40))  # which mail of ours
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=MailState.WAITING)
    why_failed: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
