"""A bell that Redis carries to other programs: something happened there, look now.

It says no more than where, and only once it is stored. Whoever misses it looks by itself a little later."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import structlog

from community.core.aids import REST_SECONDS, Aid
from community.core.redis import RedisError, client_of, listener_of

CHANNEL = "community:bell"
log = structlog.get_logger()


class Bell:
    """One for a program; without Redis it is never heard."""

    def __init__(self) -> None:
        self._url = ""
        self._aid = Aid("bell")
        self.is_heard = False

    def begin(self, url: str) -> None:
        """Ring and listen there."""
        self._url = url

    def ring(self, place: str) -> None:
        """Tell whoever listens."""
        if self._url:
            self._aid.ask(partial(client_of(self._url).publish, CHANNEL, place), lambda: None)

    async def rings(self) -> AsyncIterator[str]:
        """Each place where something happened, for as long as this program runs."""
        while self._url:
            try:
                async with listener_of(self._url) as redis, redis.pubsub() as line:
                    await line.subscribe(CHANNEL)
                    async for told in line.listen():
                        self.is_heard = True
                        if told["type"] == "message":
                            yield told["data"].decode()
            except (RedisError, OSError) as error:
                if self.is_heard:
                    log.error("bell not heard", error=type(error).__name__)
            self.is_heard = False
            await asyncio.sleep(REST_SECONDS)


bell = Bell()
