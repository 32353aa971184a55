"""Reads of the calendar for its editors: every week and month, with its gaps."""

from dataclasses import dataclass

from sqlalchemy import select

from community.articles.models import StageNote, StageTask
from community.core import stages
from community.core.db import db
from community.sites.models import Site


@dataclass(frozen=True)
class Slot:
    """A week or month of the calendar: what it says, if anything, and how much there is to do."""

    unit: str  # "week" or "month"
    number: int
    note: StageNote | None
    task_count: int


def slots(site: Site) -> list[Slot]:
    """All weeks and months that the calendar has, in order."""
    found = db.session.scalars(select(StageNote).where(StageNote.site == site))
    notes = {(note.stage_from, note.stage_to): note for note in found}
    tasks = tasks_of(site)
    shown = []
    for unit, number in units():
        first, last = days_of(unit, number)
        task_count = sum(task.stage_from <= last and task.stage_to >= first for task in tasks)
        shown.append(Slot(unit, number, notes.get((first, last)), task_count))
    return shown


def units() -> list[tuple[str, int]]:
    """The unit and number of each page of the calendar."""
    weeks = [("week", week) for week in range(stages.FIRST_WEEK, stages.LAST_WEEK + 1)]
    return weeks + [("month", month) for month in range(stages.LAST_MONTH + 1)]


def days_of(unit: str, number: int) -> tuple[int, int]:
    """First and last day of a week or month."""
    return stages.days_of_week(number) if unit == "week" else stages.days_of_month(number)


def note_of(site: Site, days: tuple[int, int]) -> StageNote | None:
    """The note of a week or month; its first day alone does not tell week 40 from the first month."""
    query = select(StageNote).where(StageNote.site == site, StageNote.stage_from == days[0])
    return db.session.scalar(query.where(StageNote.stage_to == days[1]))


def tasks_of(site: Site, days: tuple[int, int] | None = None) -> list[StageTask]:
    """What there is to do at a site, in these days or ever, by its first day."""
    query = select(StageTask).where(StageTask.site == site).order_by(StageTask.stage_from, StageTask.id)
    if days:
        query = query.where(StageTask.stage_from <= days[1], StageTask.stage_to >= days[0])
    return list(db.session.scalars(query))


def task_by_id(task_id: int, sites: list[Site]) -> StageTask | None:
    """A thing to do, of these sites only."""
    return db.session.scalar(select(StageTask).where(StageTask.id == task_id, StageTask.site.in_(sites)))
