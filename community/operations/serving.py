"""The page processes: the program is read once and then divided, so that all of them share its memory."""

import gc
import sys
from importlib import import_module

from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy.orm import configure_mappers

from community.core.db import db

PAGE_PROCESSES, THREADS_EACH = 2, 4


def serve(host: str, port: int) -> None:
    """Serve pages until stopped. What was read before the processes divide is left alone by the collector,
    else each would write its marks on it and so take a copy."""
    app = import_module("wsgi").app
    configure_mappers()
    with app.app_context():
        db.engine.dispose()  # no connection may be used from two processes
    app.extensions["huey"].storage.close()
    gc.collect()
    gc.freeze()
    Server(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=PAGE_PROCESSES,
        blocking_threads=THREADS_EACH,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
