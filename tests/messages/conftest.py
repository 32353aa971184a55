"""A real SMTP server, for what really leaves."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from community.core import transport
from tests.running import free_port


class Sink:
    """A real SMTP server that keeps what it gets."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """The sink, with the application sending to it."""
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    before = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    app.config.update(transport.smtp_settings(app.config["MAIL_URL"]))
    transport.mail.init_app(app)
    yield handler
    controller.stop()
    app.config["MAIL_URL"] = before
