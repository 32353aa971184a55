"""Compounds: where a word is made of words that the site's own texts hold, and which words some of them may make."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from community.search.languages import stem_of

LINKS = {"nl": ("", "s", "en", "e", "er"), "de": ("", "s", "es", "n", "en", "er", "e"), "en": ("",)}
# Endings that some texts hold as words of their own, and that make no compounds
ENDINGS = {"nl": {"heid", "lijk", "loos", "zaam"}, "de": {"heit", "keit", "lich", "los", "sam"}}
SHORTEST = 3  # letters of a part
LONGEST = 4  # parts


def parts_of(word: str, language: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The stems of the fewest known words that a word is made of; none where it is one itself."""
    if language not in LINKS or not word.isalpha():
        return ()
    for many in range(2, LONGEST + 1):
        found = next(_splits(word, language, knows, many), ())
        if found:
            return found
    return ()


def joined(words: Sequence[str], language: str) -> set[str]:
    """The stems of what these words may make, in this order or the other way round."""
    if not all(word.isalpha() for word in words):
        return set()
    links = tuple(product(LINKS.get(language, ("",)), repeat=len(words) - 1))
    return {stem_of(_linked(order, by), language) for by in links for order in (words, words[::-1])}


def _linked(words: Sequence[str], links: Sequence[str]) -> str:
    return "".join(word + link for word, link in zip(words, (*links, ""), strict=True))


def _splits(word: str, language: str, knows: Callable[[str], bool], many: int) -> Iterator[tuple[str, ...]]:
    """Ways to part a word into so many known ones, the longest last part first."""
    if many == 1:
        stem = stem_of(word, language)
        if len(word) >= SHORTEST and stem not in ENDINGS.get(language, ()) and knows(stem):
            yield (stem,)
        return
    for place in range(SHORTEST, len(word) - SHORTEST * (many - 1) + 1):
        first = _first_part(word[:place], language, knows)
        if first:
            yield from ((first, *rest) for rest in _splits(word[place:], language, knows, many - 1))


def _first_part(letters: str, language: str, knows: Callable[[str], bool]) -> str:
    """The stem of a known word in these letters, without what links it to the next."""
    for link in LINKS[language]:
        word = letters.removesuffix(link) if link else letters
        if len(word) >= SHORTEST and (word != letters or not link):
            stem = stem_of(word, language)
            if knows(stem):
                return stem
    return ""
