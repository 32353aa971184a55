"""The page processes: the program is read once and then divided, so that all of them share its memory."""

import ctypes
import gc
from contextlib import suppress
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import event
from sqlalchemy.orm import configure_mappers

from community.core.db import db

PAGE_PROCESSES = 2
THREADS_EACH = {"sqlite": 2, "postgresql": 4}  # SQLite answers at once: more would wait for each other alone
LARGE = 1 << 20  # bytes
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of malloc.h


def serve(app: Flask, host: str, port: int) -> None:
    """Serve pages until stopped."""
    configure_mappers()
    with app.app_context():
        threads = THREADS_EACH[db.engine.dialect.name]
    settle()
    Server(
        app.import_name,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=PAGE_PROCESSES,
        blocking_threads=threads,
        respawn_failed_workers=True,
    ).serve(target_loader=lambda: app, wrap_loader=False)


def let_go(app: Flask) -> None:
    """Close what may not be used from two processes, also what the command itself has asked with: the locks on SQLite's
    file are of one process."""
    db.session.remove()
    db.engine.dispose()
    app.extensions["huey"].storage.close()


def be_frugal(app: Flask) -> None:
    """One heap for all threads of a process, and what is large outside of it: else each keeps for itself what hashing
    a password once took. The pages of SQLite's file are kept once, by the system."""
    with suppress(AttributeError):  # another C library than GNU's
        set_malloc = ctypes.CDLL(None).mallopt
        set_malloc(M_ARENA_MAX, 1)
        set_malloc(M_MMAP_THRESHOLD, LARGE)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _keep_few_pages)


def settle() -> None:
    """Give back what only the start needed. The rest is left alone by the collector, else each process would write its
    marks on it and so take a copy; and it comes seldom, as what a page makes is gone with the page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    with suppress(AttributeError):  # another C library than GNU's
        ctypes.CDLL(None).malloc_trim(0)


def _keep_few_pages(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA cache_size = -256")
