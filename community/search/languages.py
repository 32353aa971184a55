"""Words as the index knows them: without accents and endings, and without those that say nothing."""

import re
import threading
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

from community.search.common_words import ASKING, IRREGULAR, STOP

SHORTEST, LONGEST, SHORTEST_VERB = 2, 40, 4
# The second Dutch one takes what the first leaves: one knows small forms and participles, one knows open vowels.
SNOWBALL = {
    "nl": ("dutch", "dutch_porter"),
    "en": ("english",),
    "de": ("german",),
    "fr": ("french",),
    "it": ("italian",),
    "es": ("spanish",),
}
LANGUAGES = tuple(SNOWBALL)
__all__ = ["ASKING", "LANGUAGES", "STOP", "composed", "folded", "places_of", "said_in", "stem_of", "stems_in"]
_WORD = re.compile(r"\w+")
_ACCENTED = re.compile(r"[^\x00-\x7f]+")
_JOINED = re.compile(r"(?<=\w)['’](?=s\b)")  # baby's, mother's

# Endings of Dutch verbs that both leave: spuugt, betaald.
_PRESENT, _DONE = re.compile(r"(?<=[bdfgklmnprvwij])t$"), re.compile(r"^(be|her|ont|ver)(.{3,})d$")


def _plain_letters() -> dict[int, str]:
    """Letters with an accent as those without, one for one, so that places in a text stay the same."""
    folded = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            folded[code] = base.lower()
    return folded


_PLAIN = _plain_letters()
_own = threading.local()  # a stemmer keeps the word that it works on


def folded(text: str) -> str:
    """The same text in small letters without accents, letter for letter; it must be composed (NFC)."""
    return _ACCENTED.sub(lambda letters: letters[0].translate(_PLAIN), text).lower()


def composed(text: str) -> str:
    """A text whose letters are one character each."""
    return unicodedata.normalize("NFC", text)


def said_in(text: str) -> list[str]:
    """The words of any text, folded, as they are written."""
    words = _WORD.findall(folded(_JOINED.sub("", composed(text))))
    return [word for word in words if SHORTEST <= len(word) <= LONGEST]


def places_of(stems: Collection[str], text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where words with one of these stems stand in a composed text."""
    for word in _WORD.finditer(text):
        if len(word[0]) <= LONGEST and _stem_of_written(word[0], language) in stems:
            yield word.span()


def stems_in(text: str, language: str) -> list[str]:
    """The words of any text as the index knows them."""
    silent = STOP[language]
    return [stem_of(word, language) for word in said_in(text) if word not in silent]


@lru_cache(maxsize=100_000)
def stem_of(word: str, language: str) -> str:
    """What a folded word has in common with its other forms."""
    stem = IRREGULAR.get(language, {}).get(word, word)
    if language == "nl":
        stem = _DONE.sub(r"\1\2", _PRESENT.sub("", stem)) if len(stem) > SHORTEST_VERB else stem
    for stemmer in _stemmers_of(language):
        stem = stemmer.stemWord(stem)
    return str(stem)


@lru_cache(maxsize=100_000)
def _stem_of_written(word: str, language: str) -> str:
    """The stem of a word as it stands in a text; none where it says nothing."""
    said = folded(word)
    return stem_of(said, language) if said not in STOP[language] else ""


def _stemmers_of(language: str) -> list[Any]:
    if not hasattr(_own, "stemmers"):
        _own.stemmers = {}
    known: dict[str, list[Any]] = _own.stemmers
    if language not in known:
        known[language] = [snowballstemmer.stemmer(name) for name in SNOWBALL[language]]
    return known[language]
