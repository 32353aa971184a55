"""Members who use the real site over HTTP, and the site they use."""

import http.cookiejar
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from community.core.db import db
from community.members.models import Member
from tests import makers
from tests.running import Running

REPORT = re.compile(r"/report/post/\d+")


@dataclass
class Answer:
    """What came back, and how long it took."""

    status: int
    text: str
    headers: Any
    seconds: float

    def fields(self, action: str | None = None) -> dict[str, str]:
        """What the form that posts there would send (without an address: the form that sends all again)."""
        page = LexborHTMLParser(self.text)
        form = next(f for f in page.css("form") if (f.attributes.get("action") or "").split("#")[0] == (action or ""))
        hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
        return hidden | {str(t.attributes["name"]): t.text().strip() for t in form.css("textarea")}


class Person:
    """A member with a browser of their own."""

    def __init__(self, base: str, email: str) -> None:
        self.base, self.email = base, email
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        """One request, redirects followed; every status is an answer."""
        content = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.base + path, content, {"User-Agent": "Mozilla/5.0"})
        began = time.monotonic()
        try:
            with self.opener.open(request, timeout=30) as answer:
                status, text, headers = answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            status, text, headers = error.code, error.read().decode(), error.headers
        return Answer(status, text, headers, time.monotonic() - began)

    def sign_in(self) -> None:
        """Begin a session."""
        fields = self.fields("/sign-in", "/sign-in")
        self.ask("/sign-in", {**fields, "email": self.email, "password": makers.PASSWORD})

    def fields(self, path: str, action: str) -> dict[str, str]:
        """The hidden fields of the form on a page that posts to an address."""
        page = LexborHTMLParser(self.ask(path).text)
        form = next(f for f in page.css("form") if (f.attributes.get("action") or path).split("#")[0] == action)
        return {str(i.attributes["name"]): i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}

    def reply(self, path: str, words: str) -> Answer:
        """Answer in a topic."""
        action = f"{path}/posts"
        return self.ask(action, {**self.fields(f"{path}/reply", action), "body": words})


class Writer(Person, threading.Thread):
    """A member who answers without a pause, now and then reports what others wrote, and sends the same form again
    when no answer came. `share` of `of` is which posts are theirs to report: no post is reported by two."""

    def __init__(self, base: str, path: str, email: str, share: int, of: int) -> None:
        threading.Thread.__init__(self)
        Person.__init__(self, base, email)
        self.path, self.share, self.of = path, share, of
        self.acknowledged: list[str] = []
        self.reported: list[str] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        """Write until it is over."""
        number = 0
        self.sign_in()
        while not self.is_over.is_set():
            number += 1
            words = f"{self.email} says {number}"
            answer = self.reply(self.path, words)
            assert answer.status == 200
            self.acknowledged.append(words)
            self.report_one_of(REPORT.findall(answer.text))

    def report_one_of(self, paths: list[str]) -> None:
        """Report a post of one's share that one has not reported yet, where the page shows one."""
        mine = (path for path in paths if int(path.rpartition("/")[2]) % self.of == self.share)
        path = next((path for path in mine if path not in self.reported), None)
        page = self.ask(path) if path else None
        if path is None or page is None or f'action="{path}"' not in page.text:
            return  # one's own cannot be reported
        assert self.ask(path, {**page.fields(path), "reason": "other", "note": "For the test."}).status == 200
        self.reported.append(path)

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        """The answer, however often it takes: the form's own key makes a second try harmless."""
        give_up, last = time.monotonic() + 60, ""
        while time.monotonic() < give_up:
            try:
                answer = super().ask(path, fields)
                if answer.status < 500:
                    return answer
                last = answer.text
            except OSError as error:
                last = str(error)
            time.sleep(0.05)
        raise AssertionError(f"no answer for a minute but {last[-2000:]}")


@contextmanager
def running(folder: Path, *names: str, log: Path, **settings: str) -> Iterator[Running]:
    """The site with these programs, until the test is done; the end of its log shows where the test fails."""
    site = Running(folder, **settings)
    with log.open("ab") as site.errors:
        try:
            for name in names:
                site.start(name)
            if "serve" in names:
                site.await_answer(60)
            yield site
        except BaseException:
            print(log.read_text()[-5000:])  # noqa: T201
            raise
        finally:
            site.stop()


def prepared(folder: Path, app: Flask, asker: Member, writers: int) -> tuple[str, list[str]]:
    """A database with a topic and members, made through the test's own application, then copied."""
    path = makers.topic(makers.board("Talk"), asker, "A talk").path
    names = [f"Writer {letter}" for letter in "abcdefgh"[:writers]]
    emails = [str(makers.member(name).email) for name in names]
    copied(app, folder)
    return path, emails


def copied(app: Flask, folder: Path) -> None:
    """The test's own database, for a site of its own."""
    db.session.remove()
    folder.mkdir(exist_ok=True)
    with (
        closing(sqlite3.connect(Path(app.config["DATA_DIR"]) / "community.db")) as source,
        closing(sqlite3.connect(folder / "community.db")) as target,
    ):
        source.backup(target)


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What stands in the site's database."""
    with closing(sqlite3.connect(folder / "community.db")) as found:
        return found.execute(query).fetchall()


def stored(folder: Path, words: str) -> int:
    """How many posts of these words there are."""
    with closing(sqlite3.connect(folder / "community.db")) as found:
        return int(found.execute("SELECT count(*) FROM posts WHERE body = ?", (words,)).fetchone()[0])


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it does not become so"
        time.sleep(0.1)
