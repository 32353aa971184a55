"""A stranger writes first and registers after: the text survives registration, the mail and another browser."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from community.core import clock
from community.core.db import db
from community.forums.models import Board, Topic
from community.items.kept import forget_kept_texts
from community.items.models import KeptText, Post
from community.members.models import Member
from community.messages.models import Mail
from tests import makers
from tests.conftest import Browser

START = "/en/forums/sleep/start"
NEW = {"email": "cleo@example.org", "name": "Cleo", "password": "a quiet long evening"}


@pytest.fixture
def board(app: Any) -> Board:
    return makers.board("Sleep", site="en")


def next_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]


def test_a_question_survives_registration_in_another_browser(app: Flask, visitor: Browser, board: Board) -> None:
    door = visitor.send(START, {"title": "Awake at four", "body": "Every night."})
    assert (door.status_code, urlsplit(door.location).path) == (303, "/register")
    assert next_of(door.location).startswith(f"{START}?kept=")
    assert "kept for you" in visitor.see(door.location).text()
    path = urlsplit(door.location)
    visitor.send(f"{path.path}?{path.query}", NEW)
    body = db.session.query(Mail).order_by(Mail.id.desc()).first()
    link = re.search(r"(/confirm/[^\s?]+\?[^\s]+)", body.text)
    assert link
    other = app.test_client()
    form = other.send(link[1], page=link[1])  # type: ignore[attr-defined]
    assert form.location == next_of(door.location)
    page = other.see(form.location)  # type: ignore[attr-defined]
    assert page.css_first("input[name=title]").attributes["value"] == "Awake at four"
    assert page.css_first("textarea").text().strip() == "Every night."
    assert db.session.query(Topic).count() == 0  # nothing is posted before she says so
    posted = other.send(START, {"title": "Awake at four", "body": "Every night."}, page=form.location)  # type: ignore[attr-defined]
    topic = db.session.query(Topic).one()
    assert posted.location == topic.path
    assert "Cleo" in visitor.see(topic.path).text()
    assert db.session.query(KeptText).count() == 0


def test_an_answer_survives_signing_in(visitor: Browser, board: Board, anna: Member, bob: Member) -> None:
    topic = makers.topic(board, anna, "Nap")
    assert visitor.see(topic.path).css_first(f'a.btn[href="{topic.path}/reply"]') is not None
    door = visitor.send(f"{topic.path}/posts", {"body": "Forty minutes."}, page=f"{topic.path}/reply")
    back = next_of(door.location)
    assert back.startswith(f"{topic.path}/reply?kept=")
    sign_in = visitor.see(door.location).css_first('main a[href^="/sign-in"]').attributes["href"]
    entered = visitor.send(sign_in, {"email": bob.email, "password": makers.PASSWORD})
    assert entered.location == back
    answered = visitor.send(f"{topic.path}/posts", {"body": "Forty minutes."}, page=back)
    assert answered.status_code == 303
    assert db.session.query(Post).order_by(Post.id.desc()).first().author_id == bob.id


def test_kept_words_are_posted_once(visitor: Browser, as_bob: Browser, as_anna: Browser, board: Board) -> None:
    back = next_of(visitor.send(START, {"title": "Once", "body": "Only once."}).location)
    token = parse_qs(urlsplit(back).query)["kept"][0]
    words = {"title": "Once", "body": "Only once.", "kept": token}
    assert as_bob.send(START, words, page=back).status_code == 303
    second = as_anna.send(START, words, page=START)
    assert second.status_code == 422
    assert "Only once." in second.text
    assert db.session.query(Topic).count() == 1


def test_only_the_token_finds_the_words_and_the_row_holds_its_digest(
    visitor: Browser, as_bob: Browser, board: Board
) -> None:
    back = next_of(visitor.send(START, {"title": "Mine", "body": "Only mine."}).location)
    token = parse_qs(urlsplit(back).query)["kept"][0]
    assert db.session.query(KeptText).one().digest != token
    assert "Only mine." not in as_bob.see(f"{START}?kept=other").text()
    assert "Only mine." not in as_bob.see(f"{START}?kept={token[:-1]}").text()
    answer = as_bob.get(back)
    assert "Only mine." in answer.text
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_words_that_nobody_came_back_for_are_forgotten(visitor: Browser, board: Board) -> None:
    visitor.send(START, {"title": "Mine", "body": "Only mine."})
    clock.move_by(timedelta(days=6))
    forget_kept_texts()
    assert db.session.query(KeptText).count() == 1
    clock.move_by(timedelta(days=2))
    forget_kept_texts()
    assert db.session.query(KeptText).count() == 0


def test_mistakes_are_told_before_anything_is_kept(visitor: Browser, board: Board) -> None:
    assert visitor.send(START, {"title": "", "body": "Words"}).status_code == 422
    assert db.session.query(KeptText).count() == 0


def test_a_stranger_writes_into_no_club_and_no_closed_topic(visitor: Browser, board: Board, anna: Member) -> None:
    club = makers.board(club=makers.club(site="en", members=[anna]), site="en")
    assert visitor.get(f"/en/forums/{club.slug}/start").status_code == 404
    assert visitor.get("/en/forums/nothing/start").status_code == 404
