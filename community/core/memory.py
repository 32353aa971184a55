"""What may be some minutes old and is dear to find out: each process keeps it for itself."""

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
_all: "list[Memory[Any]]" = []


class Memory(Generic[Value]):
    """Values by their keys, for so many seconds; when it is full it begins anew."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[Hashable, tuple[float, Value]] = {}
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
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + self._seconds, value)

    def forget(self) -> None:
        """Drop all of it."""
        self._kept.clear()


def forget_all() -> None:
    """Begin anew: another database stands below (tests)."""
    for memory in _all:
        memory.forget()
