"""`flask serve`, `flask live` and `flask worker`: the programs of the place."""

import os
import shutil
import socket
import sys
from contextlib import suppress

import click
from flask import current_app
from flask.cli import with_appcontext

from community.core import clock, wakeups
from community.core.refused import Refused
from community.core.settings import surroundings
from community.operations.backups import running
from community.operations.backups.restoring import drop_old_asides
from community.operations.commands.ready import be_ready, place_of
from community.search.following import following

WORKERS = 2
# One heap for all threads of a process: else each keeps for itself what hashing a password once took.
FRUGAL = {"MALLOC_ARENA_MAX": "1"}


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the jobs, keep the schedules and the search index; SIGINT and SIGTERM let running jobs finish."""
    be_ready()
    _run_here()
    with suppress(OSError):  # object storage that is away is asked at the next start
        drop_old_asides(place_of(current_app), clock.real_now())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with following(app):
        wakeups.work(app, workers=WORKERS)


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Serve pages. Refuses to run on another schema than its own."""
    be_ready()
    _run_here()
    figures = current_app.config["DATA_DIR"] / "metrics" / f"{socket.gethostname()}-{port}"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    server = [sys.executable, "-m", "community.operations.serving", host, str(port)]
    os.execve(sys.executable, server, surroundings(PROMETHEUS_MULTIPROC_DIR=str(figures), **FRUGAL))


@click.command("live")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Where nothing is said: PORT + 1.")
@with_appcontext
def live(host: str, port: int | None) -> None:
    """Serve streams: what happens in the chat, as it happens."""
    be_ready()
    _run_here()
    server = [sys.executable, "-m", "community.chat.serving", host, str(port or current_app.config["LIVE_PORT"])]
    os.execve(sys.executable, server, surroundings(**FRUGAL))


def _run_here() -> None:
    """Let no backup be restored under a program that runs."""
    try:
        running.hold(current_app.config["DATA_DIR"])
    except Refused as refused:
        raise click.ClickException(refused.why) from refused
