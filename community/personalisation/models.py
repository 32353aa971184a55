"""What is derived of reading: histories, interests, co-reads, popularity; and what was shown or refused."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model


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
    other_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    weight: Mapped[float]


class Popularity(Model):
    """How much an item is read, with a half-life: `score` as of `as_of`."""

    __tablename__ = "popularities"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float] = mapped_column(index=True)
    as_of: Mapped[datetime]


class Dismissed(Model):
    """Not this: never shown to this member again."""

    __tablename__ = "dismissed"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
