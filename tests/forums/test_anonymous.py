"""An anonymous parent: one name in one conversation, and nothing that leads to the member."""

from typing import Any

import pytest

from community.core.db import db
from community.forums.models import Board, Topic
from community.items.models import Post, Pseudonym
from community.members.models import Member
from community.touchpoints.models import Touchpoint
from tests import makers
from tests.conftest import Browser

START = "/en/forums/sleep/start"


@pytest.fixture
def board(app: Any) -> Board:
    return makers.board("Sleep", site="en")


def begin(reader: Browser) -> Topic:
    reader.send(START, {"title": "Nobody may know", "body": "It is hard.", "anonymous": "y"})
    return db.session.query(Topic).one()


def test_no_page_names_who_wrote_it(
    as_anna: Browser, as_bob: Browser, visitor: Browser, board: Board, anna: Member
) -> None:
    topic = begin(as_anna)
    as_anna.send(f"{topic.path}/posts", {"body": "Still hard.", "anonymous": "y"}, page=topic.path)
    for path in (topic.path, board.path, "/en/forums/", "/en/"):
        for reader in (visitor, as_bob):
            page = reader.get(path).text
            assert "Anna" not in page
            assert anna.path not in page
            assert f'"{anna.key}"' not in page
    assert visitor.see(topic.path).text().count("Anonymous parent 1") >= 2
    profile = as_bob.see(anna.path).text()
    assert "It is hard" not in profile
    assert "Nobody may know" not in profile


def test_no_row_but_the_pseudonym_joins_it_to_the_member(as_anna: Browser, board: Board, anna: Member) -> None:
    topic = begin(as_anna)
    post = db.session.query(Post).one()
    assert (topic.author_id, post.author_id) == (None, None)
    assert db.session.query(Pseudonym).one().member_id == anna.id
    told = db.session.query(Touchpoint).filter_by(about=topic.key).all()
    assert {touchpoint.member_id for touchpoint in told if touchpoint.verb != "page_read"} <= {None}


def test_each_has_one_name_in_a_topic_and_another_in_the_next(board: Board, anna: Member, bob: Member) -> None:
    topic = makers.topic(board, anna, is_anonymous=True)
    names = [makers.reply(topic, member, is_anonymous=True).author_name for member in (bob, anna, bob)]
    assert names == ["Anonymous parent 2", "Anonymous parent 1", "Anonymous parent 2"]
    other = makers.topic(board, bob, is_anonymous=True)
    assert other.author_name == "Anonymous parent 1"


def test_who_began_anonymously_stays_so_unless_they_say_otherwise(as_anna: Browser, board: Board, bob: Member) -> None:
    topic = begin(as_anna)
    assert "checked" in as_anna.see(topic.path).css_first("[name=anonymous]").attributes
    assert "checked" in as_anna.see(f"{topic.path}/reply").css_first("[name=anonymous]").attributes
    as_anna.send(f"{topic.path}/posts", {"body": "It is me."}, page=topic.path)
    assert db.session.query(Post).order_by(Post.id.desc()).first().author_id is not None
    assert "checked" not in as_anna.see(START).css_first("[name=anonymous]").attributes


def test_its_writer_changes_and_deletes_it_and_nobody_else(as_anna: Browser, as_bob: Browser, board: Board) -> None:
    topic = begin(as_anna)
    post = db.session.query(Post).one()
    path = f"/en/forums/posts/{post.id}"
    assert as_bob.get(f"{path}/edit").status_code == 403
    as_anna.send(f"{path}/edit", {"title": "Nobody may know", "body": "It is better now."})
    assert "better now" in as_bob.see(topic.path).text()
    assert "Anna" not in as_bob.see(topic.path).text()
    as_anna.send(f"{path}/delete", page=topic.path)
    assert as_bob.get(topic.path).status_code == 404


def test_a_held_anonymous_topic_is_its_writers_to_see(as_anna: Browser, as_bob: Browser, board: Board) -> None:
    as_anna.send(START, {"title": "With a link", "body": "https://example.org", "anonymous": "y"})
    topic = db.session.query(Topic).one()
    assert "With a link" in as_anna.see(board.path).text()
    assert as_anna.get(topic.path).status_code == 200
    assert as_bob.get(topic.path).status_code == 404


def test_mine_knows_what_i_wrote_without_a_name(as_anna: Browser, as_bob: Browser, board: Board) -> None:
    begin(as_anna)
    assert "Nobody may know" in as_anna.see(f"{board.path}?show=mine").text()
    assert as_bob.see(f"{board.path}?show=mine").css_first(".topic") is None
