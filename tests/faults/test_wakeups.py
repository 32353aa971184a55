"""Wake-ups that a worker cannot read keep no work waiting."""

from datetime import timedelta
from pathlib import Path

import pytest
from huey import SqliteHuey
from sqlalchemy import create_engine, insert

from community.core import clock
from community.core.jobs import JobRow
from tests.running import Running

pytestmark = pytest.mark.faults
LEFT = 2_000  # as an earlier program named its task


def test_wake_ups_of_an_earlier_program_hold_nothing_up(tmp_path: Path) -> None:
    site = Running(tmp_path)
    site.flask("db", "upgrade")
    earlier = SqliteHuey("community", filename=str(tmp_path / "wakeups.db"))
    forgotten = earlier.task(name="run_job")(lambda number: None)
    for number in range(LEFT):
        forgotten(number)
    now = clock.real_now() - timedelta(minutes=1)
    due = {"name": "core.jobs.forget_done", "arguments": [], "run_at": now, "created_at": now}
    engine = create_engine(f"sqlite:///{tmp_path / 'community.db'}")
    with engine.begin() as connection:
        connection.execute(insert(JobRow), [due])
    engine.dispose()
    try:
        site.start("worker")
        site.await_jobs(20)
    finally:
        site.stop()
