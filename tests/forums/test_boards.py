"""Boards: which are listed to whom, their topics in order, page by page and beyond."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Board, Topic
from community.forums.queries import boards as queries
from community.forums.queries.boards import Shelf
from community.items import actions as items
from community.items.models import Stance, State
from community.members.models import Member, Visitor
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def board(app: Any) -> Board:
    return makers.board("Sleep", site="en", description="Nights, naps and who gets up.")


def titles(page: Any) -> list[str]:
    return [title.text() for title in page.css("main ol .topic__title")]


def fill(board: Board, by: Member, count: int) -> None:
    """Topics as rows alone, each a minute older than the one before."""
    now = clock.now()
    with unit_of_work():
        for number in range(count):
            at = now - timedelta(minutes=number)
            topic = Topic(
                site=board.site,
                title=f"Topic {number}",
                slug=f"t-{number}",
                path=f"/en/forums/topics/t-{number}",
                state=State.LIVE,
                author_id=by.id,
                created_at=at,
                changed_at=at,
                published_at=at,
                active_at=at,
                post_count=1,
                tags=[],
            )
            items.place(topic, db.session.get_one(Board, board.id))
            db.session.add(topic)


def test_boards_say_what_is_talked_about(visitor: Browser, board: Board, anna: Member) -> None:
    topic = makers.topic(board, anna, "Awake at four")
    page = visitor.see("/en/forums/")
    assert [title.text() for title in page.css(".board__title")] == ["Sleep"]
    assert "1 conversation" in page.css_first(".board").text()
    assert page.css_first(".board__line a").attributes["href"] == topic.path
    assert page.css_first("aside .topic__title").text() == "Awake at four"


def test_a_clubs_talk_and_other_sites_are_not_listed(as_anna: Browser, visitor: Browser, anna: Member) -> None:
    club = makers.board("Ours", site="en", club=makers.club(site="en", members=[anna]))
    makers.topic(club, anna, "Between us")
    makers.topic(makers.board("Slapen", site="nl"), anna, "Wakker")
    for reader in (as_anna, visitor):
        assert "Between us" not in reader.see("/en/forums/").text()
        assert "Wakker" not in reader.see("/en/forums/").text()


def test_a_quiet_board_is_found_and_offers_nothing(visitor: Browser, anna: Member) -> None:
    quiet = makers.board("When it goes wrong", site="en", is_quiet=True)
    makers.topic(quiet, anna, "Three weeks ago")
    page = visitor.see("/en/forums/")
    assert "When it goes wrong" in page.text()
    assert "Three weeks ago" not in page.text()
    assert titles(visitor.see(quiet.path)) == ["Three weeks ago"]


def test_after_something_changed_no_board_names_a_week(as_anna: Browser, anna: Member) -> None:
    weeks = makers.board("Third trimester", site="en", stage_from=-84, stage_to=0)
    makers.topic(weeks, anna, "Bag packed?")
    assert "Third trimester" in as_anna.see("/en/forums/").text()
    with unit_of_work():
        db.session.get_one(Member, anna.id).guarded_since = clock.now()
    page = as_anna.see("/en/forums/").text()
    assert "Third trimester" not in page
    assert "Bag packed?" not in page


def test_pinned_topics_come_first_then_where_somebody_wrote_last(
    visitor: Browser, board: Board, anna: Member, bob: Member
) -> None:
    first, second, third = (makers.topic(board, anna, title) for title in ("One", "Two", "Three"))
    makers.reply(first, bob)
    with unit_of_work():
        db.session.get_one(Topic, second.id).is_pinned = True
    assert titles(visitor.see(board.path)) == ["Two", "One", "Three"]
    assert "last by Bob" in visitor.see(board.path).text()


def test_without_an_answer_and_mine(as_bob: Browser, visitor: Browser, board: Board, anna: Member, bob: Member) -> None:
    answered, named = makers.topic(board, anna, "Answered"), makers.topic(board, anna, "Alone")
    makers.reply(answered, bob, is_anonymous=True)
    assert titles(visitor.see(f"{board.path}?show=unanswered")) == ["Alone"]
    assert titles(as_bob.see(f"{board.path}?show=mine")) == ["Answered"]
    assert visitor.get(f"{board.path}?show=mine").status_code == 404
    assert visitor.get(f"{board.path}?show=other").status_code == 404
    assert named.title == "Alone"


def test_what_one_muted_is_out_of_the_list(
    as_bob: Browser, board: Board, anna: Member, bob: Member, moderator: Member
) -> None:
    muted, other = makers.topic(board, anna, "Muted"), makers.topic(board, moderator, "Of a person")
    with unit_of_work():
        me = db.session.get_one(Member, bob.id)
        items.follow(me, db.session.get_one(Topic, muted.id), Stance.MUTE)
        items.follow(me, db.session.get_one(Member, moderator.id), Stance.BLOCK)
    makers.topic(board, anna, "Stays")
    assert titles(as_bob.see(board.path)) == ["Stays"]
    assert other.title not in as_bob.see("/en/forums/").text()


def test_a_deep_board_goes_on_by_before(visitor: Browser, board: Board, anna: Member) -> None:
    fill(board, anna, 2_030)
    page = visitor.see(f"{board.path}?page=100")
    assert titles(page)[-1] == "Topic 1999"
    older = page.css_first('a.btn[rel="next"]').attributes["href"]
    page = visitor.see(older)
    assert (titles(page)[0], titles(page)[-1]) == ("Topic 2000", "Topic 2019")
    last = visitor.see(page.css_first('a.btn[rel="next"]').attributes["href"])
    assert titles(last)[-1] == "Topic 2029"
    assert last.css_first('a.btn[rel="next"]') is None
    assert visitor.get(f"{board.path}?page=101").status_code == 404
    assert visitor.get(f"{board.path}?before=999999").status_code == 404


@pytest.mark.only_on("sqlite")
def test_lists_are_found_in_the_index_alone_and_only_what_is_shown_is_sorted(
    board: Board, anna: Member, statements: Count
) -> None:
    fill(board, anna, 30)
    for reader in (Visitor(), anna):
        shelf = Shelf(board, reader)
        cursor = queries.topics_on(shelf, 0, 1)[0].id
        asked = [
            lambda shelf=shelf: queries.count_on(shelf, 2_001),
            lambda shelf=shelf: queries.topics_on(shelf, 20, 21),
            lambda shelf=shelf, cursor=cursor: queries.topics_before(shelf, cursor, 21),
        ]
        for ask in asked:
            (statement,) = statements(ask)
            rows = db.session.execute(text(f"EXPLAIN QUERY PLAN {statement.replace('?', '1')}")).all()
            plan = " / ".join(row.detail for row in rows)
            assert "COVERING INDEX ix_items_collected" in plan, plan
            assert not [row for row in rows if "TEMP B-TREE" in row.detail and row.parent], plan


def test_a_board_whose_number_is_kept_is_not_counted(board: Board, anna: Member, bob: Member) -> None:
    fill(board, anna, 3)
    muted = makers.topic(board, anna)
    with unit_of_work():
        items.follow(db.session.get_one(Member, bob.id), db.session.get_one(Topic, muted.id), Stance.MUTE)
    assert queries.standing_on(board, bob).has_refused
    assert not queries.standing_on(board, anna).has_refused
    assert queries.count_on(Shelf(board, bob), 2_001) == 3
    assert queries.count_on(Shelf(db.session.get_one(Board, board.id), anna, is_whole=True), 2_001) == 4


@pytest.mark.parametrize("path", ["/en/forums/", "/en/forums/sleep/"])
def test_a_list_costs_as_much_with_many_topics_as_with_few(
    as_bob: Browser, visitor: Browser, board: Board, anna: Member, statements: Count, path: str
) -> None:
    costs = []
    for count in (5, 45):
        for _number in range(count):
            makers.topic(board, anna)
        as_bob.see(path)
        costs.append(
            (len(statements(lambda: as_bob.see(path))), len(statements(lambda c=count: visitor.see(f"{path}?a={c}"))))
        )
    assert costs[0] == costs[1]
    assert costs[0][0] <= 8
    assert costs[0][1] <= 5
