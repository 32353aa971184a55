"""A family in blocks: each pregnancy or child with its words, twins together."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from dateutil.relativedelta import relativedelta
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from community.core import stages
from community.items.queries import Guard, StageDay
from community.profiles.models import Child, stage_words
from community.profiles.queries import Family


@dataclass(frozen=True)
class Block:
    """One pregnancy or child, or children with the same dates: what one part of a home is about."""

    children: tuple[Child, ...]
    day: StageDay
    today: date

    @property
    def first(self) -> Child:
        """The child whose dates count; twins have the same."""
        return self.children[0]

    @property
    def is_pregnancy(self) -> bool:
        """Whether it is still to be born."""
        return self.first.is_pregnancy

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """`week`, `days` and `days_to_go`, or `months`."""
        return stage_words(self.first, self.today)

    @property
    def number(self) -> int:
        """The week, or the month of age, on the tape."""
        return int(self.numbers["week"] if self.is_pregnancy else self.numbers["months"])

    @property
    def day_on_tape(self) -> int:
        """How far the week or month is, in sevenths: where the mark stands."""
        if self.is_pregnancy:
            return int(self.numbers["days"])
        begun = (self.first.born_on or self.today) + relativedelta(months=self.number)
        return min(6, (self.today - begun).days * 7 // 31)

    @property
    def corrected_age(self) -> str:
        """The age counted from the due date, of a child that came early and is not two yet."""
        return stages.corrected_age_words(self.day.corrected) if self.day.corrected != self.day.calendar else ""

    @property
    def calendar_path(self) -> str:
        """Where the calendar tells more, after the site's path; a child that came early reads by the due date."""
        if self.is_pregnancy:
            return f"pregnancy/{self.number}"
        return f"child/{stages.month_of(self.day.corrected) if self.corrected_age else self.number}"

    @property
    def heading(self) -> str:
        """Where it is today: "24 weeks and 3 days", "5 months"."""
        if not self.is_pregnancy:
            return self._age()
        if self.number < 1:
            return _("At the very beginning")
        weeks = ngettext("%(num)d week", "%(num)d weeks", self.number)
        days = ngettext("%(num)d day", "%(num)d days", self.numbers["days"])
        return _("%(weeks)s and %(days)s", weeks=weeks, days=days) if self.numbers["days"] else weeks

    @property
    def label(self) -> str:
        """Its name among the others."""
        if not self.is_pregnancy:
            return self._age()
        return _("Pregnancy, week %(n)s", n=self.number) if self.number > 0 else _("Pregnancy")

    @property
    def due_words(self) -> str:
        """The due date with its weekday."""
        return str(format_date(self.first.due_on, "EEEE d MMMM y"))

    def _age(self) -> str:
        age = stages.age_words(self.first.born_on or self.today, self.today)
        return _("Twins of %(age)s", age=age) if len(self.children) == 2 else age


def blocks_of(family: Family, today: date) -> list[Block]:
    """A family's children, the youngest first, those with the same dates together."""
    found: dict[Any, Block] = {}
    for child, day in zip(family.children, family.days, strict=True):
        dates = child.is_pregnancy, child.due_on if child.is_pregnancy else child.born_on, day
        known = found.get(dates)
        found[dates] = Block((*(known.children if known else ()), child), day, today)
    return list(found.values())


def block_with(blocks: list[Block], child_id: int | None) -> Block | None:
    """The block of this child, else the first."""
    asked = (block for block in blocks if any(child.id == child_id for child in block.children))
    return next(asked, blocks[0] if blocks else None)


def family_in(family: Family, block: Block | None) -> Family:
    """The family as if it had only these children: what one block's lists may hold."""
    if block is None:
        return family
    days = (block.day,) * len(block.children)
    return replace(family, children=block.children, days=days, guard=Guard(days) if family.guard else None)
