"""Reads of profiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from community.core.asking import rows_of
from community.core.db import db
from community.items.queries import Guard, StageDay
from community.members.models import Member
from community.profiles.models import Child, Interest, Profile, Standing, TaskDone

_CHILDREN = select(Child).where(Child.member_id == bindparam("member_id"))
_ROWS_OF_CHILDREN = select(Child.__table__).where(Child.member_id == bindparam("member_id"))  # most pages ask it


@dataclass(frozen=True)
class Family:
    """What lists and pages need to know of a reader: the children that we show things for, and the guard.

    `overdue` are pregnancies whose date is so long past that we show nothing and assume nothing."""

    children: tuple[Child, ...] = ()
    days: tuple[StageDay, ...] = ()
    guard: Guard | None = None
    has_told: bool = False  # of any pregnancy or child, also one that is stopped or overdue
    overdue: tuple[Child, ...] = ()

    @property
    def is_guarded(self) -> bool:
        """Whether "something changed" is in force."""
        return self.guard is not None


def family_of(member: Any, today: date) -> Family:
    """A reader's family, to be looked at: one statement for a member, none for a visitor."""
    if not member.is_member:
        return Family()
    rows = rows_of(_ROWS_OF_CHILDREN, {"member_id": member.id}).mappings()
    children = _youngest_first(Child(**row) for row in rows)
    shown = [(child, day) for child in children if (day := child.day(today)) is not None]
    days = tuple(day for _child, day in shown)
    return Family(
        children=tuple(child for child, _day in shown),
        days=days,
        guard=Guard(days) if member.guarded_since else None,
        has_told=bool(children),
        overdue=tuple(child for child in children if child.is_overdue(today)),
    )


def profile_of(member: Member) -> Profile | None:
    """A member's profile row, if it was ever filled."""
    return db.session.get(Profile, member.id)


def standing_of(member_id: int) -> Standing | None:
    """What projections say of a member, if anything yet."""
    return db.session.get(Standing, member_id)


def has_open_complaint(member_id: int) -> bool:
    """Whether the service still owes a member an answer to a complaint."""
    return bool(db.session.scalar(select(Standing.complaint_count).where(Standing.member_id == member_id)))


def children_of(member: Member) -> list[Child]:
    """All pregnancies and children, stopped ones too, the youngest first."""
    return _youngest_first(db.session.scalars(_CHILDREN, {"member_id": member.id}))


def _youngest_first(children: Iterable[Child]) -> list[Child]:
    return sorted(children, key=lambda child: child.due_on or child.born_on or date.min, reverse=True)


def child_of(member: Member, child_id: int) -> Child | None:
    """One of the member's own."""
    return db.session.scalar(select(Child).where(Child.id == child_id, Child.member_id == member.id))


def interests_of(member: Member) -> list[Interest]:
    """What a member chose, with the tags."""
    query = select(Interest).where(Interest.member_id == member.id).options(joinedload(Interest.tag))
    return list(db.session.scalars(query))


def tasks_done_by(member: Member) -> set[str]:
    """Keys of what is ticked off."""
    return set(db.session.scalars(select(TaskDone.task_key).where(TaskDone.member_id == member.id)))
