"""The front page for all: what is new and read, a way in by date, old addresses; shared only where it may be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, State
from community.members.models import Member
from community.personalisation.models import Read
from community.profiles import actions as profiles
from community.profiles.queries import children_of
from community.touchpoints.actions import project
from community.touchpoints.models import Touchpoint
from tests import makers
from tests.shop import makers as shop

FRONT = "/en/"
FROM_US = {"Sec-Fetch-Site": "same-origin"}
WEEK_24 = (-119, -92)


def article(title: str, **fields: Any) -> Any:
    return makers.article(title, site="en", **fields)


def words(page: Any) -> str:
    return " ".join(page.css_first("main").text(separator=" ").split())


def titles(page: Any, section: str) -> list[str]:
    return [link.text().strip() for link in page.css(f"[aria-labelledby={section}] li a") if link.text().strip()]


@pytest.mark.parametrize(
    ("path", "language", "leads_to"),
    [("/", "nl", "/nl/"), ("/", "de-DE,en;q=0.8", "/en/"), ("/?site=nl", "en", "/nl/"), ("/?p=99", "en", "/en/")],
)
def test_the_bare_address_leads_to_a_site(visitor: Any, path: str, language: str, leads_to: str) -> None:
    answer = visitor.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, answer.location) == (302, leads_to)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("old", ["/?p=12", "/?page_id=12"])
def test_an_old_address_leads_to_its_item(visitor: Any, old: str) -> None:
    item = article("Moved")
    with unit_of_work():
        items.remember_address(db.session.get_one(Item, item.id), old)
    answer = visitor.get(old, headers={"Accept-Language": "nl"})
    assert (answer.status_code, answer.location) == (301, "/en/articles/moved")


def test_the_front_page_shows_the_latest_by_subject_and_what_is_said(visitor: Any, anna: Any) -> None:
    item = article("Night", theme="Sleep")
    article("Draft", state=State.DRAFT)
    makers.comment(item, anna, "A pillow **helped** me")
    page = visitor.see(FRONT)
    assert titles(page, "latest") == ["Night"]
    assert titles(page, "subjects") == ["Sleep", "Night"]
    assert "A pillow helped me" in words(page)
    assert "Draft" not in words(page)
    assert len(page.css(".tape__step")) == 10


def test_what_is_read_most_stands_first(visitor: Any) -> None:
    one, two = article("One"), article("Two")
    for number in range(3):
        makers.read((one, two, two)[number], makers.member(consents=("personalisation",)))
    project()
    assert titles(visitor.see(FRONT), "most-read") == ["Two", "One"]


def test_what_is_no_article_is_marked_among_what_is_read_most(visitor: Any, anna: Any) -> None:
    for item in (shop.product("A sling", site="en"), article("A night")):
        makers.read(item, makers.member(consents=("personalisation",)))
    project()
    lines = {
        line.css_first("a").text(): line.text() for line in visitor.see(FRONT).css("[aria-labelledby=most-read] li")
    }
    assert "Product" in lines["A sling"]
    assert "Article" not in lines["A night"]


def test_an_empty_site_says_so(visitor: Any) -> None:
    assert "Nothing stands here yet" in words(visitor.see(FRONT))


@pytest.mark.parametrize(
    ("days", "leads_to"),
    [(112, "pregnancy/24"), (0, "pregnancy/40"), (290, "pregnancy/4"), (-10, "pregnancy/41"), (-200, "child/6")],
)
def test_a_date_leads_to_the_calendar_and_is_kept_nowhere(visitor: Any, days: int, leads_to: str) -> None:
    day = clock.today("Europe/London") + timedelta(days=days)
    answer = visitor.post(f"{FRONT}due", data={"due": day.isoformat()}, headers=FROM_US)
    assert (answer.status_code, answer.location) == (302, f"{FRONT}{leads_to}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert db.session.query(Touchpoint).count() == 0


def test_without_a_date_the_way_leads_to_joining(visitor: Any) -> None:
    assert visitor.post(f"{FRONT}due", headers=FROM_US).location == "/register?site=en"


@pytest.mark.parametrize("typed", ["2026-02-31", "soon", "2031-01-01", "1990-01-01", "<script>", "9" * 5000])
def test_a_date_that_cannot_be_is_answered_in_words(visitor: Any, typed: str) -> None:
    answer = visitor.post(f"{FRONT}due", data={"due": typed}, headers=FROM_US)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text
    assert "Error:" not in visitor.get(FRONT).text


def test_a_visitor_without_consent_shares_the_page_and_leaves_nothing(visitor: Any) -> None:
    path = article("Night", theme="Sleep").path
    visitor.set_cookie("consent", "n")
    visitor.see(path)
    project()
    answer = visitor.get(FRONT)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["ETag"]
    assert "For you" not in answer.text
    assert db.session.query(Read).count() == 0


def test_a_visitor_with_consent_is_shown_what_the_reading_tells(visitor: Any) -> None:
    path = article("Night", theme="Sleep").path
    article("Naps", theme="Sleep")
    for number in range(6):
        article(f"Other {number}", theme=f"Theme {number}")
    visitor.set_cookie("consent", "p")
    visitor.set_cookie("visitor", "abc")
    visitor.see(path)
    project()
    answer = visitor.get(FRONT)
    assert [row.person for row in db.session.query(Read)] == ["vabc"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "You read 1 article about sleep this month." in answer.text
    visitor.delete_cookie("visitor")
    visitor.delete_cookie("consent")
    assert "You read" not in visitor.get(FRONT).text


def test_a_guarded_member_finds_no_tape_no_date_and_no_range(browser_of: Callable[[Any], Any]) -> None:
    member = makers.member("Sanne", site="en")
    makers.pregnancy(member)
    hearing = article("Hearing", stage=WEEK_24, theme="Growing")
    article("A walk", theme="Family")
    makers.comment(hearing, makers.member("Fenna", site="en"), "It kicks")
    with unit_of_work():
        found = db.session.get_one(Member, member.id)
        profiles.stop(found, children_of(found))
    browser = browser_of(member)
    for _ in range(2):
        page = browser.see(FRONT)
        assert page.css(".tape") == page.css("input[name=due]") == []
        assert "A walk" in words(page)
        assert not any(word in words(page) for word in ("Hearing", "kicks", "Growing", "week"))
        clock.move_by(timedelta(days=60))


def test_a_change_is_seen_at_once(visitor: Any) -> None:
    article("One")
    visitor.see(FRONT)
    article("Two")
    assert titles(visitor.see(FRONT), "latest") == ["Two", "One"]


def test_statements_do_not_grow_with_the_rows(
    visitor: Any, browser_of: Callable[[Any], Any], statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    reader = makers.member("Cleo", consents=("personalisation",))
    consenting = browser_of(reader).application.test_client()
    consenting.set_cookie("consent", "p")
    consenting.set_cookie("visitor", "abc")
    browsers = (visitor, consenting, browser_of(reader))
    counts = []
    for rows in (5, 50):
        for number in range(rows):
            item = article(f"{rows} {number}", theme=f"Theme {number % 5}")
            makers.comment(item, reader)
            makers.read(item, reader)
        project()
        for browser in browsers:
            browser.get(FRONT)  # what all readers find is kept until something changes
        counts.append([len(statements(lambda b=browser: b.get(FRONT))) for browser in browsers])
    assert counts == [[1, 4, 4]] * 2  # one of them keeps what was shown, after the answer
