"""Reviews, and who found them helpful."""

from datetime import datetime
from enum import StrEnum
from math import sqrt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.core.stages import month_of
from community.items.models import Item, Written
from community.shop.models import OrderLine, Product

Z = 1.96  # of a bound that holds in 95 of 100 cases


def lower_bound(helpful: int, votes: int) -> float:
    """The share of helpful votes that we may count on (Wilson): 9 of 10 stand before 1 of 1."""
    if not votes:
        return 0.0
    share, spread = helpful / votes, Z * Z / votes
    margin = Z * sqrt((share * (1 - share) + spread / 4) / votes)
    return (share + spread / 2 - margin) / (1 + spread)


class AgeBand(StrEnum):
    """How old the child was, in months: as much as other parents need, and no more."""

    PREGNANCY = "pregnancy"
    TO_3 = "0-3"
    TO_6 = "4-6"
    TO_12 = "7-12"
    TO_24 = "13-24"
    TO_48 = "25-48"
    OLDER = "49+"


LAST_MONTHS = {AgeBand.TO_3: 3, AgeBand.TO_6: 6, AgeBand.TO_12: 12, AgeBand.TO_24: 24, AgeBand.TO_48: 48}


def band_of(day: int) -> AgeBand:
    """The band that a day on the axis of life stages lies in."""
    if day < 0:
        return AgeBand.PREGNANCY
    return next((band for band, last in LAST_MONTHS.items() if month_of(day) <= last), AgeBand.OLDER)


class Review(Written, Item):
    """What one parent says of a product. The photo is the item's picture.

    `age_band` is the child's age when it was written, never recomputed (`features.md` 4.3)."""

    __tablename__ = "reviews"
    __mapper_args__ = {"polymorphic_identity": "review", "polymorphic_load": "selectin"}  # among items too

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    stars: Mapped[int]  # 1 to 5
    good: Mapped[str] = mapped_column(String(400), default="")
    less_good: Mapped[str] = mapped_column(String(400), default="")
    age_band: Mapped[str] = mapped_column(String(12), default="")
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id", ondelete="SET NULL"), index=True)
    helpful_count: Mapped[int] = mapped_column(default=0)
    vote_count: Mapped[int] = mapped_column(default=0)
    helpful_bound: Mapped[float] = mapped_column(default=0.0)  # lower bound of the helpful share

    product: Mapped[Product] = relationship(lazy="raise_on_sql", foreign_keys=[product_id])
    order_line: Mapped[OrderLine | None] = relationship(lazy="raise_on_sql")

    @property
    def words(self) -> str:
        """All that its author wrote."""
        return "\n".join(text for text in (self.title, self.good, self.less_good, self.body) if text)

    def erase_words(self) -> None:
        """Nothing that its author wrote stays."""
        super().erase_words()
        self.good = self.less_good = ""


Index("ix_reviews_helpful", Review.product_id, Review.helpful_bound, Review.__table__.c.id)
Index("ix_reviews_by_stars", Review.product_id, Review.stars, Review.__table__.c.id)


class ReviewVote(Model):
    """Whether one member found a review helpful."""

    __tablename__ = "review_votes"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_helpful: Mapped[bool]
    at: Mapped[datetime]
