"""The database as one file, and back: SQLite by its own VACUUM INTO, PostgreSQL by its own tools."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from community.core.refused import Refused


@dataclass(frozen=True)
class Kind:
    """How one kind of database is written to a file, and taken from one."""

    file: str
    dump: Callable[[URL, Path], None]
    load: Callable[[URL, Path, str], list[Path]]


def of(url: URL) -> Kind:
    """The kind of database that stands at an address."""
    return KINDS[url.get_backend_name()]


def _dump_sqlite(url: URL, to: Path) -> None:
    """One consistent moment, whoever writes meanwhile; what was erased is not in it."""
    with closing(sqlite3.connect(f"file:{url.database}?mode=rw", uri=True, timeout=60)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    with closing(sqlite3.connect(to)) as copy:
        (state,) = copy.execute("PRAGMA quick_check").fetchone()
    if state != "ok":
        raise Refused(f"The database is damaged: {state}")


def _load_sqlite(url: URL, source: Path, stamp: str) -> list[Path]:
    """Put this file in the database's place; the one that was there stands beside it."""
    target = Path(url.database or "")
    new = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(source, new)
    aside = [path for suffix in ("-wal", "-shm", "") if (path := put_aside(Path(f"{target}{suffix}"), stamp))]
    new.replace(target)
    return aside


def _dump_postgresql(url: URL, to: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={to}", f"--dbname={_plain(url)}")


def _load_postgresql(url: URL, source: Path, stamp: str) -> list[Path]:
    """All or nothing, in one transaction; the present state is dumped beside the backup first."""
    aside = source.with_name(f"{source.name}.before-{stamp}")
    _dump_postgresql(url, aside)
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={_plain(url)}",
         str(source))  # fmt: skip
    return [aside]


KINDS = {
    "sqlite": Kind("database.sqlite", _dump_sqlite, _load_sqlite),
    "postgresql": Kind("database.dump", _dump_postgresql, _load_postgresql),
}


def put_aside(path: Path, stamp: str) -> Path | None:
    """Rename what stands here, so that it can be looked at again; None where nothing does."""
    if not path.exists():
        return None
    return path.rename(path.with_name(f"{path.name}.before-{stamp}"))


def _plain(url: URL) -> str:
    """The address as PostgreSQL's own tools write it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(tool: str, *arguments: str) -> None:
    if shutil.which(tool) is None:
        raise Refused(f"{tool} is not on this machine. Install PostgreSQL's client tools first.")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{tool}: {done.stderr.strip()[-500:]}")
