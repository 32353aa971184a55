"""What is new to a member: in lists, behind one link, until it was seen or called read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Board, BoardMark, Topic
from community.items import actions as items
from community.items.models import Post, ReadPosition
from community.members.models import Member
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]
BOARD = "/en/forums/sleep/"


@pytest.fixture
def board(app: Any, anna: Member, bob: Member) -> Board:
    """A board in English; what is written there is younger than our members."""
    clock.move_by(timedelta(minutes=1))
    return makers.board("Sleep", site="en")


@pytest.fixture
def topic(board: Board, bob: Member) -> Topic:
    """Bob asks."""
    return makers.topic(board, bob, "Awake at four")


def labels(reader: Browser, path: str = BOARD) -> list[str]:
    return [link.text() for link in reader.see(path).css("main .unread")]


def position(of: Member, topic: Topic) -> int | None:
    query = select(ReadPosition.number).where(ReadPosition.member_id == of.id, ReadPosition.item_id == topic.id)
    return db.session.scalar(query)


def press(reader: Browser, path: str) -> Any:
    return reader.post(path, data={"csrf_token": reader.token()})


def test_a_topic_is_new_until_it_was_seen_and_then_counts_what_came_after(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic
) -> None:
    assert labels(as_anna) == ["new"]
    as_anna.see(topic.path)
    assert position(anna, topic) == 1
    assert labels(as_anna) == []
    for _ in range(3):
        makers.reply(topic, bob)
    assert labels(as_anna) == ["3 new"]
    assert labels(as_anna, "/en/forums/") == ["3 new"]


def test_the_link_leads_to_the_first_unread_post_on_its_page(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic
) -> None:
    posts = [makers.reply(topic, bob) for _ in range(24)]
    as_anna.see(topic.path)
    assert position(anna, topic) == 20
    link = as_anna.see(BOARD).css_first("main .unread").attributes["href"]
    assert as_anna.get(link).headers["Location"] == f"{topic.path}?page=2#post-{posts[19].id}"
    as_anna.see(f"{topic.path}?page=2")
    assert as_anna.get(f"{topic.path}/unread").headers["Location"] == f"{topic.path}?page=2#post-{posts[-1].id}"


def test_going_back_to_an_earlier_page_forgets_nothing(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic
) -> None:
    for _ in range(24):
        makers.reply(topic, bob)
    as_anna.see(f"{topic.path}?page=2")
    as_anna.see(topic.path)
    assert position(anna, topic) == 25


def test_what_is_older_than_the_member_is_not_new(board: Board, bob: Member, topic: Topic, browser_of: Any) -> None:
    clock.move_by(timedelta(minutes=1))
    later = browser_of(makers.member("Late"))
    assert labels(later) == []
    clock.move_by(timedelta(minutes=1))
    reply = makers.reply(topic, bob)
    assert labels(later) == ["new"]
    assert later.get(f"{topic.path}/unread").headers["Location"].endswith(f"#post-{reply.id}")


def test_what_nobody_read_for_three_months_is_not_new(as_anna: Browser, topic: Topic) -> None:
    clock.move_by(timedelta(days=91))
    assert labels(as_anna) == []


@pytest.mark.parametrize("path", [f"{BOARD}read", "/en/forums/read"])
def test_one_press_calls_everything_read(as_anna: Browser, anna: Member, bob: Member, topic: Topic, path: str) -> None:
    for _ in range(2):
        assert as_anna.send(path, page=path.removesuffix("read")).status_code == 303
    assert labels(as_anna) == []
    assert len(db.session.scalars(select(BoardMark).where(BoardMark.member_id == anna.id)).all()) == 1
    clock.move_by(timedelta(minutes=1))
    makers.reply(topic, bob)
    assert labels(as_anna) == ["new"]


def test_lists_can_be_narrowed_to_what_is_new_and_to_where_one_wrote(
    as_anna: Browser, anna: Member, bob: Member, board: Board, topic: Topic
) -> None:
    mine = makers.topic(board, anna, "Mine, nameless", is_anonymous=True)
    as_anna.see(mine.path)
    for path in (BOARD, "/en/forums/"):
        titles = {
            show: [link.text() for link in as_anna.see(f"{path}?show={show}").css(".topic__title a")]
            for show in ("new", "mine")
        }
        assert titles == {"new": ["Awake at four"], "mine": ["Mine, nameless"]}, path


def test_a_club_is_new_to_its_members_alone(as_anna: Browser, as_bob: Browser, anna: Member, board: Board) -> None:
    club = makers.club(site="en", members=[anna])
    topic = makers.topic(makers.board(club=club, site="en"), anna, "Among us")
    assert "Among us" in as_anna.see("/en/forums/?show=mine").body.text()
    assert "Among us" not in as_bob.see("/en/forums/?show=new").body.text()
    assert as_bob.get(f"{topic.path}/unread").status_code == 404
    assert press(as_bob, f"/en/forums/club-{club.month}/read").status_code == 404


def test_a_visitor_has_nothing_new(visitor: Browser, topic: Topic) -> None:
    assert labels(visitor) == []
    assert visitor.get(f"{topic.path}/unread").status_code == 302
    assert visitor.post("/en/forums/read").status_code in (302, 400)
    assert visitor.get(f"{BOARD}?show=new").status_code == 404
    visitor.see(topic.path)
    assert db.session.scalar(select(ReadPosition)) is None


def test_what_comes_after_its_topic_or_member_is_gone_is_dropped(app: Any, anna: Member, topic: Topic) -> None:
    with unit_of_work():
        items.keep_positions(
            [
                {"member_id": 999, "item_id": topic.id, "number": 1},
                {"member_id": anna.id, "item_id": 999, "number": 1},
                {"member_id": anna.id, "item_id": topic.id, "number": 1},
            ]
        )
    assert [row.member_id for row in db.session.scalars(select(ReadPosition))] == [anna.id]


def test_what_is_new_costs_one_statement_for_any_number_of_topics(
    as_anna: Browser, board: Board, bob: Member, statements: Count
) -> None:
    costs = []
    for rows in (5, 20):
        for _ in range(rows):
            makers.topic(board, bob)
        costs.append([len(statements(lambda path=path: as_anna.see(path))) for path in (BOARD, f"{BOARD}?show=new")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8


def test_a_page_seen_again_writes_nothing(as_anna: Browser, topic: Topic, statements: Count) -> None:
    as_anna.see(topic.path)
    writes = [
        line for line in statements(lambda: as_anna.see(topic.path)) if "read_positions" in line and "INSERT" in line
    ]
    assert writes == []


def test_feeds_hold_what_everybody_may_read(visitor: Browser, anna: Member, board: Board, topic: Topic) -> None:
    club = makers.club(site="en", members=[anna])
    makers.topic(makers.board(club=club, site="en"), anna, "Among us")
    quiet = makers.board("Loss", site="en", is_quiet=True)
    makers.topic(quiet, anna, "Not offered")
    for path in ("/en/forums/feed.xml", "/en/forums/sleep/feed.xml"):
        answer = visitor.get(path)
        assert answer.content_type.startswith("application/rss+xml")
        assert "Awake at four" in answer.text
        assert "Among us" not in answer.text
        assert "Not offered" not in answer.text
    for path in ("/en/forums/loss/feed.xml", f"/en/forums/club-{club.month}/feed.xml", "/en/forums/none/feed.xml"):
        assert visitor.get(path).status_code == 404, path
    places = visitor.get("/sitemap.xml").text
    assert topic.path in places
    assert BOARD in places
    assert "club-" not in places
    assert db.session.scalars(select(Post)).first() is not None
