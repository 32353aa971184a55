"""What was acknowledged is there, exactly once, whatever is killed and whenever."""

import http.cookiejar
import random
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from community.core.db import db
from community.members.models import Member
from tests import makers
from tests.running import Running

pytestmark = pytest.mark.faults
SECONDS = 30
WRITERS = 8


class Writer(threading.Thread):
    """A member who answers without a pause and sends the same form again when no answer came."""

    def __init__(self, base: str, path: str, email: str) -> None:
        super().__init__()
        self.base, self.path, self.email = base, path, email
        self.acknowledged: list[str] = []
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.until = 0.0

    def run(self) -> None:
        number = 0
        self.sign_in()
        while time.monotonic() < self.until:
            number += 1
            self.reply(f"{self.email} says {number}")

    def sign_in(self) -> None:
        fields = self.form("/sign-in", "/sign-in")
        self.send("/sign-in", {**fields, "email": self.email, "password": makers.PASSWORD})

    def reply(self, words: str) -> None:
        action = f"{self.path}/posts"
        fields = {**self.form(f"{self.path}/reply", action), "body": words}
        self.send(action, fields)
        self.acknowledged.append(words)

    def form(self, path: str, action: str) -> dict[str, str]:
        page = LexborHTMLParser(self.send(path))
        form = next(f for f in page.css("form") if (f.attributes.get("action") or path).split("#")[0] == action)
        return {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}

    def send(self, path: str, fields: dict[str, str] | None = None) -> str:
        """The answer, however often it takes: the form's own key makes a second try harmless."""
        content = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.base + path, content, {"User-Agent": "Mozilla/5.0"})
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            try:
                with self.opener.open(request, timeout=15) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except (urllib.error.URLError, ConnectionError, TimeoutError, OSError):
                pass
            time.sleep(0.05)
        raise AssertionError("no answer for a minute")


def prepared(folder: Path, app: Flask, asker: Member, writers: int) -> tuple[str, list[str]]:
    """A database with a topic and members, made through the test's own application, then copied."""
    path = makers.topic(makers.board("Talk"), asker, "A talk").path
    emails = [f"writer-{number}@example.org" for number in range(writers)]
    for number in range(writers):
        makers.member(f"Writer {'abcdefgh'[number]}")
    with db.engine.begin() as connection:
        for number in range(writers):
            connection.exec_driver_sql(
                "UPDATE members SET email = ? WHERE name = ?", (emails[number], f"Writer {'abcdefgh'[number]}")
            )
    db.session.remove()
    source = sqlite3.connect(Path(app.config["DATA_DIR"]) / "community.db")
    with sqlite3.connect(folder / "community.db") as target:
        source.backup(target)
    source.close()
    return path, emails


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What stands in the site's database."""
    with closing(sqlite3.connect(folder / "community.db")) as found:
        return found.execute(query).fetchall()


def test_every_acknowledged_post_and_its_notice_are_there_once_under_kills(
    app: Flask, anna: Member, tmp_path: Path
) -> None:
    asker_id = anna.id
    path, emails = prepared(tmp_path, app, anna, WRITERS)
    site = Running(tmp_path)
    slowest = 0.0
    kills = 0
    try:
        site.start("serve")
        site.start("worker")
        site.await_answer(60)
        writers = [Writer(site.base, path, email) for email in emails]
        until = time.monotonic() + SECONDS
        for writer in writers:
            writer.until = until
            writer.start()
        chance = random.Random(7)
        while time.monotonic() < until:
            time.sleep(chance.uniform(1.5, 4))
            victim = chance.choice(["serve", "worker"])
            site.kill(victim)
            kills += 1
            site.start(victim)
            slowest = max(slowest, site.await_answer(60))
        for writer in writers:
            writer.join(90)
        site.await_jobs(60)
    finally:
        site.stop()
    acknowledged = [words for writer in writers for words in writer.acknowledged]
    stored = Counter(words for (words,) in rows_of(tmp_path, "SELECT body FROM posts WHERE number > 1"))
    told = rows_of(tmp_path, f"SELECT post_id FROM notices WHERE member_id = {asker_id}")
    assert kills >= 4
    assert len(acknowledged) > 20
    assert [words for words in acknowledged if stored[words] != 1] == []
    assert max(stored.values()) == 1
    assert rows_of(tmp_path, "SELECT post_count FROM items") == [(sum(stored.values()) + 1,)]
    assert sorted(told) == rows_of(tmp_path, "SELECT id FROM posts WHERE number > 1 ORDER BY id")
    assert rows_of(tmp_path, f"SELECT notice_count FROM members WHERE id = {asker_id}") == [(len(told),)]
