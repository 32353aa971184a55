"""What every index can do, whichever engine keeps it: take documents in and out, answer questions, tell words."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from community.search.documents import Document, Found, Hit, Question
from community.search.excerpts import excerpt, marked
from community.search.languages import composed, said_in, stems_in
from community.search.ranking import Candidate, ranked
from community.search.wording import Wanted, wanted

TITLE_WEIGHT = 0.6  # beside what its words weigh in the text, of which a title is a part
LONGEST_SHOWN = 4_000  # so much of a text is kept, to show a piece of it
BOOKMARK = "bookmark"
MOST_KNOWN = 1_000
MOST_COUNTED = 5_000  # matches whose marks are counted, beside their kinds


class Matches(NamedTuple):
    """What an engine finds: the best, how many there are of each kind, and of each mark among the kinds asked for.

    Where only some of the words must be there nobody wants to know how many hold one: the best alone count."""

    best: Sequence[Candidate] = ()
    kinds: Mapping[str, int] = {}
    counts: Mapping[str, int] = {}
    total: int = 0
    is_counted: bool = True  # else `counts` are those of the best, and there are more


class Index(ABC):
    """An index in a folder. One process writes at a time; any number of processes read on meanwhile."""

    purges = True  # `write(..., is_whole=True)` leaves no byte of what is gone; else only a new build does

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()  # what is open is for one thread at a time
        self._known: dict[Any, Any] = {}  # what was asked a moment ago, until something changes
        self._looked_at = 0

    def search(self, question: Question) -> Found:
        """The best keys with their counts."""
        found: Found = self._once(question, partial(self._answer, question))
        return found

    def hits(self, keys: Sequence[str], stems: Collection[str], language: str) -> list[Hit]:
        """These documents as they are shown, in this order; without those that are gone."""
        asked = tuple(keys), tuple(stems), language
        return list(self._once(asked, lambda: self._hits(*asked)))

    def words(self, language: str, beginning: str) -> dict[str, int]:
        """The words that begin so in what all may read, and in how many documents they stand."""
        with self._lock:
            self._refresh()
            return self._words(language, beginning)

    @property
    def bookmark(self) -> int:
        """The last change that it holds."""
        with self._lock:
            self._refresh()
            return int((self._shown(BOOKMARK) or {}).get("number", 0))

    @property
    @abstractmethod
    def count(self) -> int:
        """How many documents it holds."""

    @abstractmethod
    def check(self) -> None:
        """Read all of it; an error tells that it is damaged."""

    @abstractmethod
    def write(self, gone: Iterable[str], documents: Iterable[Document], bookmark: int, is_whole: bool = False) -> None:
        """Take out what has one of these keys as its own or as a mark, put these in, and move the bookmark: all or
        nothing. With `is_whole` no byte is left of what is gone, if the engine can."""

    @abstractmethod
    def close(self) -> None:
        """Let go of its files."""

    @abstractmethod
    def _reopen(self) -> None:
        """See what was committed since."""

    @abstractmethod
    def _find(self, asked: Wanted, question: Question, is_loose: bool) -> Matches:
        """What holds all groups, or some of them, and may be seen."""

    def _once(self, asked: Any, find: Callable[[], Any]) -> Any:
        with self._lock:
            self._refresh()
            if asked not in self._known:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[asked] = find()
            return self._known[asked]

    def _hits(self, keys: Sequence[str], stems: Collection[str], language: str) -> list[Hit]:
        shown = ((key, self._shown(key)) for key in keys)
        return [hit_of(key, row, stems, language) for key, row in shown if row is not None]

    @abstractmethod
    def _shown(self, key: str) -> dict[str, Any] | None:
        """What is kept of a document to be shown."""

    @abstractmethod
    def _words(self, language: str, beginning: str) -> dict[str, int]:
        """As `words()`."""

    @abstractmethod
    def _knows(self, language: str, stem: str) -> bool:
        """Whether a document may hold this stem."""

    def _refresh(self) -> None:
        changed_at = self._folder.stat().st_mtime_ns
        if changed_at != self._looked_at:
            self._reopen()
            self._looked_at, self._known = changed_at, {}

    def _answer(self, question: Question) -> Found:
        asked = wanted(question, partial(self._knows, question.language))
        if not asked.groups and not asked.begun:
            return Found()
        is_loose = question.is_loose or asked.is_long
        found = self._find(asked, question, is_loose)
        if not found.total and not is_loose and len(asked.groups) > 1:
            is_loose, found = True, self._find(asked, question, True)
        keys = tuple(ranked(found.best, question.near))
        return Found(
            keys,
            found.kinds,
            found.counts,
            found.total,
            is_counted=found.is_counted,
            is_loose=is_loose and not asked.is_long,
            stems=asked.stems,
        )


def row_of(document: Document) -> dict[str, Any]:
    """What every engine keeps of a document: lists of words for its language, and what is shown."""
    title, words = composed(document.title), composed(document.words)
    own_title = title if document.has_own_title else ""
    found_by = f"{own_title} {words} {document.tags}"
    return {
        "title": stems_in(own_title, document.language),
        "words": stems_in(found_by, document.language),
        "called": said_in(own_title),
        "said": _told_to_all(f"{title} {found_by}") if document.is_public else [],
        "shown": {
            "kind": document.kind,
            "path": document.path,
            "item_id": document.item_id,
            "stage": document.stage,
            "at": document.at.isoformat() if document.at else None,
            "counted": document.counted,
            "title": title,
            "words": words[:LONGEST_SHOWN],
        },
    }


def hit_of(key: str, shown: dict[str, Any], stems: Collection[str], language: str) -> Hit:
    """A document as it is shown, with these stems marked."""
    return Hit(
        key,
        kind=shown["kind"],
        title=marked(shown["title"], stems, language),
        excerpt=excerpt(shown["words"], stems, language),
        path=shown["path"],
        item_id=shown["item_id"],
        stage=tuple(shown["stage"]) if shown["stage"] else None,
        at=datetime.fromisoformat(shown["at"]) if shown["at"] else None,
        counted=tuple(shown["counted"]),
    )


def _told_to_all(text: str) -> list[str]:
    return sorted({word for word in said_in(text) if not word.isdecimal()})


def kinds_in(counts: Mapping[str, int]) -> dict[str, int]:
    """Those counts that are of kinds, by their names."""
    return {mark.removeprefix("kind:"): count for mark, count in counts.items() if mark.startswith("kind:")}
