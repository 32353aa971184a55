"""Sixty days of one member, from week 20 until her child is five weeks old and has a sister of two: each time she
looks, at the page of the one or the other, what she is offered fits, is new to her, and says why."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.core import memory
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.members.models import Member
from community.personalisation.queries.candidates import OFTEN
from community.profiles import actions as profiles
from community.profiles.models import Child, ChildKind
from community.profiles.queries import Family, family_of
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers
from tests.personalisation.test_gate import may_come

EN, START = SITES["en"], date(2026, 11, 2)
FIRST, BIRTH, LAST, EVERY = -140, 2, 37, 3  # days from the due date; she looks in every third day
SISTER = 730  # days old at first
HOME = "/en/home"
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def shelves(app: Any) -> None:
    """Two articles for each week on the way, for each month of a child of two, and some for any time; and talk."""
    for day in range(-147, 70, 7):
        for number in (1, 2):
            makers.article(
                f"For week {day // 7 + 40}, {number}", site="en", stage=(day, day + 6), theme=f"Theme {number}"
            )
    for month in range(22, 34):
        makers.article(f"For month {month}", site="en", stage=(month * 30, month * 30 + 59), theme="Two years")
    for number in range(36):
        makers.article(f"For any time {number}", site="en", theme=f"Theme {3 + number % 4}")
    board, other = makers.board("Talk", site="en"), makers.member("Other", site="en")
    for number in range(12):
        makers.topic(board, other, f"Talk {number}")


def test_sixty_days_bring_nothing_expired_and_no_repeat_without_reason(
    shelves: None, browser_of: Any, record_property: Any
) -> None:
    start = START
    due, sister_born = start - timedelta(days=FIRST), start - timedelta(days=SISTER)
    sanne = makers.member("Sanne", site="en", consents=("personalisation",))
    with unit_of_work():
        pregnancy = profiles.add_child(sanne, ChildKind.PREGNANCY, due, None)
        sister = profiles.add_child(sanne, ChildKind.CHILD, None, sister_born, 0)
    as_sanne, read, seen = browser_of(sanne), set[str](), Counter[str]()
    days = range(FIRST, LAST + 1, EVERY)
    for day in days:
        today = due + timedelta(days=day)
        makers.go_to_noon(today)
        memory.forget_all()
        if day == min(one for one in days if one >= BIRTH):
            be_born(pregnancy, due + timedelta(days=BIRTH))
        is_sisters = day % 4 == 0
        shown = offered(as_sanne.see(f"{HOME}?child={sister.id}" if is_sisters else HOME))
        assert len(shown) == 6, (day, shown)
        expect_fitting(sanne, shown, today)
        assert not read & set(shown)
        assert all(reasons for reasons in shown.values())
        assert any(f"/for-{'month' if is_sisters else 'week'}" in path for path in shown), (day, shown)
        if day >= BIRTH:
            assert "You are in week" not in " ".join(shown.values())
        seen.update(list(shown))
        if day % 2:
            read.add(read_one(as_sanne, next(iter(shown))))
    assert len(days) == 60
    assert max(seen.values()) <= OFTEN
    record_property("items shown", len(seen))


def be_born(pregnancy: Child, born_on: date) -> None:
    with unit_of_work():
        child = db.session.get_one(Child, pregnancy.id)
        profiles.change_child(child, ChildKind.CHILD, None, born_on, 0)


def offered(page: HTMLParser) -> dict[str, str]:
    """What the page offers: each address with its reasons."""
    cards = page.css("[aria-labelledby=for-you] .item-card")
    return {
        str(card.css_first(".item-card__title a").attributes["href"]): card.css_first(".why__reasons").text(strip=True)
        for card in cards
    }


def expect_fitting(sanne: Member, shown: dict[str, str], today: date) -> None:
    db.session.rollback()
    family: Family = family_of(db.session.get_one(Member, sanne.id), today)
    for item in db.session.query(Item).filter(Item.path.in_(list(shown))):
        assert may_come(item, family), (today, item.title)


def read_one(browser: Any, path: str) -> str:
    item = db.session.query(Item).filter(Item.path == path).one()
    browser.see(path)
    browser.post("/read", data={"item": item.key, "seconds": 60, "share": 1}, headers=OURS)
    project()
    return path
