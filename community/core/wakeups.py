"""Huey: wakes the worker to look for what is due, and keeps the schedules once a minute.

Its own queue may lose anything at a kill: the truth is in the job rows. So one wake-up that waits is enough for
all that is stored before it is taken, and the worker looks every few seconds for what nobody was woken for: whoever
stored it was killed before the wake-up, or the queue is away."""

import logging
import signal
import threading
from functools import partial
from typing import Any

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.storage import SqliteStorage
from sqlalchemy.exc import DBAPIError

from community.core import jobs
from community.core.aids import REST_SECONDS, Aid
from community.core.db import db, give_way
from community.core.redis import pool_of

log = structlog.get_logger()
queue = Aid("queue of wake-ups")


class Storage(SqliteStorage):
    """A queue in a file that a power cut leaves whole, without its last moment: nobody waits for the disk."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def begin(app: Flask) -> Huey:
    """The queue of this application, and its two tasks."""
    if app.config["REDIS_URL"]:
        huey: Huey = RedisHuey("community", connection_pool=pool_of(app.config["REDIS_URL"]))
    else:
        path = app.config["DATA_DIR"] / "wakeups.db"
        huey = SqliteHuey("community", storage_class=Storage, filename=str(path))

    @huey.task()
    def run_due() -> None:
        with app.app_context():
            _run_due()

    @huey.periodic_task(crontab(minute="*"))
    def sweep() -> None:
        with app.app_context():
            jobs.keep_schedules()
            wake_for_due()

    def wake_for_due() -> None:
        if jobs.due(limit=1):
            wake()

    def tell(delay: float) -> None:
        if delay:
            run_due.schedule(delay=delay)
        elif not huey.pending_count():
            run_due()

    def wake(delay: float = 0.0) -> None:
        queue.ask(partial(tell, delay), lambda: None)

    jobs.wake_with(wake)
    huey.sweep, huey.wake_for_due = sweep, wake_for_due
    return huey


def work(app: Flask, workers: int) -> None:
    """Run the worker until it is stopped; SIGINT and SIGTERM let running jobs finish."""
    huey: Any = app.extensions["huey"]
    queue.ask(huey.flush, lambda: None)  # wake-ups of an earlier program it could not read; the rows tell what is due
    give_way()
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
    for part in ("Worker", "Scheduler"):  # they would tell several times a second of a queue that is away
        logging.getLogger(f"huey.consumer.{part}").setLevel(logging.CRITICAL)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(app, ended))
    watcher.start()
    try:
        consumer.run()
    finally:
        ended.set()
        watcher.join()


def _run_due() -> None:
    """Do what is due; a job that finds no database is found again when it is back."""
    try:
        jobs.run_due()
    except DBAPIError as error:
        log.error("job left", error=str(error.orig))


def _watch(app: Flask, ended: threading.Event) -> None:
    """Look after the jobs until the worker ends."""
    while not ended.wait(REST_SECONDS):
        try:
            with app.app_context():
                _look(app.extensions["huey"])
        except Exception as error:  # the database is away: it is asked again
            log.error("watch failed", error=type(error).__name__)


def _look(huey: Any) -> None:
    """Keep what is being done, and begin what is due where no wake-up waits; without a queue, do it here."""
    jobs.keep_leases()
    wake_ups = queue.ask(huey.pending_count, lambda: None)
    if wake_ups is None:
        jobs.keep_schedules()
        jobs.run_due()
    elif wake_ups == 0:
        huey.wake_for_due()
