"""The one writer of this machine's index: a thread of the worker that looks each second for what changed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import Flask

from community.search import actions

SECONDS, REST = 1.0, 60.0
log = structlog.get_logger()


@contextmanager
def following(app: Flask) -> Iterator[None]:
    """Keep the index up to date meanwhile."""
    ended = threading.Event()
    writer = threading.Thread(target=_follow, args=(app, ended))
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _follow(app: Flask, ended: threading.Event) -> None:
    is_checked, is_kept = False, True
    while True:
        try:
            with app.app_context():
                if not is_checked:
                    actions.mend()
                    is_checked = True
                is_kept = actions.follow()
        except Exception as error:  # the database or the disk is away: they are asked again
            is_checked = False
            log.error("search index stands still", error=f"{type(error).__name__}: {error}")
        if ended.wait(SECONDS if is_kept else REST):
            return
