"""Words that nobody wrote, as the nearest ones that somebody did."""

from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from community.search.languages import said_in, stem_of

SHORTEST, LONG = 4, 6  # letters that may hide one mistake, and two
A_PART = 4  # so many letters go on a word that is right by itself: it is the beginning of a compound
CLEARLY = 10  # times as often written, and a word was meant
CLOSEST = 20  # are weighed
WordsFrom = Callable[[str, str], dict[str, int]]


def corrected(text: str, language: str, words_from: WordsFrom) -> str:
    """The same words, each that is hardly ever written as the nearest one that often is; empty where all are well."""
    said = said_in(text)
    better = [_nearest(word, language, words_from) for word in said]
    return " ".join(better) if better != said else ""


def _nearest(word: str, language: str, words_from: WordsFrom) -> str:
    if len(word) < SHORTEST or not word.isalpha():
        return word
    return (
        _among(word, language, words_from(language, word[0]))
        or _among(word, language, words_from(language, word[1]))
        or word
    )


def _among(word: str, language: str, counts: dict[str, int]) -> str:
    """The nearest of these words; of equally near ones what is written most; empty where none is near."""
    if any(other.startswith(word) and len(other) >= len(word) + A_PART for other in counts):
        return ""
    most = 1 if len(word) < LONG else 2
    enough = max(1, CLEARLY * counts.get(word, 0))
    known = [other for other, count in counts.items() if count >= enough and other != word]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=CLOSEST)
    if not near or any(stem_of(other, language) == stem_of(word, language) for other, _distance, _place in near):
        return ""
    return str(min(near, key=lambda one: (one[1], -counts[one[0]]))[0])
