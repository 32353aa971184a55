"""Writing the calendar: what it says of a week or month, and what there is to do."""

import secrets

from community.articles.models import StageNote, StageTask
from community.articles.queries import planning
from community.core.db import db
from community.core.generation import changed
from community.sites.models import Site


def save_note(site: Site, days: tuple[int, int], **words: str) -> None:
    """The note of these days; without words there is none."""
    note = planning.note_of(site, days)
    changed(site.code)
    if not words["headline"]:
        if note is not None:
            db.session.delete(note)
        return
    if note is None:
        note = StageNote(site=site, stage_from=days[0], stage_to=days[1])
        db.session.add(note)
    for name, value in words.items():
        setattr(note, name, value)


def add_task(site: Site, title: str, hint: str, stage_from: int, stage_to: int) -> StageTask:
    """A new thing to do. Its key is random: ticks are kept by it, and no older tick may count for it."""
    task = StageTask(
        site=site, key=secrets.token_hex(8), title=title, hint=hint, stage_from=stage_from, stage_to=stage_to
    )
    db.session.add(task)
    db.session.flush()
    changed(site.code)
    return task


def change_task(task: StageTask, title: str, hint: str, stage_from: int, stage_to: int) -> None:
    """Other words or days; who ticked it off has it ticked off still."""
    task.title, task.hint, task.stage_from, task.stage_to = title, hint, stage_from, stage_to
    changed(task.site.code)


def remove_task(task: StageTask) -> None:
    """Take it off the calendar."""
    db.session.delete(task)
    changed(task.site.code)
