"""The process of the streams."""

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from community.chat.streams import Streams

MOST_STREAMS = 3_000
SECONDS_TO_END = 5


def serve(app: Flask, host: str, port: int) -> None:
    """Serve streams until stopped."""
    Server(
        app.import_name,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        workers=1,
        backpressure=MOST_STREAMS,
        workers_kill_timeout=SECONDS_TO_END,
        respawn_failed_workers=True,
    ).serve(target_loader=lambda: Streams(app), wrap_loader=False)
