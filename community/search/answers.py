"""What a reader's question gives: the index's answer, of which only that is shown what the database lets be shown."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from community.core.aids import Aid
from community.items.queries import Guard
from community.search import queries
from community.search.documents import Found, Hit, Question
from community.search.place import place
from community.search.whoosh_index import WhooshIndex

Told = TypeVar("Told")
FEW = 3  # with fewer hits another way to write the words may be meant
PAUSES = 0.0, 0.02, 0.1  # seconds, before an index that was swapped away is asked again
_aid = Aid("search index")


@dataclass(frozen=True)
class Answer:
    """Hits that this reader may see now, counts by kind, and other words that may be meant."""

    hits: Sequence[Hit] = ()
    counts: Sequence[tuple[str, int]] = ()
    total: int = 0
    is_loose: bool = False
    meant: str = ""


def answer(question: Question, reader: Any, guard: Guard | None) -> Answer | None:
    """The answer; None while there is no index that can be read."""
    found = _search(question)
    if found is None:
        return None
    hits, lost = _shown(found, reader, guard)
    counts = [(kind, count - sum(hit.kind == kind for hit in lost)) for kind, count in found.counts]
    total = found.total - len(lost)
    meant = _meant(question, reader, guard) if found.is_loose or total < FEW else ""
    return Answer(hits, [(kind, count) for kind, count in counts if count > 0], total, found.is_loose, meant)


def _search(question: Question) -> Found | None:
    return _ask(lambda index: index.search(question))


def _ask(asked: Callable[[WhooshIndex], Told]) -> Told | None:
    return _aid.ask(partial(_patiently, asked), lambda: None)


def _patiently(asked: Callable[[WhooshIndex], Told]) -> Told | None:
    """A build that was swapped or merged away while it was read is opened anew, and asked again."""
    for pause in PAUSES:
        try:
            index = place.present()
            return asked(index) if index else None
        except Exception:  # whatever Whoosh says of a file that went
            place.let_go()
            time.sleep(pause)
    index = place.present()
    return asked(index) if index else None


def _shown(found: Found, reader: Any, guard: Guard | None) -> tuple[list[Hit], list[Hit]]:
    """The hits that may be shown, and those that may not any more."""
    keys = queries.still_shown(found.hits, reader, guard)
    return [hit for hit in found.hits if hit.key in keys], [hit for hit in found.hits if hit.key not in keys]


def _meant(question: Question, reader: Any, guard: Guard | None) -> str:
    """Other words near to these that give this reader something to read; empty without any."""
    words = _ask(lambda index: index.suggest(question.words, question.language))
    if not words:
        return ""
    found = _search(replace(question, words=words, offset=0))
    is_there = found is not None and not found.is_loose and _shown(found, reader, guard)[0]
    return words if is_there else ""
