"""What the calendar says of a day: the same for all whose child is there, so each process keeps it, until pages of
the site change."""

from typing import NamedTuple

from community.articles.queries import published
from community.core.memory import Memory
from community.sites.models import Site


class Note(NamedTuple):
    """A sentence and a few lines."""

    headline: str
    body: str


class Task(NamedTuple):
    """A thing to do."""

    key: str
    title: str
    hint: str


class Now(NamedTuple):
    """What there is to know and to do."""

    note: Note | None = None
    tasks: tuple[Task, ...] = ()


_kept: Memory[Now] = Memory(seconds=300, most=2_000)


def now_at(site: Site, day: int, generation: int) -> Now:
    """What the calendar says at a child's stage day."""
    return _kept.of((site, day, generation), lambda: _now(site, day))


def _now(site: Site, day: int) -> Now:
    note = published.note_for(site, day)
    tasks = published.tasks_for(site, day)
    return Now(
        Note(note.headline, note.body) if note else None,
        tuple(Task(task.key, task.title, task.hint) for task in tasks),
    )
