"""Huey: wakes the worker for a stored job, and sweeps once a minute for those that nobody was woken for.

Its own queue may lose anything at a kill: the truth is in the job rows."""

import signal
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab

from community.core import jobs
from community.core.db import db


def begin(app: Flask) -> Huey:
    """The queue of this application, and its two tasks."""
    if app.config["REDIS_URL"]:
        huey: Huey = RedisHuey("community", url=app.config["REDIS_URL"])
    else:
        huey = SqliteHuey("community", filename=str(app.config["DATA_DIR"] / "wakeups.db"))

    @huey.task()
    def run_job(job_id: int) -> None:
        with app.app_context():
            jobs.run(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def sweep() -> None:
        with app.app_context():
            jobs.keep_schedules()
            for job_id in jobs.due():
                run_job(job_id)

    def wake(job_id: int, delay: float) -> None:
        if delay:
            run_job.schedule(args=(job_id,), delay=delay)
        else:
            run_job(job_id)

    jobs.wake_with(wake)
    huey.sweep = sweep
    return huey


def work(app: Flask, workers: int) -> None:
    """Run the worker until it is stopped; SIGINT and SIGTERM let running jobs finish."""
    huey: Any = app.extensions["huey"]
    if db.engine.dialect.name == "sqlite":  # one machine, one worker: whoever claimed something is gone
        jobs.take_back()
    huey.sweep.call_local()
    consumer = huey.create_consumer(
        workers=workers,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.2,
        backoff=1.2,
        check_worker_health=True,
    )
    consumer._signal_actions[signal.SIGTERM] = consumer._signal_actions[signal.SIGINT]
    consumer.run()
