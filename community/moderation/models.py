"""What waits for a moderator, who reported it, what was decided, what was asked of a second moderator."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Item, Post, Written
from community.members.models import Member
from community.sites.models import Site, SiteColumn


class ConcernKind(StrEnum):
    """Why something waits for a moderator."""

    HELD = "held"  # written, and not live yet
    REPORTED = "reported"  # somebody finds that it should not stand
    EDITED = "edited"  # its author changed it, as a moderator asked
    APPEAL = "appeal"  # its author asks a second moderator


class Deed(StrEnum):
    """What a moderator decides."""

    KEEP = "keep"
    HIDE = "hide"
    EDIT = "edit"  # its author is asked to change it
    WARN = "warn"
    MUTE = "mute"
    SUSPEND = "suspend"
    RESTORE = "restore"
    TELL = "tell"  # the editors, of what is theirs
    UPHOLD = "uphold"  # a second moderator finds that a decision stands
    LIFT = "lift"  # a mute or a suspension ends before its day
    PIN = "pin"
    UNPIN = "unpin"
    LOCK = "lock"
    UNLOCK = "unlock"
    MOVE = "move"
    MERGE = "merge"
    QUIET = "quiet"  # found by looking for it, never offered
    UNQUIET = "unquiet"
    SLOW = "slow"  # so many minutes between two answers of one member


class About:
    """What a concern and a decision have in common."""

    about: Mapped[str] = mapped_column(String(40))  # `post:77`, `article:12`, `member:9`

    @property
    def written(self: Any) -> Any:
        """What a member wrote, a post or an item of their own, where it is about such a thing."""
        is_own = isinstance(self.item, Written) and self.item.key == self.about
        return self.post or (self.item if is_own else None)


class Concern(About, Model):
    """One thing that waits for a moderator: a post, an item or a member. `open_key` is set while it waits."""

    __tablename__ = "concerns"
    __table_args__ = (
        Index("ix_concerns_waiting", "site", "decided_at", "harm", "opened_at", "id"),
        Index("ix_concerns_about", "about", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))  # the gravest that was given
    harm: Mapped[int]  # 1 to 3
    score: Mapped[float] = mapped_column(default=0.0)  # the sum of its reports
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    taken_at: Mapped[datetime | None]

    post: Mapped[Post | None] = relationship(lazy="raise_on_sql")
    item: Mapped[Item | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Member | None] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    taken_by: Mapped[Member | None] = relationship(foreign_keys=[taken_by_id], lazy="raise_on_sql")
    reports: Mapped[list["Report"]] = relationship(
        back_populates="concern", lazy="raise_on_sql", order_by="Report.id", passive_deletes=True
    )


class Report(Model):
    """What one reader says about a thing, and how much it counts: `weight` is 1 + `level` + `bonus`."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("concern_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[float] = mapped_column(default=0.0)  # nothing for a visitor
    level: Mapped[int] = mapped_column(default=0)  # the reporter's trust, then
    bonus: Mapped[float] = mapped_column(default=0.0)  # for having been right, or wrong
    was_right: Mapped[bool | None]  # once it is decided
    at: Mapped[datetime]

    concern: Mapped[Concern] = relationship(back_populates="reports", lazy="raise_on_sql")
    reporter: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Decision(About, Model):
    """What a moderator decided, why, and how to undo it.

    `pseudonym_id`: it is about what somebody wrote as an anonymous parent, and joins no other decision."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_of_person", "person_id", "id"),
        Index("ix_decisions_of_moderator", "moderator_id", "id"),
        Index("ix_decisions_of_site", "site", "id"),
        Index("ix_decisions_about", "about", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int | None] = mapped_column(ForeignKey("concerns.id", ondelete="SET NULL"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))  # its author
    pseudonym_id: Mapped[int | None] = mapped_column(ForeignKey("pseudonyms.id", ondelete="SET NULL"), index=True)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    site: Mapped[Site] = mapped_column(SiteColumn)
    deed: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # as its author reads them, in the author's language
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # how it was before, to undo it

    post: Mapped[Post | None] = relationship(lazy="raise_on_sql")
    item: Mapped[Item | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Member | None] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    moderator: Mapped[Member | None] = relationship(foreign_keys=[moderator_id], lazy="raise_on_sql")
    appeal: Mapped["Appeal | None"] = relationship(back_populates="decision", lazy="raise_on_sql", uselist=False)


class Appeal(Model):
    """An author asks, once, that another moderator looks at a decision. It waits as a concern of its own."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), unique=True)
    concern_id: Mapped[int | None] = mapped_column(ForeignKey("concerns.id", ondelete="SET NULL"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    is_upheld: Mapped[bool | None]  # the decision stands

    decision: Mapped[Decision] = relationship(back_populates="appeal", lazy="raise_on_sql")
    concern: Mapped[Concern | None] = relationship(lazy="raise_on_sql")
    decided_by: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Note(Model):
    """What one moderator tells the others about a member. The member reads it in the export alone."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    moderator: Mapped[Member | None] = relationship(foreign_keys=[moderator_id], lazy="raise_on_sql")


class WatchedWord(Model):
    """A word that makes a post wait, or that is not taken at all, on one site."""

    __tablename__ = "watched_words"
    __table_args__ = (UniqueConstraint("site", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    word: Mapped[str] = mapped_column(String(60))  # folded; a last `*` stands for any ending
    is_refused: Mapped[bool] = mapped_column(default=False)  # else it only makes the post wait
