"""What a reader's question gives: the index's answer, of which only that is shown what the database lets be shown."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from community.core.aids import Aid
from community.items.queries import Guard
from community.search import queries
from community.search.documents import Found, Hit, Question
from community.search.engine import Index
from community.search.place import place
from community.search.spelling import corrected

Told = TypeVar("Told")
A_PAGE = 20
FEW = 3  # with fewer hits another way to write the words may be meant
PAUSES = 0.0, 0.02, 0.1  # seconds, before an index that was swapped away is asked again
_aid = Aid("search index")


@dataclass(frozen=True)
class Reader:
    """Who asks, and what "something changed" keeps from them."""

    member: Any
    guard: Guard | None = None


@dataclass(frozen=True)
class Answer:
    """Hits that this reader may see now, counts by kind and by mark, and other words that may be meant."""

    hits: Sequence[Hit] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    is_counted: bool = True  # else `counts` are of the best hits alone, and there are more
    is_loose: bool = False
    instead: str = ""  # these words were looked for
    meant: str = ""  # and these are offered

    @property
    def is_good(self) -> bool:
        """Whether something holds all that was asked for."""
        return self.total > 0 and not self.is_loose


def answer(question: Question, reader: Reader, offset: int = 0, is_exact: bool = False) -> Answer | None:
    """The answer: to the words, else to their beginning, else to those they were probably meant for, else to some of
    them. None while there is no index that can be read."""
    first = _answer(question, reader, offset)
    if first is None or first.is_good or is_exact:
        return _with_meant(first, question, reader) if first and first.total < FEW and not is_exact else first
    begun = _answer(replace(question, is_begun=True), reader, offset)
    if begun and begun.is_good:
        return begun
    better = _corrected(question)
    other = _answer(replace(question, words=better), reader, offset) if better else None
    return replace(other, instead=better) if other and (other.is_good or other.total > first.total) else first


def named(question: Question, reader: Reader, most: int) -> list[Hit]:
    """A few hits alone, as completions or as what is alike."""
    found = _answer(question, reader, 0)
    return list(found.hits[:most]) if found else []


def _answer(question: Question, reader: Reader, offset: int) -> Answer | None:
    found = ask(lambda index: index.search(question))
    if found is None:
        return None
    hits = ask(lambda index: index.hits(found.keys[offset : offset + A_PAGE], found.stems, question.language)) or []
    return _shown(found, hits, reader)


def _shown(found: Found, hits: Sequence[Hit], reader: Reader) -> Answer:
    """Without hits that may not be shown any more; they do not count either."""
    keys = queries.still_shown(hits, reader.member, reader.guard)
    lost = [hit for hit in hits if hit.key not in keys]
    if not lost:
        return Answer(hits, found.kinds, found.counts, found.total, found.is_counted, found.is_loose)
    kinds = Counter(found.kinds) - Counter(hit.kind for hit in lost)
    counts = Counter(found.counts) - Counter(mark for hit in lost for mark in hit.counted)
    shown = [hit for hit in hits if hit.key in keys]
    return Answer(shown, kinds, counts, found.total - len(lost), found.is_counted, found.is_loose)


def _with_meant(found: Answer, question: Question, reader: Reader) -> Answer:
    """With other words near to these, where they give this reader more to read."""
    words = _corrected(question)
    other = _answer(replace(question, words=words), reader, 0) if words else None
    return replace(found, meant=words) if other and other.is_good and other.total > found.total else found


def _corrected(question: Question) -> str:
    return ask(lambda index: corrected(question.words, question.language, index.words)) or ""


def ask(asked: Callable[[Index], Told]) -> Told | None:
    """What the present index says; None while there is none that can be read."""
    return _aid.ask(partial(_patiently, asked), lambda: None)


def _patiently(asked: Callable[[Index], Told]) -> Told | None:
    """A build that was swapped or merged away while it was read is opened anew, and asked again."""
    for pause in PAUSES:
        try:
            index = place.present()
            return asked(index) if index else None
        except Exception:  # whatever an engine says of a file that went
            place.let_go()
            time.sleep(pause)
    index = place.present()
    return asked(index) if index else None
