"""A clock that jumps, summer time, a week of being off, two schedulers at once: what is due is done once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from community.core import clock, jobs
from community.core.jobs import SCHEDULES
from community.members.models import Member
from tests.faults.people import prepared, rows_of, running, until

pytestmark = pytest.mark.faults
PLANNED = "SELECT id, name, run_at FROM jobs WHERE unique_key LIKE '%:schedule' ORDER BY id"
DONE = "SELECT id FROM jobs WHERE state = 'done'"
SCHEDULED = sorted(name for name, _seconds in SCHEDULES)


def test_a_week_off_two_schedulers_and_a_clock_set_back_run_each_schedule_once(
    app: Flask, anna: Member, tmp_path: Path
) -> None:
    prepared(tmp_path, app, anna, 1)
    log = tmp_path / "log"
    next_week = (clock.real_now().date() + timedelta(days=7)).isoformat()

    def planned() -> dict[int, str]:
        return {job_id: name for job_id, name, _run_at in rows_of(tmp_path, PLANNED)}

    def done() -> set[int]:
        return {job_id for (job_id,) in rows_of(tmp_path, DONE)}

    with running(tmp_path, "worker", log=log):
        until(lambda: len(planned()) == len(SCHEDULES))
    first = planned()
    assert not done() & set(first)
    with (
        running(tmp_path, "worker", log=log, COMMUNITY_TODAY=next_week),
        running(tmp_path, "worker", log=log, COMMUNITY_TODAY=next_week),
    ):
        until(lambda: done() >= set(first))
    with running(tmp_path, "worker", log=log):
        until(lambda: all(is_in_time(name, run_at) for _id, name, run_at in rows_of(tmp_path, PLANNED)))
        until(lambda: len(planned()) == len(SCHEDULES))
    assert sorted(first.values()) == sorted(planned().values()) == SCHEDULED
    assert not done() & set(planned())
    assert max(first) < min(planned())


def is_in_time(name: str, run_at: str) -> bool:
    """Whether a schedule's next run is no further away than its pace."""
    at = datetime.fromisoformat(run_at).replace(tzinfo=UTC)
    return at <= clock.real_now() + timedelta(seconds=dict(SCHEDULES)[name])


def test_what_a_clock_that_ran_ahead_has_planned_is_planned_anew(app: Flask) -> None:
    clock.move_by(timedelta(days=7))
    jobs.keep_schedules()
    clock.move_by(timedelta(days=-7))
    jobs.keep_schedules()
    waits = {row.name: row.run_at - clock.now() for row in jobs.jobs_page("waiting", None, 200)}
    assert sorted(waits) == SCHEDULED
    assert all(waits[name] <= timedelta(seconds=seconds) for name, seconds in SCHEDULES)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_night_in_which_the_clocks_change_has_as_many_runs_as_hours(
    app: Flask, run_jobs: Callable[[], int], sunday: date
) -> None:
    clock.move_to(sunday)
    clock.move_by(-timedelta(hours=clock.now().hour))
    hourly = next(name for name, seconds in SCHEDULES if seconds == 3_600)
    runs = 0
    for _hour in range(24):
        jobs.keep_schedules()
        clock.move_by(timedelta(hours=1, seconds=1))
        waiting = {row.id for row in jobs.jobs_page("waiting", None, 200) if row.name == hourly}
        run_jobs()
        runs += len(waiting & {row.id for row in jobs.jobs_page("done", None, 200)})
    assert runs == 24
