"""The database killed in the middle of it all: what was acknowledged is there once, and the site is back by itself."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from community.app import create_app
from tests import makers
from tests.databases import Server, migrate
from tests.faults.kills import BACK_WITHIN, KILLS, SECONDS, WRITERS, see_all_there_once, slowdown, writing
from tests.faults.people import Answer, Person, running

pytestmark = pytest.mark.faults


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL that keeps its word."""
    try:
        started = Server()
    except Exception as error:
        pytest.skip(f"this machine starts no PostgreSQL of its own: {error}")
    yield started
    started.stop()


def fill(url: str, folder: Path) -> tuple[str, int, list[str]]:
    """A topic, who began it, and who answers."""
    migrate(url, folder)
    with create_app(DATA_DIR=str(folder), DATABASE_URL=url, TESTING=True, LIMITS="off").app_context():
        asker = makers.member("Anna")
        asker_id, path = asker.id, makers.topic(makers.board("Talk"), asker, "A talk").path
        return path, asker_id, [str(makers.member(f"Writer {letter}").email) for letter in "abcdefgh"[:WRITERS]]


def filled(url: str, folder: Path) -> tuple[str, int, list[str]]:
    """The same by a process of its own: one process is one site, and this one is another."""
    with ProcessPoolExecutor(1, get_context("spawn")) as aside:
        return aside.submit(fill, url, folder).result()


def rows_at(url: str, query: str) -> list[tuple[Any, ...]]:
    """What stands in that database."""
    with create_engine(url).connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def refused_in_words(answer: Answer) -> bool:
    """Whether a page says that it does not open now, and nothing of what is behind it."""
    inside = ("Traceback", "psycopg", "sqlalchemy", "connection to server")
    is_plain = not any(word in answer.text for word in inside) and "<h1" in answer.text
    return answer.status == 503 and answer.headers["Retry-After"] == "10" and is_plain


def back_after(reader: Person, path: str) -> float:
    """Seconds until a page opens again."""
    began = time.monotonic()
    while reader.ask(path).status != 200:
        assert time.monotonic() - began < 60, "the site does not come back"
        time.sleep(0.05)
    return time.monotonic() - began


def test_every_acknowledged_post_and_its_notice_are_there_once_when_the_database_is_killed(
    server: Server, tmp_path: Path, record_property
) -> None:
    url = server.another("kills")
    path, asker_id, emails = filled(url, tmp_path)
    chance, back, log = random.Random(7), list[float](), tmp_path / "log"
    with running(tmp_path, "serve", "worker", log=log, COMMUNITY_DATABASE_URL=url) as site:
        reader, member = Person(site.base, ""), Person(site.base, emails[0])
        member.sign_in()
        until = time.monotonic() + SECONDS
        with writing(site, path, emails) as writers:
            while time.monotonic() < until or len(back) < KILLS:
                slow = slowdown()
                time.sleep(slow * chance.uniform(0, 2))
                server.kill()
                assert [refused_in_words(who.ask(f"{path}?page=1")) for who in (reader, member)] == [True, True]
                server.start()
                back.append(back_after(reader, f"{path}?page=1") / slow)
        site.await_jobs(120)
    record_property("slowest return, seconds", round(max(back), 1))
    assert max(back) < BACK_WITHIN, "the site is slow to come back"
    assert "database unavailable" in log.read_text()
    see_all_there_once(partial(rows_at, url), asker_id, writers)
