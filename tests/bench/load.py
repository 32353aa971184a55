"""Requests over a few kept connections, one after another on each, for some seconds."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

CONNECTIONS = 4
Request = Callable[[], bytes]
IsRight = Callable[[int, bytes], bool]


@dataclass
class Answers:
    """What came back, and when."""

    wrong: dict[int, int] = field(default_factory=dict)  # how many were not the page that was asked for, by status
    seconds: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many answers there were."""
        return len(self.seconds)

    def within(self, share: float) -> float:
        """The time in milliseconds within which this share of the answers came."""
        return 1000 * sorted(self.seconds)[min(self.count - 1, int(share * self.count))]


class Connection:
    """One kept connection that sends a request and reads its answer whole."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """(status, head, body)."""
        self._socket.sendall(request)
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._more()
        head, _, body = found.partition(b"\r\n\r\n")
        parts = [body]
        missing = _length(head) - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return int(head[9:12]), head, b"".join(parts)

    def _more(self) -> bytes:
        more = self._socket.recv(65_536)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more

    def close(self) -> None:
        """End it."""
        self._socket.close()


def load(port: int, request: Request, is_right: IsRight, seconds: float) -> Answers:
    """Ask without a pause on every connection until the time is over."""
    answers = Answers()
    asked = (port, request, is_right, seconds, answers)
    threads = [threading.Thread(target=_ask, args=asked) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _ask(port: int, request: Request, is_right: IsRight, seconds: float, answers: Answers) -> None:
    connection = Connection(port)
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        status, _head, body = connection.ask(request())
        answers.seconds.append(time.perf_counter() - began)
        if not is_right(status, body):
            answers.wrong[status] = answers.wrong.get(status, 0) + 1
    connection.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
