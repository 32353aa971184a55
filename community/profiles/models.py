"""A member's profile, children, interests and ticked tasks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core import stages
from community.core.db import Model
from community.items.models import Tag
from community.items.queries import StageDay
from community.members.models import Member

CORRECTED_UNTIL_DAYS = 730  # early birth is counted out until two years (`features.md` 4.2)
LATEST_OVERDUE_DAYS = 21  # then a pregnancy shows no week any more: we do not assume a birth


class ChildKind(StrEnum):
    """How a child came, or is to come."""

    PREGNANCY = "pregnancy"
    CHILD = "child"
    ADOPTED = "adopted"


class PartnerRole(StrEnum):
    """Which word a member wants for the other parent; none: "partner"."""

    NONE = ""
    FATHER = "father"
    MOTHER = "mother"
    PARTNER = "partner"
    ALONE = "alone"


class Audience(StrEnum):
    """Who may see a field of a profile."""

    ME = "me"
    MEMBERS = "members"
    PUBLIC = "public"


FIELDS = ("town", "about", "children", "interests")  # what can be shown to others; default: only me


class Profile(Model):
    """What a member told about themselves. `visible_to` maps a field to its audience."""

    __tablename__ = "profiles"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    town: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    partner_role: Mapped[str] = mapped_column(String(10), default=PartnerRole.NONE)
    visible_to: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    uses_reading: Mapped[bool] = mapped_column(default=True)  # "stop using my reading history"

    member: Mapped[Member] = relationship(lazy="raise_on_sql")

    def audience_of(self, field: str) -> Audience:
        """Who may see a field; only the member, unless they chose otherwise."""
        return Audience((self.visible_to or {}).get(field, Audience.ME))


class Child(Model):
    """A pregnancy or a child. Dates only: never a child's name."""

    __tablename__ = "children"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date | None]
    born_on: Mapped[date | None]
    weeks_early: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]  # the one stop; it never resumes by itself
    created_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")

    @property
    def is_pregnancy(self) -> bool:
        """Whether it is still to be born."""
        return self.kind == ChildKind.PREGNANCY

    @property
    def key(self) -> str:
        """How other things name it."""
        return f"child:{self.id}"

    def is_overdue(self, today: date) -> bool:
        """Whether the due date is past; the member may want to tell us of a birth."""
        return self.is_pregnancy and self.stopped_at is None and self.due_on is not None and self.due_on < today

    def day(self, today: date) -> StageDay | None:
        """Where the child is on the stage axis; None where we show nothing for it."""
        if self.stopped_at is not None:
            return None
        if self.is_pregnancy:
            day = stages.day_before_birth(self.due_on, today) if self.due_on else None
            return None if day is None or day > LATEST_OVERDUE_DAYS else StageDay(min(day, -1), min(day, -1))
        if self.born_on is None or self.born_on > today:
            return None
        calendar = (today - self.born_on).days
        early = 7 * self.weeks_early if calendar < CORRECTED_UNTIL_DAYS else 0
        return StageDay(max(0, calendar - early), calendar)  # a child that is here is in no week of pregnancy


class Interest(Model):
    """A subject that a member chose (weight 1), or wants less of (weight -1)."""

    __tablename__ = "interests"
    __table_args__ = (UniqueConstraint("member_id", "tag_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)
    weight: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    tag: Mapped[Tag] = relationship(lazy="raise_on_sql")


class TaskDone(Model):
    """A thing to do that a member ticked off; `task_key` is the editors' key."""

    __tablename__ = "tasks_done"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    task_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_at: Mapped[datetime]


def stage_words(child: Child, today: date) -> dict[str, Any]:
    """Numbers for words about a child: `week` and `days` of a pregnancy, or `months` of age."""
    day = child.day(today)
    if day is None:
        return {}
    if child.is_pregnancy:
        due = child.due_on or today
        past = stages.PREGNANCY_DAYS + stages.day_before_birth(due, today)
        return {"week": past // 7, "days": past % 7, "days_to_go": (due - today).days}
    return {"months": stages.months_between(child.born_on or today, today)}


class Fact(Model):
    """Something we know of a member that no page of theirs asks for: who told us, and when (`features.md` B6, B12)."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("member_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(400))
    source: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class Phase(StrEnum):
    """Where a relationship stands in the hourglass, in its order (`features.md` C4)."""

    KNOW = "know"
    LIKE = "like"
    TRUST = "trust"
    TRY = "try"
    BUY = "buy"
    REPEAT = "repeat"
    REFER = "refer"


class Stage(StrEnum):
    """The same relationship as See, Think, Do, Care (`features.md` D14)."""

    SEE = "see"
    THINK = "think"
    DO = "do"
    CARE = "care"


class Standing(Model):
    """What projections of the record say of a member, as plain columns that segments, pages and mails can read.

    Phase and stage are marketing's, points and tier the ambassadors', complaints the service's."""

    __tablename__ = "standings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), default="", index=True)  # none without consent to offers
    highest_phase: Mapped[str] = mapped_column(String(10), default="")
    phase_since: Mapped[datetime | None]
    phase_reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)  # ids of the touchpoints that made it
    stage: Mapped[str] = mapped_column(String(10), default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the next touchpoint is added to
    contact_count: Mapped[int] = mapped_column(default=0)  # touchpoints that count (`features.md` C9)
    read_count: Mapped[int] = mapped_column(default=0)
    written_count: Mapped[int] = mapped_column(default=0)  # topics, posts, comments, stories
    review_count: Mapped[int] = mapped_column(default=0)
    order_count: Mapped[int] = mapped_column(default=0)  # completed, not returned
    spent_cents: Mapped[int] = mapped_column(default=0)
    last_order_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    points: Mapped[int] = mapped_column(default=0)  # the balance of the ledger
    tier: Mapped[str] = mapped_column(String(12), default="")
    friend_count: Mapped[int] = mapped_column(default=0)  # counted referrals
    complaint_count: Mapped[int] = mapped_column(default=0)  # open ones


class PhaseChange(Model):
    """One move through the hourglass, and the touchpoint that made it."""

    __tablename__ = "phase_changes"
    __table_args__ = (UniqueConstraint("member_id", "touchpoint_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    before: Mapped[str] = mapped_column(String(10), default="")
    phase: Mapped[str] = mapped_column(String(10), index=True)
    touchpoint_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(index=True)
