"""Cases and what was said in them."""

from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.core.seal import seal
from community.members.models import Member
from community.sites.models import Site, SiteColumn


class CaseKind(StrEnum):
    """What somebody came with."""

    QUESTION = "question"
    COMPLAINT = "complaint"


class CaseState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # ours
    ANSWERED = "answered"  # theirs
    SOLVED = "solved"


class Case(Model):
    """A question or a complaint. Who is no member is known by the address alone, and comes by the mailed link."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_queue", "site", "state", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=CaseState.OPEN)
    subject: Mapped[str] = mapped_column(String(160))
    about: Mapped[str | None] = mapped_column(String(40))  # the key of an order, a product, a post
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # first
    solved_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    member: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[member_id])
    owner: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])

    @property
    def number(self) -> str:
        """What people call it on the telephone: "2026-0117"."""
        return f"{self.opened_at:%Y}-{self.id:04}"

    @property
    def path(self) -> str:
        """Where who asked reads it: a member's own page, or the link that is mailed to who has none."""
        return f"/account/cases/{self.id}" if self.member_id else f"{self.site.path}contact/{self.id}-{self.seal}"

    @property
    def seal(self) -> str:
        """What the mailed link carries, and nobody can guess."""
        return seal("case", str(self.id)).hex()[:32]

    def is_opened_by(self, seal: str) -> bool:
        """Whether this is the mailed link of who has no account."""
        return self.member_id is None and compare_digest(self.seal, seal)

    def is_answered_by(self, seal: str, sender: str) -> bool:
        """Whether a mail with the beginning of this seal, from this address, is by who asked."""
        return len(seal) >= 10 and compare_digest(self.seal[: len(seal)], seal) and sender == self.address

    @property
    def address(self) -> str:
        """Where who asked is mailed: a member's present address, else the one that they gave."""
        return (self.member.email or "") if self.member else self.email

    @property
    def key(self) -> str:
        """How other things name this case."""
        return f"case:{self.id}"


class CaseMessage(Model):
    """What one side said, on the page or by mail; a note is for the staff alone."""

    __tablename__ = "case_messages"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    is_ours: Mapped[bool] = mapped_column(default=False)
    is_note: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    mail_key: Mapped[str | None] = mapped_column(String(200), unique=True)  # Message-ID of the mail it came by
    at: Mapped[datetime]

    author: Mapped[Member | None] = relationship(lazy="raise_on_sql")
