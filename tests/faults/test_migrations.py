"""kill -9 in the middle of the migration of a filled database: nothing is half made, and the next one finishes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from flask_migrate import upgrade

from community.app import create_app
from community.core.db import db
from community.core.settings import ROOT
from tests.faults.people import rows_of
from tests.running import Running
from tests.shape.test_migrations import FILLED

pytestmark = pytest.mark.faults
POSTS = 40_000
KILLED_AT = (1, 2 << 20)  # bytes that the migration has written by then
TABLES = "SELECT sql FROM sqlite_master ORDER BY name"
MANY = (
    "INSERT INTO posts (item_id, number, author_id, body, body_html, held_because, created_at, state, author_name)"
    f" WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 99 + {POSTS})"
    " SELECT 1, i, 1, 'Words ' || i, '<p>Words</p>', '', NOW, 'live', '' FROM n"
)


def filled(folder: Path) -> None:
    """A site of the first history with many posts."""
    app = create_app(DATA_DIR=str(folder), TESTING=True)
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in (*FILLED, MANY):
                connection.exec_driver_sql(statement.replace("NOW", "'2026-11-01 08:00:00.000000'"))
        db.engine.dispose()


def killed_upgrade(site: Running, log: Path, written: int) -> int:
    """Begin to migrate and kill it once so many bytes stand in SQLite's log; how it ended."""
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    quiet = subprocess.DEVNULL
    migration = subprocess.Popen(command, cwd=ROOT, env=site.environment, start_new_session=True, stderr=quiet)
    while migration.poll() is None and (not log.exists() or log.stat().st_size < written):
        time.sleep(0.002)
    with suppress(ProcessLookupError):
        os.killpg(migration.pid, signal.SIGKILL)
    return migration.wait()


def test_a_migration_killed_half_way_leaves_all_or_nothing(tmp_path: Path) -> None:
    site = Running(tmp_path)
    filled(tmp_path)
    tables = rows_of(tmp_path, TABLES)
    for written in KILLED_AT:
        assert killed_upgrade(site, tmp_path / "community.db-wal", written) == -signal.SIGKILL
        assert rows_of(tmp_path, TABLES) == tables
    site.flask("db", "upgrade")
    assert rows_of(tmp_path, TABLES) != tables
    assert rows_of(tmp_path, "SELECT count(*) FROM posts") == [(POSTS + 2,)]
    assert rows_of(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    site.start("serve")
    try:
        site.await_answer(60)
    finally:
        site.stop()
