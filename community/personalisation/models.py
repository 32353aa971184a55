"""What is derived of reading: histories, interests, co-reads, popularity; and what was shown or refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model
from community.sites.models import Site, SiteColumn

HALF_LIFE = timedelta(days=14)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)  # a read at this moment has the score 1


class Read(Model):
    """That a person read an item: a projection of touchpoints, under consent to personalisation.

    `person` is `m<member id>` or, for a consenting visitor, `v<random number>`."""

    __tablename__ = "reads"
    __table_args__ = (
        UniqueConstraint("person", "item_id"),
        Index("ix_reads_latest", "person", "last_at"),
        Index("ix_reads_by_item", "item_id", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(36))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    last_at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(default=0)
    share: Mapped[float] = mapped_column(default=0.0)


class CoRead(Model):
    """How often readers of one item read another within their last reads."""

    __tablename__ = "co_reads"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)
    weight: Mapped[float]


class Popularity(Model):
    """How much an item is read. Each read counts double what one a half-life earlier did, so that scores compare
    at any moment without touching a row; `read_now()` says how many reads of this moment a score is worth."""

    __tablename__ = "popularities"
    __table_args__ = (Index("ix_popularities_most_read", "site", "score"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    score: Mapped[float]


class Dismissed(Model):
    """Not this: never shown to this member again."""

    __tablename__ = "dismissed"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


def score_of_read(at: datetime) -> float:
    """What one read at a moment adds to a score."""
    return float(2 ** ((at - BEGINNING) / HALF_LIFE))


def read_now(score: float, now: datetime) -> float:
    """A score in reads of this moment."""
    return score / score_of_read(now)


def person_of(who: Any) -> str:
    """How reading names a member or a visitor."""
    return f"m{who.id}" if who.is_member else f"v{who.visitor_id}"
