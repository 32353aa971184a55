"""Reads a folder of dump files row by row; what a row says stands in its attributes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from community.core.broken_xml import Cleaned, Fault, faults_of, forget, parse
from community.core.imports import Unreadable

POSTS, COMMENTS, USERS = "Posts.xml", "Comments.xml", "Users.xml"
ROOTS = {POSTS: "posts", COMMENTS: "comments", USERS: "users"}
MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Row:
    """One row, and where it stands."""

    file: str
    line: int
    said: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """What the row says under a name; nothing where it says nothing."""
        return self.said.get(name, "").strip()


@dataclass
class Dump:
    """One site's dump. The faults of a file are known once its rows were read."""

    folder: Path
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    def rows(self, name: str) -> Iterator[Row]:
        """Every row of a file; none of one that is not there, but for the posts, without which there is no dump."""
        path = self.folder / name
        if not path.is_file():
            if name == POSTS:
                raise Unreadable(f"There is no {POSTS} in this folder.")
            return
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"{name} is larger than {MOST_BYTES // 1024**2} MB.")
        cleaned = Cleaned(path, f"<{ROOTS[name]}".encode())
        events = parse(cleaned)
        with suppress(etree.XMLSyntaxError):  # nothing more can be read; what the parser said is among the faults
            yield from _rows(name, events)
        self.faults[name] = faults_of(events, cleaned)
        if name == POSTS and (events.root is None or events.root.tag != ROOTS[POSTS]):
            raise Unreadable(f"{POSTS} is no file of a Stack Exchange dump.")


def _rows(name: str, events: "etree.iterparse") -> Iterator[Row]:
    for _event, element in events:
        if element.tag == "row":
            said = {str(key): str(value) for key, value in element.attrib.items()}
            yield Row(name, element.sourceline or 0, said)
            forget(element)
