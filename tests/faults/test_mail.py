"""A mail server that is away, or that dies in the middle: what was done stands, no mail is lost, none goes twice."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from community.core import clock
from community.members.models import Member
from tests.faults.people import Person, prepared, rows_of, running, until
from tests.messages.conftest import Sink
from tests.running import free_port

pytestmark = pytest.mark.faults


def tomorrow() -> str:
    """The date on which everything that is tried again is due."""
    return (clock.real_now().date() + timedelta(days=1)).isoformat()


def states(folder: Path) -> list[tuple[Any, ...]]:
    """How far each mail is."""
    return rows_of(folder, "SELECT state FROM mails ORDER BY id")


class DyingServer(socketserver.StreamRequestHandler):
    """Takes a whole mail and breaks off before it says whether it keeps it."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                break
            self.wfile.write(b"250 fine\r\n")
        if b".\r\n" in iter(self.rfile.readline, b""):
            self.server.taken.append(1)  # type: ignore[attr-defined]


@contextmanager
def dying_server(port: int) -> Iterator[list[int]]:
    """How many mails such a server has taken."""
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), DyingServer) as server:
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.taken  # type: ignore[attr-defined]
        server.shutdown()


@contextmanager
def good_server(port: int) -> Iterator[Sink]:
    """A real server that keeps what it gets."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield sink
    controller.stop()


def ask_for_a_link(person: Person) -> int:
    """Ask for a mail, as somebody who forgot the password."""
    return person.ask("/reset", {**person.fields("/reset", "/reset"), "email": person.email}).status


def test_mails_wait_for_a_server_that_is_away_and_one_that_breaks_off_is_not_asked_twice(
    app: Flask, anna: Member, tmp_path: Path
) -> None:
    path, (first, second) = prepared(tmp_path, app, anna, 2)
    port = free_port()
    mail = {"COMMUNITY_MAIL_URL": f"smtp://127.0.0.1:{port}"}
    with running(tmp_path, "serve", "worker", log=tmp_path / "log", **mail) as site:
        waiting, unlucky = Person(site.base, first), Person(site.base, second)
        assert ask_for_a_link(waiting) == 200
        waiting.sign_in()
        assert waiting.reply(path, "Said without mail").status == 200
        until(lambda: rows_of(tmp_path, "SELECT why_failed FROM mails") != [("",)])
        assert states(tmp_path) == [("waiting",)]
        with dying_server(port) as taken:
            assert ask_for_a_link(unlucky) == 200
            until(lambda: states(tmp_path) == [("waiting",), ("unknown",)])
    with (
        good_server(port) as sink,
        running(tmp_path, "worker", log=tmp_path / "log", COMMUNITY_TODAY=tomorrow(), **mail) as site,
    ):
        until(lambda: states(tmp_path)[0] == ("sent",))
        site.await_jobs(20)
    assert [envelope.rcpt_tos for envelope in sink.received] == [[first]]
    assert states(tmp_path) == [("sent",), ("unknown",)]
    assert len(taken) == 1
