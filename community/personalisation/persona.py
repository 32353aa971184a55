"""Somebody made up, for whom the staff looks at a list before members do."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from community.core.stages import FIRST_WEEK, LAST_MONTH, LAST_WEEK, days_of_week
from community.items.queries import Guard
from community.profiles.models import Child, ChildKind
from community.profiles.queries import Family

A_MONTH = 30.44  # days


class Stage(StrEnum):
    """What a persona told us of children."""

    NOTHING = "nothing"
    WEEK = "week"
    MONTH = "month"
    CHANGED = "changed"  # "something changed"


@dataclass(frozen=True)
class Persona:
    """A visitor or member of whom nothing is known but what is said here; nothing is ever kept of them."""

    stage: Stage = Stage.NOTHING
    number: int = 0  # the week or month
    is_member: bool = True
    id: int = 0
    visitor_id: None = None
    guarded_since: None = None
    group_ids: tuple[int, ...] = ()
    withheld: tuple[str, ...] = ()

    def consents_to(self, _purpose: Any) -> bool:
        """Nobody there who could."""
        return False

    def family(self, today: date) -> Family:
        """The child that was made up, or the guard."""
        if self.stage is Stage.CHANGED:
            return Family(guard=Guard(), has_told=True)
        child = self._child(today)
        day = child.day(today) if child else None
        return Family((child,), (day,), has_told=True) if child and day else Family()

    def _child(self, today: date) -> Child | None:
        if self.stage is Stage.WEEK:
            return Child(kind=ChildKind.PREGNANCY, due_on=today - timedelta(days=days_of_week(self.number)[0]))
        if self.stage is Stage.MONTH:
            return Child(
                kind=ChildKind.CHILD, born_on=today - timedelta(days=round(self.number * A_MONTH)), weeks_early=0
            )
        return None


def persona_of(stage: str, number: int, is_member: bool) -> Persona:
    """A persona from what was typed: an unknown stage tells nothing, a number stays within the calendar."""
    known = Stage(stage) if stage in set(Stage) else Stage.NOTHING
    lowest, highest = (FIRST_WEEK, LAST_WEEK) if known is Stage.WEEK else (0, LAST_MONTH)
    return Persona(known, min(highest, max(lowest, number)), is_member)
