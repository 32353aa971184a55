"""What helps and can be done without: the cache, Redis' counts, the queue of wake-ups (`security.md` 52).

One that fails is left alone for some seconds, so that no page waits for it again and again, and then asked
anew. The log names it when it goes and when it is back."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog

Answer = TypeVar("Answer")
REST_SECONDS = 5.0
log = structlog.get_logger()


class Aid:
    """One such help, by the name that the log gives it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._is_away = False
        self._rests_until = 0.0

    def ask(self, question: Callable[[], Answer], without: Callable[[], Answer]) -> Answer:
        """What it answers, or what is said without it while it is away."""
        if time.monotonic() < self._rests_until:
            return without()
        try:
            answer = question()
        except Exception as error:  # whatever it is, the deed itself goes on
            self._goes(error)
        else:
            self._comes_back()
            return answer
        return without()

    def _goes(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS
        if not self._is_away:
            log.error("done without", aid=self.name, error=f"{type(error).__name__}: {error}")
        self._is_away = True

    def _comes_back(self) -> None:
        if self._is_away:
            log.warning("back again", aid=self.name)
        self._is_away = False
