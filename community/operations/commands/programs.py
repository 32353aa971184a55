"""`flask serve`, `flask live` and `flask worker`: the programs of the place."""

import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from community.chat import serving as chat
from community.core import clock, wakeups
from community.core.refused import Refused
from community.operations import figures, serving
from community.operations.backups import running
from community.operations.backups.restoring import drop_old_asides
from community.operations.commands.ready import be_ready, place_of
from community.search.following import following

WORKERS = 2


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
    folder = current_app.config["DATA_DIR"] / "metrics" / f"{socket.gethostname()}-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    figures.share(folder)
    _become(serving.serve, host, port)


@click.command("live")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Where nothing is said: PORT + 1.")
@with_appcontext
def live(host: str, port: int | None) -> None:
    """Serve streams: what happens in the chat, as it happens."""
    be_ready()
    _run_here()
    _become(chat.serve, host, port or current_app.config["LIVE_PORT"])


def _become(server: Callable[[Flask, str, int], None], host: str, port: int) -> None:
    """Serve outside of the command's own context: each request has one for itself."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    serving.let_go(app)
    serving.be_frugal(app)
    Context().run(server, app, host, port)


def _run_here() -> None:
    """Let no backup be restored under a program that runs."""
    try:
        running.hold(current_app.config["DATA_DIR"])
    except Refused as refused:
        raise click.ClickException(refused.why) from refused
