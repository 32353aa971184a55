"""Ambassadors, the ledger of their points, and the friends they brought."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.members.models import Member


class Ambassador(Model):
    """A member in the programme. The code stays theirs after leaving, and opens nothing then."""

    __tablename__ = "ambassadors"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    is_on_board: Mapped[bool] = mapped_column(default=False)  # shows on the leaderboard

    member: Mapped[Member] = relationship(lazy="raise_on_sql")


class EntryState(StrEnum):
    """What became of an entry."""

    WAITING = "waiting"  # for 48 hours without a report
    GIVEN = "given"
    LAPSED = "lapsed"  # a year after it was given
    REFUSED = "refused"


class PointEntry(Model):
    """One line of the ledger; the balance is the sum of what is given. A touchpoint counts once for a member."""

    __tablename__ = "point_entries"
    __table_args__ = (
        UniqueConstraint("touchpoint_id", "member_id"),
        Index("ix_point_entries_member", "member_id", "state", "at"),
        Index("ix_point_entries_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(30))  # which rule gave it
    about: Mapped[str | None] = mapped_column(String(40), index=True)  # the key of what was helpful
    touchpoint_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default=EntryState.WAITING)
    why_refused: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime]
    due_at: Mapped[datetime]


class ReferralState(StrEnum):
    """What became of a friend who came by a code."""

    WAITING = "waiting"  # the friend has not confirmed the address yet
    COUNTED = "counted"
    HELD = "held"  # somebody of the staff must look
    REFUSED = "refused"


class Referral(Model):
    """A friend who came by an ambassador's code; a friend comes once."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    ambassador_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    friend_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=ReferralState.WAITING, index=True)
    why: Mapped[str] = mapped_column(String(30), default="")  # it is held or refused
    came_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)

    ambassador: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[ambassador_id])
    friend: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[friend_id])

    @property
    def key(self) -> str:
        """How other things name this referral."""
        return f"referral:{self.id}"
