"""A database that somebody else holds: the writer keeps the words, readers notice nothing, it goes on by itself."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from community.core.db import db
from community.items.models import Post
from community.members.models import Member
from tests import makers
from tests.faults.people import Answer, Person, prepared, running, stored

pytestmark = pytest.mark.faults
HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("BEGIN IMMEDIATE")
print(1, flush=True)
input()
"""


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another program is in the middle of a write."""
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdin=pipe, stdout=pipe)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == b"1\n"
        yield
    finally:
        holder.kill()
        holder.communicate()


def test_a_locked_database_keeps_the_words_and_lets_others_read(app: Flask, anna: Member, tmp_path: Path) -> None:
    path, (email, *_) = prepared(tmp_path, app, anna, 2)
    words = "A long story of the night,\nin two lines & with <signs>."
    with running(tmp_path, "serve", log=tmp_path / "log") as site:
        writer, reader = Person(site.base, email), Person(site.base, "")
        writer.sign_in()
        fields = writer.fields(f"{path}/reply", f"{path}/posts")
        answers: list[Answer] = []
        with held(tmp_path / "community.db"):
            sending = threading.Thread(
                target=lambda: answers.append(writer.ask(f"{path}/posts", {**fields, "body": words}))
            )
            sending.start()
            pages = [reader.ask(path)]
            while sending.is_alive():
                pages.append(reader.ask(path))
                pages.append(Person(site.base, "").ask(f"{path}?page=1"))
            sending.join()
        refused = answers[0]
        assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
        assert "<signs>" not in refused.text
        assert {page.status for page in pages} == {200}
        assert max(page.seconds for page in pages) < 2
        assert stored(tmp_path, words) == 0
        again = refused.fields()
        assert again["body"] == words
        assert again["form_key"] == fields["form_key"]
        for _time in range(2):
            assert writer.ask(f"{path}/posts", again).status == 200
        assert stored(tmp_path, words) == 1
        assert "database is locked" in (tmp_path / "log").read_text()


def test_where_the_answer_of_a_commit_is_lost_what_is_stored_is_found(
    anna: Member, as_anna: Any, request: pytest.FixtureRequest
) -> None:
    topic = makers.topic(makers.board("Talk"), anna, "A talk")

    def lose_the_answer(_session: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("the connection broke"))

    reply = LexborHTMLParser(as_anna.get(f"{topic.path}/reply").text)
    form = next(f for f in reply.css("form") if f.attributes.get("action") == f"{topic.path}/posts")
    hidden = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
    session = db.session()
    event.listen(session, "after_commit", lose_the_answer)
    request.addfinalizer(lambda: event.remove(session, "after_commit", lose_the_answer))
    answer = as_anna.post(f"{topic.path}/posts", data={**hidden, "body": "Stored after all"})
    assert answer.status_code == 303
    assert answer.location.startswith(topic.path)
    assert db.session.query(Post).filter_by(body="Stored after all").count() == 1
