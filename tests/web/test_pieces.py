"""Pieces of pages that each process keeps: never out of date, whoever changed what they show, and nobody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from community.core.db import db, unit_of_work
from community.forums.models import Board, Topic
from community.items.models import Item, Post, State
from community.members.models import Member
from community.operations.actions.leaving import erase
from community.web.pieces import TOKEN
from tests import makers
from tests.conftest import Browser


@pytest.fixture
def board(app: Any) -> Board:
    return makers.board("Sleep", site="en")


@pytest.fixture
def topic(board: Board, anna: Member) -> Topic:
    return makers.topic(board, anna, "How long is a nap?", "Ours sleeps ten minutes.")


@pytest.fixture
def answer(topic: Topic, anna: Member) -> Post:
    return makers.reply(topic, anna, "It gets better.")


def elsewhere(model: Any, row_id: int, **values: Any) -> None:
    """A change by rows alone, as another process makes it: nothing in this one hears of it."""
    with unit_of_work():
        db.session.execute(update(model).where(model.id == row_id).values(**values))


def tokens(page: str) -> set[str]:
    """The tokens in the forms of a page."""
    return set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page))


def test_a_writer_with_a_new_name_has_it_wherever_they_wrote(
    as_bob: Browser, anna: Member, board: Board, topic: Topic, answer: Post
) -> None:
    for path in (board.path, topic.path):
        assert "Anna" in as_bob.get(path).text
    elsewhere(Member, anna.id, name="Annabel Vos")
    for path in (board.path, topic.path):
        assert "Annabel Vos" in as_bob.get(path).text
        assert not re.search(r"\bAnna\b", as_bob.get(path).text)


def test_a_line_of_a_list_says_what_holds_now(as_bob: Browser, board: Board, topic: Topic) -> None:
    assert "Sleep" in as_bob.get(board.path).text
    elsewhere(Item, topic.id, title="How long is a nap at six months?", post_count=8, is_pinned=True)
    line = as_bob.see(board.path).css_first(".topic").text()
    assert "How long is a nap at six months?" in line
    assert "7 answers" in line
    assert "On top" in line


def test_words_that_changed_are_there_on_the_next_page(as_bob: Browser, topic: Topic, answer: Post) -> None:
    assert "It gets better." in as_bob.get(topic.path).text
    elsewhere(Post, answer.id, body="It got better.", body_html="<p>It got better.</p>")
    page = as_bob.get(topic.path).text
    assert "It got better." in page
    assert "It gets better." not in page


@pytest.mark.parametrize("state", [State.HELD, State.HIDDEN, State.DELETED])
def test_what_was_shown_before_is_shown_no_more_once_it_is_taken_away(
    as_bob: Browser, topic: Topic, answer: Post, state: State
) -> None:
    assert "It gets better." in as_bob.get(topic.path).text
    elsewhere(Post, answer.id, state=state)
    assert "It gets better." not in as_bob.get(topic.path).text
    elsewhere(Post, answer.id, state=State.LIVE)
    assert "It gets better." in as_bob.get(topic.path).text


def test_who_left_stands_on_no_page_that_follows(
    as_bob: Browser, visitor: Browser, anna: Member, board: Board, topic: Topic, answer: Post
) -> None:
    for reader in (as_bob, visitor):
        assert "Anna" in reader.get(topic.path).text + reader.get(board.path).text
    with unit_of_work():
        erase(db.session.get_one(Member, anna.id), with_posts=False)
    for reader in (as_bob, visitor):
        assert "Anna" not in reader.get(topic.path).text + reader.get(board.path).text


def test_thanks_count_for_all_and_are_pressed_for_one(
    as_bob: Browser, browser_of: Callable[[Any], Browser], topic: Topic, answer: Post
) -> None:
    as_cleo, thank = browser_of(makers.member("Cleo")), f"/en/posts/{answer.id}/thank"
    for reader in (as_bob, as_cleo):
        reader.see(topic.path)
    as_bob.send(thank, {"thanks": "yes"}, page=topic.path)
    for reader, pressed in ((as_bob, "true"), (as_cleo, "false")):
        post = reader.see(topic.path).css_first(f"#post-{answer.id}")
        assert post.css_first("[name=thanks]").attributes["aria-pressed"] == pressed
        assert post.css_first(".post__thanks").text() == "1 thanks"


def test_rights_and_tokens_of_one_reader_reach_no_other(
    as_anna: Browser, as_bob: Browser, visitor: Browser, topic: Topic, answer: Post
) -> None:
    pages = [reader.get(topic.path).text for reader in (as_anna, as_bob, as_anna, as_bob, visitor)]
    assert [f"/en/forums/posts/{answer.id}/edit" in page for page in pages] == [True, False, True, False, False]
    assert [TOKEN in page for page in pages] == [False] * 5
    of_anna, of_bob = tokens(pages[0]) | tokens(pages[2]), tokens(pages[1]) | tokens(pages[3])
    assert of_anna
    assert of_bob
    assert not of_anna & of_bob
    assert tokens(pages[4]) == set()


def test_each_language_has_its_own_words(as_bob: Browser, visitor: Browser, topic: Topic, anna: Member) -> None:
    dutch = makers.topic(makers.board("Slapen"), anna, "Hoe lang?", "Tien minuten.")
    assert "Report" in visitor.get(topic.path).text
    page = visitor.get(dutch.path).text
    assert "Report" not in page
    assert "Melden" in page


def test_what_somebody_typed_stays_text(as_bob: Browser, board: Board, anna: Member) -> None:
    makers.topic(board, anna, "<b>Bold</b> & {{ 7 * 7 }}")
    page = as_bob.get(board.path).text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; {{ 7 * 7 }}" in page
