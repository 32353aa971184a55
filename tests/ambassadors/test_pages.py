"""The programme, one's own page and who sees what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.ambassadors.actions import ledger
from community.ambassadors.models import Ambassador, EntryState, PointEntry
from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Topic
from community.members.models import Member
from tests import makers
from tests.ambassadors.conftest import join, later, standing, thank
from tests.conftest import Browser

AsMember = Callable[[Member], Browser]


def given(to: Member, points: int = 10, ago: timedelta = timedelta(days=3)) -> None:
    """A line that was given some days ago."""
    at = clock.now() - ago
    with unit_of_work():
        line = PointEntry(member_id=to.id, points=points, reason="accepted", at=at, due_at=at, state=EntryState.GIVEN)
        db.session.add(line)


def seen_on_board(browser: Browser, of: Member, is_shown: bool) -> None:
    fields = {"is_on_board": "y"} if is_shown else {}
    assert browser.send("/account/ambassador/board", fields, page="/account/ambassador").status_code == 303
    assert db.session.get_one(Ambassador, of.id).is_on_board is is_shown


def test_the_programme_says_its_rules_with_their_numbers(visitor: Browser) -> None:
    text = visitor.see("/en/ambassadors/").text()
    assert "Points are given after 48 hours" in text
    assert "The same for one star as for five" in text or "the same for one star as for five" in text
    assert "from 2000 points" in text
    assert "Become a member first" in text


def test_a_member_joins_and_leaves_with_one_press_each(anna: Member, as_anna: Browser) -> None:
    answer = as_anna.send("/account/ambassador/join", page="/nl/ambassadors/")
    assert (answer.status_code, answer.location) == (303, "/account/ambassador")
    code = db.session.get_one(Ambassador, anna.id).code
    assert f"http://localhost/nl/r/{code}" in as_anna.see("/account/ambassador").text()
    assert standing(anna).tier == "friend"
    as_anna.send("/account/ambassador/leave", page="/account/ambassador")
    assert code not in as_anna.see("/account/ambassador").text()
    as_anna.send("/account/ambassador/join", page="/account/ambassador")
    assert db.session.get_one(Ambassador, anna.id).code == code


def test_an_ambassador_is_told_what_lapses_soon(otto: Member, app: Any, browser_of: AsMember) -> None:
    given(otto, 10, ago=timedelta(days=3))
    given(otto, 7, ago=timedelta(days=340))
    with unit_of_work():
        ledger.keep_balances([otto.id])
    text = browser_of(otto).see("/account/ambassador").text()
    assert "7 punten vervallen binnen een maand" in text


def test_who_may_not_write_may_not_join(anna: Member, as_anna: Browser) -> None:
    with unit_of_work():
        db.session.get_one(Member, anna.id).muted_until = clock.now() + timedelta(days=1)
    as_anna.send("/account/ambassador/join", page="/account/ambassador")
    assert db.session.get(Ambassador, anna.id) is None


def test_leaving_what_one_is_not_in_is_not_found(as_anna: Browser) -> None:
    assert as_anna.post("/account/ambassador/leave", data={"csrf_token": as_anna.token()}).status_code == 404


def test_ones_own_page_tells_how_each_point_came(otto: Member, bob: Member, topic: Topic, browser_of: AsMember) -> None:
    thank(makers.reply(topic, otto), bob)
    later()
    page = browser_of(otto).see("/account/ambassador")
    text = " ".join(page.text().split())
    assert topic.title in text
    assert "98" in text  # points that are missing to the next step


def test_a_ledger_names_no_week_after_the_one_stop(
    otto: Member, bob: Member, vera: Member, browser_of: AsMember
) -> None:
    board = makers.board("Week 24", stage_from=-112, stage_to=-106)
    weekly = makers.topic(board, vera, "Heartburn in week 24")
    thank(makers.reply(weekly, otto), bob)
    later()
    with unit_of_work():
        db.session.get_one(Member, otto.id).guarded_since = clock.now()
    own = browser_of(otto).get("/account/ambassador").text
    assert ("Heartburn" in own) is (weekly.stage_from is None)


def test_only_who_chose_it_stands_on_the_board_and_a_visitor_sees_it_at_once(
    otto: Member, anna: Member, visitor: Browser, browser_of: AsMember
) -> None:
    join(anna)
    given(otto)
    given(anna)
    assert "Otto" not in visitor.get("/nl/ambassadors/").text
    own = browser_of(otto)
    seen_on_board(own, otto, is_shown=True)
    text = visitor.get("/nl/ambassadors/").text
    assert ("Otto" in text, "Anna" in text) == (True, False)
    assert "Otto" not in visitor.get("/en/ambassadors/").text
    seen_on_board(own, otto, is_shown=False)
    assert "Otto" not in visitor.get("/nl/ambassadors/").text


def test_the_board_counts_thirty_days(otto: Member, visitor: Browser, browser_of: AsMember) -> None:
    given(otto, 500, timedelta(days=31))
    seen_on_board(browser_of(otto), otto, is_shown=True)
    assert "Otto" not in visitor.get("/nl/ambassadors/").text


def test_pages_cost_the_same_however_much_they_show(
    otto: Member, bob: Member, topic: Topic, browser_of: AsMember, visitor: Browser, statements: Any
) -> None:
    own = browser_of(otto)

    def of_lines(count: int) -> tuple[int, int]:
        for _number in range(count):
            thank(makers.reply(topic, otto), bob)
            other = makers.member()
            join(other)
            given(other)
            with unit_of_work():
                db.session.get_one(Ambassador, other.id).is_on_board = True
        later()
        public = f"/nl/ambassadors/?{makers.number()}"
        return len(statements(lambda: own.get("/account/ambassador"))), len(statements(lambda: visitor.get(public)))

    own.get("/account/ambassador")
    assert of_lines(3) == of_lines(9)
