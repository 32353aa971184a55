"""What helps is done without while it is away, and taken up again by itself."""

import time

import pytest
import structlog
from structlog.testing import LogCapture
from structlog.typing import EventDict

from community.core import aids
from community.core.aids import Aid


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[EventDict]:
    """What the log says, with a rest that a test can wait for."""
    heard = LogCapture()
    log = structlog.wrap_logger(None, processors=[heard], wrapper_class=structlog.make_filtering_bound_logger(0))
    monkeypatch.setattr(aids, "log", log)
    monkeypatch.setattr(aids, "REST_SECONDS", 0.05)
    return heard.entries


def broken() -> str:
    raise ConnectionError("refused")


def test_what_fails_is_done_without_and_named_once(told: list[EventDict]) -> None:
    aid = Aid("a help")
    assert [aid.ask(broken, lambda: "without") for _time in range(3)] == ["without"] * 3
    assert [(line["event"], line["aid"], line["error"]) for line in told] == [
        ("done without", "a help", "ConnectionError: refused")
    ]


def test_what_failed_is_left_alone_for_a_while_then_asked_again(told: list[EventDict]) -> None:
    aid = Aid("a help")
    aid.ask(broken, lambda: "without")
    assert aid.ask(lambda: "with", lambda: "without") == "without"
    time.sleep(0.06)
    assert aid.ask(lambda: "with", lambda: "without") == "with"
    assert [line["event"] for line in told] == ["done without", "back again"]


def test_what_goes_wrong_without_it_is_not_hidden(told: list[EventDict]) -> None:
    with pytest.raises(ConnectionError):
        Aid("a help").ask(broken, broken)
