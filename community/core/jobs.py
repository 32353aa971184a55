"""Work for later: a row stored in the deed's own commit, so that nothing acknowledged is forgotten.

The row holds the truth (state, lease, attempts, unique key). Huey only wakes the worker and keeps the
schedules; a sweeper takes up rows that nobody was woken for, or whose lease ended because their worker
died: one that lives renews it. A job gets ids, fetches anew, and is safe to run twice."""

import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial, update_wrapper
from typing import Any

import structlog
from sqlalchemy import JSON, ColumnElement, Index, String, Text, delete, or_, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import Model, after_commit, at_the_end, db, insert_into, send, unit_of_work

NO_JUMP = timedelta(minutes=1)  # the clocks of two machines may differ by this much
LEASE = NO_JUMP + timedelta(seconds=30)  # a worker that lives renews it several times in the half minute
ATTEMPTS = 5
KEPT = timedelta(days=14)
log = structlog.get_logger()


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # after ATTEMPTS tries; a person must look


class JobRow(Model):
    """One piece of work. `unique_key` is set while it waits, and holds off a second like it."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=JobState.WAITING)
    unique_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Job:
    """A function that can be called now, or `.later(...)` in the deed's own commit."""

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self.name = f"{function.__module__.removeprefix('community.')}.{function.__name__}"
        update_wrapper(self, function)
        JOBS[self.name] = self

    def __call__(self, *arguments: Any) -> None:
        self.function(*arguments)

    def later(self, *arguments: Any, at: datetime | None = None, key: str | None = None) -> None:
        """Store this work. With a key, a second like it is left out while the first still waits."""
        now = clock.now()
        what = {"name": self.name, "arguments": list(arguments), "unique_key": None}
        row: dict[str, Any] = {**what, "run_at": at or now, "created_at": now}
        if key is None:
            _store(row)
        else:
            row["unique_key"] = f"{self.name}:{key}"
            at_the_end(row["unique_key"], partial(_store, row))


JOBS: dict[str, Job] = {}
SCHEDULES: list[tuple[str, int]] = []  # (name of a job, seconds between its runs)
Waker = Callable[[float], None]
_waker: list[Waker] = []
_at_work: set[int] = set()  # what this process does now
_left: set[int] = set()  # what it had begun when the database went away


def job(function: Callable[..., None]) -> Job:
    """Mark a function as work that can be done later."""
    return Job(function)


def every(seconds: int) -> Callable[[Job], Job]:
    """Mark a job without arguments to be stored anew this often."""

    def scheduled(marked: Job) -> Job:
        SCHEDULES.append((marked.name, seconds))
        return marked

    return scheduled


def wake_with(waker: Waker) -> None:
    """Say how a worker is woken to look for what is due, after so many seconds."""
    _waker[:] = [waker]


def keep_schedules() -> None:
    """Store the next run of each schedule where none waits: safe with a clock that jumps and with two
    schedulers at once, and a week of being off is one run, not many."""
    with unit_of_work():
        _put_clock_right()
        for name, seconds in SCHEDULES:
            JOBS[name].later(at=clock.now() + timedelta(seconds=seconds), key="schedule")


def run(job_id: int) -> bool:
    """Do one job if it is due and nobody else holds it; whether it was done."""
    claimed = _claimed(job_id)
    if claimed is None:
        return False
    _at_work.add(job_id)
    try:
        return _do(job_id, *claimed)
    except BaseException:
        _left.add(job_id)
        raise
    finally:
        _at_work.discard(job_id)


def keep_leases() -> None:
    """What this process does it goes on doing; what it had to leave is due again."""
    at_work, left, now = list(_at_work), list(_left), clock.real_now()
    if not at_work and not left:
        return
    with unit_of_work():
        _lease(JobRow.id.in_(at_work), now + LEASE)
        _lease(JobRow.id.in_(left), now - timedelta(seconds=1))
    _left.difference_update(left)


def run_due(limit: int = 200) -> int:
    """Do what is due, also what a dead worker left behind; how many were done."""
    return sum(run(job_id) for job_id in due(limit))


def due(limit: int = 200) -> list[int]:
    """Ids of jobs that wait and are due, or whose worker's lease ended, oldest first."""
    query = select(JobRow.id).where(_is_due()).order_by(JobRow.run_at, JobRow.id).limit(limit)
    return list(db.session.scalars(query))


def again(job_id: int) -> None:
    """Let a failed job try anew."""
    row = db.session.get(JobRow, job_id)
    if row is not None and row.state == JobState.FAILED:
        row.state, row.attempts, row.run_at = JobState.WAITING, 0, clock.now()
        after_commit(partial(_wake, 0.0))


def take_back() -> None:
    """No worker runs: what one that is gone had begun is due again at once, whatever its lease says."""
    with unit_of_work():
        _lease(true(), clock.real_now() - timedelta(seconds=1))


def jobs_page(state: str | None, before: int | None, limit: int = 50) -> list[JobRow]:
    """Jobs for the operator, newest first."""
    query = select(JobRow).order_by(JobRow.id.desc()).limit(limit)
    if state:
        query = query.where(JobRow.state == state)
    if before:
        query = query.where(JobRow.id < before)
    return list(db.session.scalars(query))


def forget_words(words: list[str]) -> None:
    """What failed keeps no error that holds one of these words."""
    for word in words:
        holds = JobRow.last_error.contains(word, autoescape=True)
        db.session.execute(update(JobRow).where(holds).values(last_error=""))


@job
def forget_done() -> None:
    """Drop rows of work that is long done."""
    with unit_of_work():
        db.session.execute(delete(JobRow).where(JobRow.state == JobState.DONE, JobRow.done_at < clock.now() - KEPT))


every(seconds=86_400)(forget_done)


def _store(row: dict[str, Any]) -> None:
    """A row whose like still waits is left out; no worker takes that one before this deed is stored."""
    created_at = send(_storing(db.engine.dialect.name), row).scalar_one()
    if created_at == row["created_at"]:
        after_commit(partial(_wake, max(0.0, (row["run_at"] - created_at).total_seconds())))


@lru_cache
def _storing(_dialect: str) -> Any:
    """The statement that stores a row: built once, as building costs more than asking."""
    statement = insert_into(JobRow.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["unique_key"], set_={"unique_key": statement.excluded.unique_key}
    )
    return statement.returning(JobRow.__table__.c.created_at)


def _wake(delay: float) -> None:
    for waker in _waker:
        waker(delay)


def _put_clock_right() -> None:
    """What a clock that ran ahead has stored waits as long as it was meant to, from now on."""
    now = clock.now()
    ahead = select(JobRow).where(JobRow.state == JobState.WAITING, JobRow.created_at > now + NO_JUMP)
    for row in db.session.scalars(ahead):
        row.run_at, row.created_at = row.run_at - (row.created_at - now), now


def _is_due() -> Any:
    now, real = clock.now(), clock.real_now()
    waiting = (JobRow.state == JobState.WAITING) & (JobRow.run_at <= now)
    is_leased = JobRow.lease_until.between(real, real + LEASE + NO_JUMP)  # no lease is longer: its clock ran ahead
    return or_(waiting, (JobRow.state == JobState.RUNNING) & ~is_leased)


def _lease(which: ColumnElement[bool], until: datetime) -> None:
    """Running jobs are their worker's until then."""
    db.session.execute(update(JobRow).where(which, JobRow.state == JobState.RUNNING).values(lease_until=until))


def _do(job_id: int, name: str, arguments: list[Any], attempts: int) -> bool:
    try:
        JOBS[name](*arguments)
    except Exception as error:
        log.warning("job failed", job=name, job_id=job_id, attempts=attempts, error=type(error).__name__)
        _put_back(job_id, attempts, traceback.format_exc(limit=-6))
        return False
    finally:
        db.session.rollback()
    with unit_of_work():
        db.session.execute(
            update(JobRow)
            .where(JobRow.id == job_id)
            .values(state=JobState.DONE, done_at=clock.now(), lease_until=None, last_error="")
        )
    return True


def _claimed(job_id: int) -> tuple[str, list[Any], int] | None:
    """Take the lease of a due job, in its own commit. Leases keep the real clock."""
    if job_id in _at_work:
        return None
    with unit_of_work():
        row = db.session.scalar(select(JobRow).where(JobRow.id == job_id, _is_due()).with_for_update())
        if row is None or row.name not in JOBS:
            return None
        row.state, row.lease_until, row.unique_key = JobState.RUNNING, clock.real_now() + LEASE, None
        row.attempts += 1
        return row.name, row.arguments, row.attempts


def _put_back(job_id: int, attempts: int, error: str) -> None:
    """Try again later, each time after a longer wait; after ATTEMPTS it is for a person to see."""
    wait = 5.0 * 4**attempts
    with unit_of_work():
        row = db.session.get_one(JobRow, job_id)
        row.last_error, row.lease_until = error[-4000:], None
        row.state = JobState.FAILED if attempts >= ATTEMPTS else JobState.WAITING
        row.run_at = clock.now() + timedelta(seconds=wait)
        if row.state == JobState.WAITING:
            after_commit(partial(_wake, wait))
