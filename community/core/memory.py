"""What may be some minutes old and is dear to find out: each process keeps it for itself."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
_all: "list[Memory[Any]]" = []


class Memory(Generic[Value]):
    """Values by their keys, for so many seconds; when it is full, what was kept first leaves first. It is full with so
    many values, or with so much as `size` makes of them."""

    def __init__(self, seconds: float, most: int, size: Callable[[Value], int] = lambda _value: 1) -> None:
        self._seconds, self._most, self._size = seconds, most, size
        self._kept: dict[Hashable, tuple[float, Value]] = {}
        self._filled, self._lock = 0, threading.Lock()
        _all.append(self)

    def of(self, key: Hashable, find: Callable[[], Value]) -> Value:
        """What is kept under a key, else what is found now."""
        value = self.find(key)
        if value is None:
            value = find()
            self.keep(key, value)
        return value

    def find(self, key: Hashable) -> Value | None:
        """What is kept under a key."""
        until, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def keep(self, key: Hashable, value: Value) -> None:
        """Keep a value from now on."""
        with self._lock:
            self._drop(key)
            self._kept[key] = (time.monotonic() + self._seconds, value)
            self._filled += self._size(value)
            while self._filled > self._most:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Drop all of it."""
        with self._lock:
            self._kept.clear()
            self._filled = 0

    def _drop(self, key: Hashable) -> None:
        if key in self._kept:
            self._filled -= self._size(self._kept.pop(key)[1])


def forget_all() -> None:
    """Begin anew: another database stands below (tests)."""
    for memory in _all:
        memory.forget()
