"""A piece of a text around the words that somebody looked for, with those marked."""

from collections.abc import Collection

from community.search.documents import Parts
from community.search.languages import places_of

LENGTH, BEFORE = 220, 60


def marked(text: str, stems: Collection[str], language: str) -> Parts:
    """All of a text in pieces."""
    parts, done = [], 0
    for begin, end in places_of(stems, text, language):
        parts += [(text[done:begin], False), (text[begin:end], True)]
        done = end
    return tuple(part for part in [*parts, (text[done:], False)] if part[0])


def excerpt(text: str, stems: Collection[str], language: str) -> Parts:
    """Some words of a text: from a little before the first one that was looked for."""
    if len(text) <= LENGTH:
        return marked(text, stems, language)
    first = next(iter(places_of(stems, text, language)), (0, 0))[0]
    begin = text.rfind(" ", 0, first - BEFORE) + 1 if first > BEFORE else 0
    piece = text[begin : begin + LENGTH]
    if begin + LENGTH < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return marked(("… " if begin else "") + piece, stems, language)
