"""Saved audiences."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.members.models import Member
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
