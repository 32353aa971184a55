"""Going out: to public addresses only, not for long, and never further than was checked."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from community.core import outside
from community.core.refused import Refused

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
)  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        """One of a few kinds of answer."""
        if self.path == "/slow":
            with contextlib.suppress(OSError):
                for _ in range(40):
                    self.wfile.write(b"H")
                    time.sleep(0.1)
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        else:
            self.send_response(200 if self.path != "/missing" else 404)
            self.end_headers()
            self.wfile.write(b"x" * 2000 if self.path == "/large" else self.path.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server on this machine, of which the tests alone say that it may be asked."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()


def anywhere(_address: str, _port: int) -> bool:
    """A rule that lets tests ask their own machine."""
    return True


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_may_be_asked(address: str) -> None:
    assert outside.is_public(address, 443)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_open_internet_may_not(address: str) -> None:
    assert not outside.is_public(address, 80)


def test_other_ports_than_the_webs_may_not_be_asked() -> None:
    assert not outside.is_public(PUBLIC[0], 22)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0x7f.1/", "file:///etc/passwd",
            "ftp://example.org/", "http://user@example.org/", "http://", "nonsense", "http://[bad/"],
)  # fmt: skip
def test_an_address_of_our_own_or_of_no_web_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        outside.fetch(url, 1000)


def test_what_stands_there_is_fetched(server: str) -> None:
    assert outside.fetch(f"{server}/a file.jpg?w=1", 1000, anywhere) == b"/a%20file.jpg?w=1"


def test_a_redirect_is_followed_only_where_its_address_may_be_asked(server: str) -> None:
    assert outside.fetch(f"{server}/to//there", 1000, anywhere) == b"/there"
    port = int(server.rpartition(":")[2])
    with pytest.raises(Refused):
        outside.fetch(f"{server}/to/http://127.0.0.1:9/", 1000, lambda _address, asked: asked == port)
    with pytest.raises(Refused):
        outside.fetch(f"{server}/to/file:///etc/passwd", 1000, anywhere)


def test_nobody_is_sent_on_for_ever(server: str) -> None:
    with pytest.raises(Refused, match="too many"):
        outside.fetch(f"{server}/to//to//to//to//to//end", 1000, anywhere)


@pytest.mark.parametrize("path", ["/missing", "/large"])
def test_what_is_missing_or_too_large_is_refused(server: str, path: str) -> None:
    with pytest.raises(Refused):
        outside.fetch(server + path, 1000, anywhere)


def test_a_machine_that_drips_is_left_in_time(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(Refused):
        outside.fetch(f"{server}/slow", 1000, anywhere)
    assert time.monotonic() - began < 2
