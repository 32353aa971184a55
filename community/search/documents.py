"""What the index knows of a thing, what can be asked of it, and what it answers: plain values between the
database, the engine and the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

Parts = tuple[tuple[str, bool], ...]  # pieces of a text, and whether somebody looked for them


class Text(NamedTuple):
    """By what an item is found beside its own title, and how it is called where it has none."""

    words: str
    title: str = ""


# kind of item -> the texts of these items, by their numbers. The rooms of the kinds hand them over.
SOURCES: dict[str, Callable[[Sequence[int]], dict[int, Text]]] = {}


@dataclass(frozen=True)
class Document:
    """A thing as it is found. `marks` are what filters ask for: who sees it, where it stands, who wrote it."""

    key: str
    kind: str
    site: str
    language: str
    title: str
    words: str
    path: str
    marks: frozenset[str]
    item_id: int | None = None  # that it is, or stands under
    stage: tuple[int, int] | None = None
    basis: str = ""
    at: datetime | None = None
    is_public: bool = False
    has_own_title: bool = True  # else it is shown, and the thing is not found by it


@dataclass(frozen=True)
class Question:
    """What one reader asks: words, and what they may see. Nothing else than this decides the answer."""

    site: str
    language: str
    words: str
    sees: frozenset[str]  # at least one of these marks
    avoids: frozenset[str] = frozenset()  # and none of these
    days: tuple[tuple[int, int], ...] | None = None  # after "something changed": (corrected, calendar) age
    kind: str = ""
    week: tuple[int, int] | None = None
    offset: int = 0


@dataclass(frozen=True)
class Hit:
    """A row of an answer, before the database was asked whether it still may be shown."""

    key: str
    kind: str
    title: Parts
    excerpt: Parts
    path: str
    item_id: int | None
    stage: tuple[int, int] | None
    at: datetime | None

    @property
    def id(self) -> int:
        """The number in its key."""
        return int(self.key.partition(":")[2])


@dataclass(frozen=True)
class Found:
    """A page of an answer: its best hits, and how many there are of each kind."""

    hits: tuple[Hit, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()  # by kind, whichever was asked for
    total: int = 0  # of the kind that was asked for
    is_loose: bool = False  # nothing held all of the words; these hold some
