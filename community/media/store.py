"""Where picture files lie: a folder, its names random, nothing in it runs."""

import os
from pathlib import Path

_folder = Path("media")


def use_folder(folder: Path) -> None:
    """Keep files here."""
    global _folder
    folder.mkdir(parents=True, exist_ok=True)
    _folder = folder


def folder() -> Path:
    """Where the files are."""
    return _folder


def put(name: str, content: bytes) -> None:
    """Store a file whole or not at all."""
    path = _folder / name
    half = path.with_suffix(f".{os.getpid()}.half")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def copy(name: str, other: str) -> None:
    """The same file under another name."""
    put(other, (_folder / name).read_bytes())


def remove(name: str) -> None:
    """Take a file away; none is no error."""
    (_folder / name).unlink(missing_ok=True)
