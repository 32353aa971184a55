"""A parent registers, finds her week, reads, and is heard when something changes."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from community.core import clock
from tests.browser.conftest import Postbox

_numbers = itertools.count(1)
PASSWORD = "morgen gaat de zon weer op"


def register(page: Page, postbox: Postbox, days_to_go: int = 112) -> None:
    """Through the whole door: form, mail, button."""
    number = next(_numbers)
    letters = "abcdefghij"[number % 10] * (number // 10 + 2)
    address = f"new-parent-{number}@example.org"
    page.goto("/register?site=en")
    page.fill("[name=email]", address)
    page.fill("[name=name]", f"Parent {letters}")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=due_date]", (clock.today() + timedelta(days=days_to_go)).isoformat())
    page.check("[name=consent_personalisation]")
    page.press("[name=password]", "Enter")
    page.goto(postbox.link(address, "/confirm/"))
    page.click("main form button")
    page.wait_for_url("**/en/home")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_home_is_at_her_week_and_changes_with_her_reading(
    open_page: Callable[..., Page], postbox: Postbox, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    register(page, postbox)
    expect(page.locator("h1")).to_contain_text("24 weeks")
    assert page.locator("main").inner_text().count("week 24") >= 1
    before = page.locator("main .item-card").all_inner_texts()
    assert len(before) >= 3

    for path in ("/en/articles/sleeping-on-your-side", "/en/articles/awake-at-four"):
        page.goto("/en/articles/")
        key = path.rsplit("/", 1)[1].split("-")[0]
        link = page.locator(f"main a[href*='/en/articles/{key}']").first
        if link.count() == 0:
            page.goto("/en/themes/sleep")
            link = page.locator(f"main a[href*='/en/articles/{key}']").first
        page.goto(str(link.get_attribute("href")))
        expect(page.locator("main article").first).to_be_visible()

    page.wait_for_timeout(1000)  # "a read shows within a second"
    page.goto("/en/home")
    after = page.locator("main .item-card").all_inner_texts()
    assert after != before
    assert "2 articles about sleep" in page.locator("main").text_content().lower()  # type: ignore[union-attr]


def test_after_the_one_stop_nothing_names_week_or_baby(open_page: Callable[..., Page], postbox: Postbox) -> None:
    page = open_page(javascript=False)
    register(page, postbox)
    page.goto("/account/changed")
    page.locator("main form button").first.click()
    for path in ("/en/home", "/en/", "/en/articles/"):
        page.goto(path)
        words = page.locator("body").inner_text().lower()
        assert "24 weeks" not in words
        assert "your baby" not in words
        assert page.locator(".tape").count() == 0
        assert page.locator("header a[href*='pregnancy']").count() == 0
