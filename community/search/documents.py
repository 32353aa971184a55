"""What the index knows of a thing, what can be asked of it, and what it answers: plain values between the
database, the engine and the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Parts = tuple[tuple[str, bool], ...]  # pieces of a text, and whether somebody looked for them
Synonyms = tuple[tuple[str, ...], ...]  # each a set of ways to say the same
LONGEST = 200  # letters of a question
MOST_HITS = 100  # so many are put in order and can be paged through
# How much of a hundred the words of a kind weigh: more where it was written to be looked up, less beside something else
WORTH = {"article": 150, "post": 70, "review": 70, "member": 70}
COUNTED = frozenset({"kind", "tag", "in", "stars", "span", "month"})  # marks that are counted for the filters


class Text(NamedTuple):
    """By what an item is found beside its own title, how it is called where it has none, and what it was given."""

    words: str
    title: str = ""
    stars: float | None = None


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
    at: datetime | None = None
    ages: bool = False  # that it says less as it grows older
    is_public: bool = False
    has_own_title: bool = True  # else it is shown, and the thing is not found by it
    tags: str = ""  # words that it is found by, and that are not shown

    @property
    def day(self) -> int:
        """The day of what ages, from 1970 on; 0 for the rest."""
        return int(self.at.timestamp() // 86_400) if self.at and self.ages else 0

    @property
    def worth(self) -> int:
        """What its words weigh, of a hundred."""
        return WORTH.get(self.kind, 100)

    @property
    def counted(self) -> list[str]:
        """Those of its marks that are counted for the filters."""
        return sorted(mark for mark in self.marks if mark.partition(":")[0] in COUNTED)


@dataclass(frozen=True)
class Question:
    """What one reader asks: words, and what they may see. Nothing else than this decides the answer."""

    site: str
    language: str
    words: str
    sees: frozenset[str]  # at least one of these marks
    avoids: frozenset[str] = frozenset()  # and none of these
    days: tuple[tuple[int, int], ...] | None = None  # after "something changed": (corrected, calendar) age
    kinds: frozenset[str] = frozenset()  # without any: of all kinds
    chosen: tuple[frozenset[str], ...] = ()  # of each of these at least one mark
    week: tuple[int, int] | None = None
    near: tuple[int, ...] = ()  # stage days that lift what is for them
    synonyms: Synonyms = ()
    is_begun: bool = False  # the last word is being typed
    is_loose: bool = False  # some of the words are enough
    most: int = MOST_HITS


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
    counted: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        """The number in its key."""
        return int(self.key.partition(":")[2])

    @property
    def name(self) -> str:
        """Its title without marks."""
        return "".join(words for words, _is_hit in self.title)


@dataclass(frozen=True)
class Found:
    """An answer: its best keys in order, and how many there are of each kind and mark."""

    keys: tuple[str, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)  # whichever was asked for
    counts: Mapping[str, int] = field(default_factory=dict)  # by mark, within all that was asked for
    total: int = 0
    is_counted: bool = True  # else `counts` are of the best hits alone, and there are more
    is_loose: bool = False  # nothing held all of the words; these hold some
    stems: frozenset[str] = frozenset()  # that are marked where they stand
