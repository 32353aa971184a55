"""Work for later: never lost, never done twice at once, put back when its worker dies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from community.core import clock, jobs
from community.core.db import db, unit_of_work
from community.core.jobs import JobRow, JobState

done: list[int] = []


@jobs.job
def note_down(number: int) -> None:
    """Remembers that it ran."""
    done.append(number)


@jobs.job
def always_fails() -> None:
    """Never works."""
    raise ValueError("no")


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def row() -> JobRow:
    db.session.expire_all()
    return db.session.query(JobRow).order_by(JobRow.id.desc()).first()


def test_a_job_is_stored_with_its_deed_or_not_at_all(app: Flask, run_jobs: Callable[[], int]) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        note_down.later(1)
        raise RuntimeError("the deed failed")
    with unit_of_work():
        note_down.later(2)
    run_jobs()
    assert done == [2]


def test_a_second_job_with_the_same_key_is_left_out_while_the_first_waits(app: Flask, run_jobs) -> None:  # type: ignore[no-untyped-def]
    for _time in range(2):
        with unit_of_work():
            note_down.later(1, key="one")
    run_jobs()
    with unit_of_work():
        note_down.later(1, key="one")
    run_jobs()
    assert done == [1, 1]


def test_a_job_for_tomorrow_waits_for_tomorrow(app: Flask, run_jobs: Callable[[], int]) -> None:
    with unit_of_work():
        note_down.later(1, at=clock.now() + timedelta(days=1))
    run_jobs()
    assert done == []
    clock.move_by(timedelta(days=1, seconds=1))
    run_jobs()
    assert done == [1]


def test_a_job_whose_worker_died_is_taken_up_when_its_lease_ends(app: Flask, run_jobs: Callable[[], int]) -> None:
    with unit_of_work():
        note_down.later(1)
    with unit_of_work():
        held = row()
        held.state, held.lease_until, held.attempts = JobState.RUNNING, clock.real_now() + timedelta(minutes=1), 1
    assert run_jobs() == 0
    with unit_of_work():
        row().lease_until = clock.real_now() - timedelta(seconds=1)
    run_jobs()
    assert done == [1]


def test_a_worker_that_begins_takes_up_what_the_last_one_left(app: Flask, run_jobs: Callable[[], int]) -> None:
    with unit_of_work():
        note_down.later(1)
    with unit_of_work():
        held = row()
        held.state, held.lease_until, held.attempts = JobState.RUNNING, clock.real_now() + timedelta(minutes=5), 1
    jobs.take_back()
    run_jobs()
    assert done == [1]


@jobs.job
def takes_long() -> None:
    """Outlives its first lease, or would."""
    with unit_of_work():
        row().lease_until = clock.real_now() - timedelta(seconds=1)
    jobs.keep_leases()
    done.append(row().lease_until > clock.real_now() and jobs.due() == [])


def test_a_worker_that_lives_renews_the_lease_of_what_it_does(app: Flask, run_jobs: Callable[[], int]) -> None:
    with unit_of_work():
        takes_long.later()
    run_jobs()
    assert done == [True]


def test_what_a_worker_left_when_the_database_went_away_is_due_once_it_is_back(
    app: Flask, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        note_down.later(1)

    def gone(*_arguments: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the connection broke"))

    with monkeypatch.context() as away, pytest.raises(OperationalError):
        away.setattr(jobs.JOBS[note_down.name], "function", gone)
        away.setattr(jobs, "_put_back", gone)
        run_jobs()
    assert (row().state, run_jobs()) == (JobState.RUNNING, 0)
    jobs.keep_leases()
    run_jobs()
    assert done == [1]


def test_a_failing_job_is_tried_later_and_at_last_shown(app: Flask, run_jobs: Callable[[], int]) -> None:
    with unit_of_work():
        always_fails.later()
    for _try in range(jobs.ATTEMPTS):
        run_jobs()
        clock.move_by(timedelta(hours=2))
    assert (row().state, row().attempts) == (JobState.FAILED, jobs.ATTEMPTS)
    assert "ValueError" in row().last_error


def test_a_schedule_missed_for_a_week_runs_once(app: Flask, run_jobs: Callable[[], int]) -> None:
    jobs.keep_schedules()
    jobs.keep_schedules()
    clock.move_by(timedelta(days=7))
    waiting = db.session.query(JobRow).filter(JobRow.name.endswith("forget_done")).count()
    assert waiting == 1


def test_one_wake_up_waits_for_all_that_is_stored_before_it_is_taken(app: Flask) -> None:
    huey = app.extensions["huey"]
    huey.flush()
    for number in range(3):
        with unit_of_work():
            note_down.later(number)
    assert huey.pending_count() == 1
    taken = huey.dequeue()
    with unit_of_work():
        note_down.later(3)
    assert huey.pending_count() == 1
    huey.execute(taken)
    assert done == [0, 1, 2, 3]
