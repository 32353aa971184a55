"""Reads XML that others wrote, broken or not: what can still be read is, and the lines of the faults are known.

No entity is resolved, no network is asked, and nothing but the present element is held in memory."""

import re
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

MOST_FAULTS = 50
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # two bytes a letter: zeros are part of them
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Fault:
    """A place in the file that no reader of XML could follow."""

    line: int
    why: str


class Cleaned:
    """A file without the few things at which even a patient parser loses a whole article.

    Letters that XML forbids become spaces, and `lines` names where they were; what a server wrote before the
    first tag (warnings, empty lines) goes. Lines keep their numbers."""

    def __init__(self, path: Path, first_tag: bytes) -> None:
        self.file = path.open("rb")
        self._first_tag = first_tag
        self.lines: list[int] = []
        self._line = 1
        self._is_wide: bool | None = None

    def read(self, size: int) -> bytes:
        """The next piece of the file."""
        piece = self.file.read(size)
        if self._is_wide is None:
            self._is_wide = piece.startswith(_WIDE) or b"\x00" in piece[:4]
            piece = piece if self._is_wide else _from_first_tag(piece, self._first_tag)
        if not piece:
            self.file.close()
        return piece if self._is_wide else self._without_forbidden(piece)

    def _without_forbidden(self, piece: bytes) -> bytes:
        line, end = self._line, 0
        for found in _FORBIDDEN.finditer(piece):
            line, end = line + piece.count(b"\n", end, found.start()), found.start()
            if line not in self.lines[-1:]:
                self.lines.append(line)
        self._line += piece.count(b"\n")
        return _FORBIDDEN.sub(lambda found: b" " * len(found[0]), piece)


def parse(cleaned: Cleaned) -> "etree.iterparse":
    """Each element as it closes, whatever is wrong with what stands around it."""
    return etree.iterparse(
        cleaned, events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )


def forget(element: "etree._Element") -> None:
    """Give the memory of an element back, and of all that stood before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def faults_of(events: "etree.iterparse", cleaned: Cleaned) -> list[Fault]:
    """One fault for each line: a parser stumbles over the same place many times."""
    by_line = dict.fromkeys(cleaned.lines, "A character that XML forbids")
    for entry in events.error_log:
        by_line.setdefault(entry.line, entry.message.strip())
    return [Fault(line, by_line[line]) for line in sorted(by_line)[:MOST_FAULTS]]


def _from_first_tag(piece: bytes, first_tag: bytes) -> bytes:
    """An XML declaration may only stand at the very start: where something stands before it, both go."""
    if piece.removeprefix(_MARK).startswith(b"<"):
        return piece
    head, tag, rest = piece.partition(first_tag)
    return b"\n" * head.count(b"\n") + tag + rest if tag else piece
