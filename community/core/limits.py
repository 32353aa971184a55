"""How often somebody may do something, counted where a restart does not forget it (`security.md` 36).

The counting is the `limits` library's. On one machine its numbers stand in our database; several machines
may keep them in Redis. While Redis is away the database counts: nobody guesses freely, nobody is locked out."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from limits import parse
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import String, bindparam, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.aids import Aid
from community.core.db import Model, db, in_turn, insert_into, unit_of_work
from community.core.jobs import every, job
from community.core.redis import pool_of

Answer = TypeVar("Answer")
LIMITS = {
    "sign-in": "10 per 5 minutes",
    "second-step": "10 per 5 minutes",
    "reset": "5 per day",
    "register": "5 per 30 minutes",
    "post": "1 per 5 seconds",
    "first-day-post": "1 per 30 seconds",
    "first-day-reply": "10 per day",
    "first-day-topic": "3 per day",
    "kept-text": "10 per hour",
    "preview": "120 per minute",
    "search": "15 per minute",  # of somebody who is not signed in
    "member-search": "60 per minute",
    "search-begun": "120 per minute",  # titles while somebody types
    "upload": "30 per 30 minutes",
    "confirm": "5 per hour",
    "draft": "60 per minute",
    "tie": "60 per minute",  # follow, mute, block, thank
    "people": "90 per minute",  # completions of names
    "export": "5 per day",
    "report": "20 per day",
    "chat": "1 per 2 seconds",
    "first-day-chat": "1 per 2 minutes",  # `features.md` 2.6
    "contact": "10 per hour",
}


class LimitCount(Model):
    """How often a key was counted in the window that ends at `until`."""

    __tablename__ = "limit_counts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """The storage of the `limits` library in our own database, one short commit a count."""

    STORAGE_SCHEME = ["community"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing count raises."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count once, in one statement; the window begins with its first count, and anew once it is over."""
        now = datetime.now(UTC)
        row = {"key": key, "count": amount, "until": now + timedelta(seconds=expiry)}
        with in_turn(), db.engine.begin() as connection:
            return int(connection.scalar(_counting(db.engine.dialect.name), row | {"now": now}) or 0)

    def get(self, key: str) -> int:
        """The count of a window that still runs."""
        query = select(LimitCount.count).where(LimitCount.key == key, LimitCount.until >= datetime.now(UTC))
        with db.engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        with db.engine.connect() as connection:
            until = connection.scalar(select(LimitCount.until).where(LimitCount.key == key))
        return until.timestamp() if until else time.time()

    def check(self) -> bool:
        """Whether the storage answers."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with db.engine.begin() as connection:
            connection.execute(delete(LimitCount))
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        with db.engine.begin() as connection:
            connection.execute(delete(LimitCount).where(LimitCount.key == key))


@lru_cache
def _counting(_dialect: str) -> Any:
    """The statement that counts: built once, as building costs more than asking."""
    counts = LimitCount.__table__
    statement = insert_into(counts).values(key=bindparam("key"), count=bindparam("count"), until=bindparam("until"))
    is_over = counts.c.until < bindparam("now", type_=counts.c.until.type)
    more = {
        "count": case((is_over, statement.excluded.count), else_=counts.c.count + statement.excluded.count),
        "until": case((is_over, statement.excluded.until), else_=counts.c.until),
    }
    return statement.on_conflict_do_update(index_elements=["key"], set_=more).returning(counts.c.count)


@every(3_600)
@job
def forget_counts() -> None:
    """Drop the counts of windows that are over."""
    with unit_of_work():
        db.session.execute(delete(LimitCount).where(LimitCount.until < datetime.now(UTC)))


class Limiter:
    """Counts deeds by name and by who does them."""

    def __init__(self) -> None:
        self._is_on = False
        self._database = FixedWindowRateLimiter(DatabaseStorage())
        self._redis: FixedWindowRateLimiter | None = None
        self._aid = Aid("counts of limits in Redis")

    def begin(self, settings: dict[str, Any]) -> None:
        """Choose where the counts stand; `LIMITS=off` counts nothing."""
        url = settings["REDIS_URL"]
        self._is_on = settings["LIMITS"] != "off"
        self._redis = FixedWindowRateLimiter(RedisStorage("redis://", pool_of(url))) if url else None

    def wait(self, name: str, who: str) -> int:
        """Count one deed: 0 where it may be done, else the seconds until it may."""
        limit = parse(LIMITS[name])

        def counted(counts: FixedWindowRateLimiter) -> int:
            if counts.hit(limit, name, who):
                return 0
            return max(1, round(counts.get_window_stats(limit, name, who).reset_time - time.time()))

        return self._ask(counted) if self._is_on else 0

    def give_back(self, name: str, who: str) -> None:
        """Uncount one deed that turned out to be no guess."""
        if self._is_on:
            self._ask(lambda counts: counts.hit(parse(LIMITS[name]), name, who, cost=-1))

    def forget(self, name: str, who: str) -> None:
        """Begin anew for somebody: a right password shows that it was the owner who tried."""
        if self._is_on:
            self._ask(lambda counts: counts.clear(parse(LIMITS[name]), name, who))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], Answer]) -> Answer:
        redis, database = self._redis, self._database
        if redis is None:
            return question(database)
        return self._aid.ask(lambda: question(redis), lambda: question(database))


limiter = Limiter()
