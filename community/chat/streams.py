"""The streams, many readers to one process: each waits, none holds a thread or a connection of the database.

Who asks is answered by `/live/<room>` first, as anywhere on the site. Then the answer goes on: what happens in a
room is read for all who listen there, when the bell rings for it or else once a second, and each reader is asked for
anew every half minute, so that a session, a membership or a suspension that ends also ends the stream."""

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias

import structlog
from flask import Flask, g
from flask_babel import refresh

from community.chat import queries
from community.chat.views.news import Listener, News, news_of
from community.core.bell import bell
from community.web.headers import MONITORED

POLL_SECONDS = 1.0
SELDOM_SECONDS = 5.0  # while the bell is heard
ASKED_AGAIN_SECONDS = 25.0  # a proxy that hears nothing for a minute hangs up
PING = b": here\n\n"
HERE = "/live/"
Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
log = structlog.get_logger()


class Given(NamedTuple):
    """What the site answers somebody who asks; with a listener, the beginning of a stream."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    listener: Listener | None


@dataclass(eq=False)
class Stream:
    """One reader's open answer; None in the queue ends it."""

    room_id: int
    waiting: asyncio.Queue[News | None] = field(default_factory=asyncio.Queue)


class Streams:
    """The application that a server runs (ASGI)."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._open: dict[int, set[Stream]] = {}  # by room
        self._heard: dict[int, int] = {}  # by room: the last thing that was passed on

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve from start to end (`lifespan`), or answer one reader."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"].startswith(HERE):
            await self._stream(scope, receive, send)
        else:
            known = scope["path"] in MONITORED
            await _answer(send, await asyncio.to_thread(self._ask, scope) if known else Given(404, [], b"", None))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        at_work = [asyncio.create_task(self._follow()), asyncio.create_task(self._listen())]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in at_work:
            task.cancel()
        for stream in self._all():
            stream.waiting.put_nowait(None)
        await send({"type": "lifespan.shutdown.complete"})

    async def _stream(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """From before the first answer on nothing that happens is missed; what comes twice is left out."""
        room = scope["path"].removeprefix(HERE)
        stream = Stream(int(room) if room.isascii() and room.isdecimal() and len(room) < 10 else 0)
        await self._join(stream)
        try:
            given = await asyncio.to_thread(self._ask, scope)
            await _answer(send, given, goes_on=given.listener is not None)
            if given.listener is not None:
                await self._go_on(scope, stream, given.listener, receive, send)
        finally:
            self._leave(stream)

    async def _go_on(
        self, scope: dict[str, Any], stream: Stream, listener: Listener, receive: Receive, send: Send
    ) -> None:
        """Pass on what happens until the reader leaves, or may listen no more."""
        leaving = asyncio.create_task(_until_left(receive, stream))
        ask_again_at = _soon()
        while True:
            try:
                async with asyncio.timeout_at(ask_again_at):
                    news = await stream.waiting.get()
            except TimeoutError:
                given = await asyncio.to_thread(self._ask, scope, listener.heard)
                if given.listener is None:
                    break
                listener, ask_again_at = given.listener, _soon()
                await _send(send, given.body or PING)
                continue
            if news is None:
                break
            if news.number > listener.heard:
                listener = replace(listener, heard=news.number)
                await _send(send, news.for_(listener).encode())
        leaving.cancel()
        await _send(send, b"", goes_on=False)

    async def _join(self, stream: Stream) -> None:
        self._open.setdefault(stream.room_id, set()).add(stream)
        if stream.room_id not in self._heard:
            newest = await asyncio.to_thread(self._newest, stream.room_id)
            self._heard.setdefault(stream.room_id, newest)

    def _leave(self, stream: Stream) -> None:
        there = self._open[stream.room_id]
        there.discard(stream)
        if not there:
            del self._open[stream.room_id]
            self._heard.pop(stream.room_id, None)

    async def _follow(self) -> None:
        """Again and again, what happened in each room where somebody listens."""
        while True:
            await asyncio.sleep(SELDOM_SECONDS if bell.is_heard else POLL_SECONDS)
            for room_id in list(self._heard):
                await self._look(room_id)

    async def _listen(self) -> None:
        """At once, what happened in the room for which the bell rings."""
        async for place in bell.rings():
            kind, _colon, number = place.partition(":")
            if kind == "room":
                await self._look(int(number))

    async def _look(self, room_id: int) -> None:
        heard = self._heard.get(room_id)
        if heard is None:
            return
        try:
            self._pass_on(room_id, await asyncio.to_thread(self._news, room_id, heard))
        except Exception as error:  # the database is away: it is asked again
            log.error("stream failed", room=room_id, error=type(error).__name__)

    def _pass_on(self, room_id: int, happened: list[News]) -> None:
        if happened and room_id in self._heard:
            self._heard[room_id] = max(self._heard[room_id], happened[-1].number)
            for stream in self._open[room_id]:
                for news in happened:
                    stream.waiting.put_nowait(news)

    def _all(self) -> list[Stream]:
        return [stream for there in self._open.values() for stream in there]

    def _newest(self, room_id: int) -> int:
        with self._app.app_context():
            return queries.newest_event_id(room_id)

    def _news(self, room_id: int, heard: int) -> list[News]:
        """What happened in a room, in its language."""
        with self._app.app_context():
            events = queries.events_after(room_id, heard)
            if events:
                g.site = events[0][1].room.site
                refresh()
            return [news_of(number, line) for number, line in events]

    def _ask(self, scope: dict[str, Any], heard: int | None = None) -> Given:
        """What the site says to this request, as if it were its own; from what was heard since."""
        with self._app.request_context(_environ(scope, heard)):
            try:
                response = self._app.full_dispatch_request()
            except Exception as error:
                response = self._app.handle_exception(error)
            listener = g.get("listener") if response.status_code == 200 and scope["method"] == "GET" else None
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers]
            if listener is not None:
                headers = [header for header in headers if header[0] != b"content-length"]
            return Given(response.status_code, headers, response.get_data(), listener)


def _environ(scope: dict[str, Any], heard: int | None) -> dict[str, Any]:
    """A request of an asynchronous server as the site knows it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if heard is not None:
        headers["last-event-id"] = str(heard)
    host, port = scope["server"] or ("localhost", 0)
    return {
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope["client"] or ("unknown", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _soon() -> float:
    return asyncio.get_running_loop().time() + ASKED_AGAIN_SECONDS


async def _until_left(receive: Receive, stream: Stream) -> None:
    """Wait until the reader closes the page, and end the stream then."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.waiting.put_nowait(None)


async def _answer(send: Send, given: Given, goes_on: bool = False) -> None:
    await send({"type": "http.response.start", "status": given.status, "headers": given.headers})
    await send({"type": "http.response.body", "body": given.body, "more_body": goes_on})


async def _send(send: Send, body: bytes, goes_on: bool = True) -> None:
    """To a reader who may have left."""
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": body, "more_body": goes_on})
