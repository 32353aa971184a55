"""What is chosen for a reader follows what they read and said, and says why; without consent it leaves no row."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Postbox
from tests.browser.test_her_week import register
from tests.running import Running

SLEEP = ("/en/articles/sleeping-on-your-side", "/en/articles/awake-at-four")
FOR_HER = "[aria-labelledby=for-you] .item-card"


def read_about_sleep(page: Page) -> None:
    for path in SLEEP:
        page.goto(path)
        expect(page.locator("main article").first).to_be_visible()
        page.wait_for_timeout(1_200)  # the beacon counts whole seconds


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_articles_on_sleep_bring_more_and_what_she_refuses_stays_away(
    open_page: Callable[..., Page], postbox: Postbox, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    register(page, postbox)
    read_about_sleep(page)
    page.goto("/en/home")
    told = page.locator(FOR_HER).filter(has_text="2 articles about sleep").first
    expect(told).to_have_count(1)
    title = str(told.locator("h3").text_content()).strip()

    told.locator("summary").click()
    told.get_by_role("button", name="Not this one").click()
    for _look in range(3):
        page.goto("/en/home")
        assert title not in page.locator(FOR_HER).all_text_contents()
        assert page.locator(FOR_HER).filter(has_text=title).count() == 0

    told = page.locator(FOR_HER).filter(has_text="about sleep").first
    if told.count():
        told.locator("summary").click()
        told.locator("button[value^='less:']").click()
    else:
        page.goto("/account/interests")
        page.locator("button[value^='less:']").first.click()
    page.goto("/en/home")
    assert page.locator(FOR_HER).filter(has_text="articles about sleep").count() == 0


def test_a_visit_without_consent_is_personal_and_leaves_no_row(open_page: Callable[..., Page], site: Running) -> None:
    page = open_page()
    page.goto("/en/consent")
    page.locator("main button[value=none]").first.click()
    before = rows_of_visitors(site)
    page.goto("/en/")
    expect(page.locator(FOR_HER)).to_have_count(0)
    read_about_sleep(page)
    page.goto("/en/")
    expect(page.locator(FOR_HER).first).to_contain_text("just now")
    assert rows_of_visitors(site) == before


def rows_of_visitors(site: Running) -> list[int]:
    """How much is kept of anybody who is no member."""
    with sqlite3.connect(Path(site.folder) / "community.db") as rows:  # type: ignore[attr-defined]
        asked = (
            "SELECT count(*) FROM touchpoints"
            " WHERE member_id IS NULL AND (visitor_id IS NOT NULL OR verb LIKE 'page.%')",
            "SELECT count(*) FROM reads WHERE person NOT LIKE 'm%'",
            "SELECT count(*) FROM shown WHERE person NOT LIKE 'm%'",
            "SELECT count(*) FROM trials WHERE person NOT LIKE 'm%'",
        )
        return [rows.execute(question).fetchone()[0] for question in asked]
