"""Picture files in a folder of this machine, or of a disk that several share."""

import os
import shutil
from datetime import datetime
from pathlib import Path

HALF = ".half"  # of a file that is being written


class Folder:
    """Each file whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Store a file; it is on the disk when this returns."""
        path = self._folder / name
        half = path.with_suffix(f".{os.getpid()}{HALF}")
        try:
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError:
            half.unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes | None:
        """What a file holds, if there is one."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Take a file away; none is no error."""
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Every file."""
        return {path.name for path in self._folder.iterdir() if path.suffix != HALF}

    def put_aside(self, names: set[str], stamp: str) -> str:
        """Move files to a folder beside this one, to be looked at again; the folder."""
        aside = self._folder.with_name(f"{self._folder.name}.before-{stamp}")
        aside.mkdir()
        for name in names:
            (self._folder / name).rename(aside / name)
        return str(aside)

    def drop_asides(self, before: datetime) -> None:
        """What was put aside longer ago goes."""
        for aside in self._folder.parent.glob(f"{self._folder.name}.before-*"):
            if aside.stat().st_ctime < before.timestamp():
                shutil.rmtree(aside)
