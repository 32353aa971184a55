"""Clubs, who is in them, and the offers that somebody declined."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model
from community.sites.models import Site, SiteColumn


def first_day_of(month: str) -> date:
    """The day with which a month such as `2027-03` begins."""
    return date.fromisoformat(f"{month}-01")


class Group(Model):
    """A club: parents of one site whose children are due, or were born, in the same month.

    Only its members see what stands in it. Its site gives its language."""

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("site", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    month: Mapped[str] = mapped_column(String(7))  # yyyy-mm
    member_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]

    @property
    def first_day(self) -> date:
        """The first day of its month."""
        return first_day_of(self.month)

    @property
    def path(self) -> str:
        """The club's page."""
        return f"{self.site.path}clubs/{self.month}/"

    @property
    def key(self) -> str:
        """How other things name this club."""
        return f"club:{self.id}"


class Club(NamedTuple):
    """A club as the pages of who is in it name it."""

    id: int
    site: Site
    month: str

    @property
    def first_day(self) -> date:
        """As `Group.first_day`."""
        return first_day_of(self.month)

    @property
    def path(self) -> str:
        """As `Group.path`."""
        return f"{self.site.path}clubs/{self.month}/"


class Membership(Model):
    """A member in a club. `Member.group_ids` repeats it, so that no page asks twice."""

    __tablename__ = "memberships"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    joined_at: Mapped[datetime]


class DeclinedOffer(Model):
    """A month's club that a member does not want offered (again)."""

    __tablename__ = "declined_offers"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    at: Mapped[datetime]
