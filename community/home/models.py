"""Which weekly letters were written."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model


class WeeklyLetter(Model):
    """One member's letter of one week of the calendar: looked at once, whether or not there was something to say."""

    __tablename__ = "weekly_letters"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), primary_key=True)  # 2026-W47
    at: Mapped[datetime]
