"""The process of the streams: `flask live` becomes this program."""

import sys
from importlib import import_module

from granian.constants import Interfaces
from granian.server import Server

from community.chat.streams import Streams

MOST_STREAMS = 3_000
SECONDS_TO_END = 5


def serve(host: str, port: int) -> None:
    """Serve streams until stopped."""
    Server(
        "community.chat.serving:streams",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        workers=1,
        backpressure=MOST_STREAMS,
        workers_kill_timeout=SECONDS_TO_END,
        respawn_failed_workers=True,
    ).serve()


def streams() -> Streams:
    """The application of the streams."""
    return Streams(import_module("wsgi").app)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
