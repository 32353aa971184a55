"""What a reader's words ask of an index: groups of ways to say the same, each counted once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from community.search.compounds import joined, parts_of
from community.search.documents import Question, Synonyms
from community.search.languages import ASKING, STOP, said_in, stem_of, stems_in

MOST_WORDS = 16
SHORT = 4  # up to so many words all are meant; a longer question is answered by what holds most of it
AS_PARTS, AS_SYNONYM = 0.7, 0.8
Knows = Callable[[str], bool]


class Way(NamedTuple):
    """Stems that stand in one text, all of them, and how much that is worth."""

    stems: tuple[str, ...]
    weight: float = 1.0


Group = tuple[Way, ...]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all groups, or some of them; `begun` is a word that a title may go on with."""

    groups: tuple[Group, ...]
    begun: str = ""
    is_long: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """All that is marked where it stands."""
        return frozenset(stem for group in self.groups for way in group for stem in way.stems)


def telling(text: str, language: str) -> list[str]:
    """The words of a question that tell what it is about; all of them where none does."""
    said = {stem_of(word, language): word for word in said_in(text)}  # each once, in order
    words = [word for word in said.values() if word not in STOP[language]] or list(said.values())
    if len(words) > SHORT:
        words = [word for word in words if word not in ASKING[language]] or words
    return words[:MOST_WORDS]


def wanted(question: Question, knows: Knows) -> Wanted:
    """What words ask for, with compounds as one word and as several, and with what editors know to be alike."""
    language = question.language
    words = telling(question.words, language)
    begun = words.pop() if question.is_begun and words else ""
    groups = [_ways_of(word, language, knows) for word in words]
    for number, ways in _ways_of_neighbours(words, language, knows):
        groups[number] += ways
    return Wanted(tuple(_with_synonyms(groups, question.synonyms, language)), begun, len(words) > SHORT)


def _ways_of(word: str, language: str, knows: Knows) -> Group:
    parts = parts_of(word, language, knows)
    whole = Way((stem_of(word, language),))
    return (whole, Way(parts, AS_PARTS)) if parts else (whole,)


def _ways_of_neighbours(words: Sequence[str], language: str, knows: Knows) -> Iterator[tuple[int, Group]]:
    """For the numbers of two or three words side by side: the compounds of them that somebody wrote."""
    for many, first in product((2, 3), range(len(words) if len(words) <= SHORT else 0)):
        beside = words[first : first + many]
        ways = tuple(Way((stem,)) for stem in joined(beside, language) if knows(stem)) if len(beside) == many else ()
        yield from ((number, ways) for number in range(first, first + many) if ways)


def _with_synonyms(groups: Sequence[Group], synonyms: Synonyms, language: str) -> Iterator[Group]:
    number = 0
    while number < len(groups):
        length, ways = _alike([group[0].stems[0] for group in groups[number:]], synonyms, language)
        if length == 1:
            yield groups[number] + ways
        elif length:
            yield (Way(tuple(group[0].stems[0] for group in groups[number : number + length])), *ways)
        else:
            yield groups[number]
        number += max(1, length)


def _alike(stems: Sequence[str], synonyms: Synonyms, language: str) -> tuple[int, Group]:
    """How many of the first stems have synonyms, and these; the longest saying wins."""
    longest: tuple[str, ...] = ()
    ways: Group = ()
    for alike in synonyms:
        sayings = [tuple(stems_in(saying, language)) for saying in alike]
        said = max([saying for saying in sayings if saying == tuple(stems[: len(saying)])], key=len, default=())
        if len(said) > len(longest):
            longest = said
            ways = tuple(Way(saying, AS_SYNONYM) for saying in sayings if saying and saying != said)
    return len(longest), ways
