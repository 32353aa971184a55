"""A piece of a text around the words that somebody looked for, with those marked."""

from collections.abc import Collection, Iterator

from community.search.documents import Parts
from community.search.languages import STOP, folded, stem_of, words_in

LENGTH, BEFORE = 220, 60


def marked(text: str, stems: Collection[str], language: str) -> Parts:
    """All of a text in pieces."""
    parts, done = [], 0
    for begin, end in _places(folded(text), stems, language):
        parts += [(text[done:begin], False), (text[begin:end], True)]
        done = end
    return tuple(part for part in [*parts, (text[done:], False)] if part[0])


def excerpt(text: str, stems: Collection[str], language: str) -> Parts:
    """Some words of a text: from a little before the first one that was looked for."""
    if len(text) <= LENGTH:
        return marked(text, stems, language)
    first = next(iter(_places(folded(text), stems, language)), (0, 0))[0]
    begin = text.rfind(" ", 0, first - BEFORE) + 1 if first > BEFORE else 0
    piece = text[begin : begin + LENGTH]
    if begin + LENGTH < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return marked(("… " if begin else "") + piece, stems, language)


def _places(text: str, stems: Collection[str], language: str) -> Iterator[tuple[int, int]]:
    """Where words stand that somebody looked for."""
    silent = STOP[language]
    for word in words_in(text):
        if word[0] not in silent and stem_of(word[0], language) in stems:
            yield word.span()
