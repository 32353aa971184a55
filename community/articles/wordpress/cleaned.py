"""A file on its way to the XML parser, without the few things at which even a patient parser loses a whole article."""

import re
from pathlib import Path

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # two bytes a letter: zeros are part of them
_MARK = b"\xef\xbb\xbf"


class Cleaned:
    """Reads like a file. Letters that XML forbids become spaces, and `lines` names where they were; what a server
    wrote before the first tag (warnings, empty lines) goes. Lines keep their numbers."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.lines: list[int] = []
        self._line = 1
        self._is_wide: bool | None = None

    def read(self, size: int) -> bytes:
        """The next piece of the file."""
        piece = self.file.read(size)
        if self._is_wide is None:
            self._is_wide = piece.startswith(_WIDE) or b"\x00" in piece[:4]
            piece = piece if self._is_wide else _from_first_tag(piece)
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


def _from_first_tag(piece: bytes) -> bytes:
    """An XML declaration may only stand at the very start: where something stands before it, both go."""
    if piece.removeprefix(_MARK).startswith(b"<"):
        return piece
    head, tag, rest = piece.partition(b"<rss")
    return b"\n" * head.count(b"\n") + tag + rest if tag else piece
