"""Where this machine's index stands: a folder for each build, and a file that names the present one.

A new build is made beside the one that is read, and takes its place by renaming that file. One process writes at a
time, held by a lock that ends with its process."""

import fcntl
import importlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from community.search.engine import Index

ENGINES = {"whoosh": "WhooshIndex", "tantivy": "TantivyIndex"}  # each in a file of its own, read only if it is used
FORMAT = "6"  # goes up when documents look different: the index is then built anew


class Place:
    """The folder of the builds, and the one that this process has open."""

    def __init__(self) -> None:
        self._folder = Path()
        self._name = ""
        self._open: Index | None = None
        self._format = ""
        self.engine: type[Any] = Index
        self._lock = threading.Lock()

    def use(self, folder: Path, engine: str) -> None:
        """Keep builds of this engine in this folder."""
        self.let_go()
        self._folder, self._format = folder, f"{engine}-{FORMAT}-"
        self.engine = getattr(importlib.import_module(f"community.search.{engine}_index"), ENGINES[engine])

    def present(self) -> Index | None:
        """The index that is read; none before the first is built. What cannot be opened raises, and is tried anew when
        it is next asked for: another process may have swapped it away meanwhile."""
        with self._lock:
            while (name := self._present_name()) != self._name:
                self._close()
                self._open, self._name = (self.engine(self._folder / name) if name else None), name
            return self._open

    @contextmanager
    def writing(self, what: str = "index") -> Iterator[None]:
        """Nobody else writes meanwhile, in no process of this machine."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._folder / f"{what}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def begin_build(self) -> tuple[str, Index]:
        """An empty index beside the present one, with its name; what an earlier build left half goes."""
        for half in self._folder.glob("*.half"):
            shutil.rmtree(half, ignore_errors=True)
        name = f"{self._format}{secrets.token_hex(4)}"
        return name, self.engine(self._folder / f"{name}.half", is_new=True)

    def put_in_place(self, name: str) -> None:
        """From now on this build is read; the one before goes."""
        (self._folder / f"{name}.half").rename(self._folder / name)
        note = self._folder / "present.new"
        note.write_text(name)
        note.replace(self._folder / "present")
        for old in self._folder.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    def drop(self) -> None:
        """No index is here any more."""
        self.let_go()
        shutil.rmtree(self._folder, ignore_errors=True)

    def let_go(self) -> None:
        """Open anew what stands here when it is next asked for."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open, self._name = None, ""

    def _present_name(self) -> str:
        try:
            name = (self._folder / "present").read_text()
        except OSError:
            return ""
        return name if name.startswith(self._format) else ""


place = Place()
