"""Where picture files lie: a folder or object storage. Names are random, a file never changes, nothing in it runs."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from community.media.bucket import Bucket
from community.media.folder import Folder


class Store(Protocol):
    """What a place of files can do."""

    def put(self, name: str, content: bytes) -> None:
        """Store a file whole or not at all."""

    def get(self, name: str) -> bytes | None:
        """What a file holds, if there is one."""

    def remove(self, name: str) -> None:
        """Take a file away; none is no error."""

    def names(self) -> set[str]:
        """Every file."""

    def put_aside(self, names: set[str], stamp: str) -> str:
        """Move files to a place of that moment; which one."""

    def drop_asides(self, before: datetime) -> None:
        """What was put aside longer ago goes."""


_places: list[Store] = []


def use(url: str) -> None:
    """Keep files here: at a path, or at an address of object storage."""
    _places[:] = [Bucket(url) if "://" in url else Folder(Path(url))]


def place() -> Store:
    """Where the files are."""
    return _places[0]
