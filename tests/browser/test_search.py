"""What was written already is shown while somebody types a question, and what editors put first comes first."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
QUESTION = "Awake at two, at four and at five: what did you change?"


@BOTH
def test_conversations_and_articles_like_a_question_are_shown_while_it_is_typed(
    open_page: Callable[..., Page], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto("/en/forums/sleep/start")
    alike = page.locator("[data-similar-of=title] a")
    expect(alike).to_have_count(0)
    page.locator("[name=title]").press_sequentially(QUESTION)
    if not javascript:
        page.get_by_role("button", name="Preview").click()
    for kind in ("articles", "forums/topics"):
        expect(page.locator(f"[data-similar-of=title] a[href*='/{kind}/']").first).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value(QUESTION)
    alike.first.click()
    expect(page).to_have_url(re.compile("/en/(articles|forums/topics)/"))


def test_titles_go_on_as_somebody_types_in_the_box_and_without_javascript_they_are_found(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    page.goto("/en/search")
    page.locator("#ask-words").press_sequentially("sleeping on your si")
    expect(page.locator("#ask-begun option").first).to_have_attribute("value", re.compile("sleeping on your si", re.I))

    plain = open_page(javascript=False)
    plain.goto("/en/search")
    plain.fill("#ask-words", "sleeping on your si")
    plain.locator("main form[role=search] button").click()
    expect(plain.locator(".hit__title a").first).to_contain_text(re.compile("sleeping on your si", re.I))


@BOTH
def test_what_an_editor_puts_first_at_the_desk_is_seen_first_by_visitors_until_it_is_taken_back(
    open_page: Callable[..., Page], signed_in: Callable[..., Page], javascript: bool
) -> None:
    editor, visitor = signed_in("editor", javascript=javascript), open_page(javascript=javascript)
    visitor.goto("/nl/articles/")
    article = visitor.locator("main .item-card__title a").first.get_attribute("href") or ""
    words = "lampionnen vanavond" if javascript else "lampionnen morgenochtend"
    editor.goto("/studio/search/")
    editor.fill("[name=asked]", words)
    editor.fill("[name=path]", article)
    editor.locator("main form[action$='/promotions'] button").click()
    promoted = editor.locator("main li", has_text="lampionnen")
    expect(promoted).to_be_visible()
    shelf = f"main [aria-labelledby=first] a[href='{article}']"
    until(lambda: look(visitor, words).locator(shelf).count() > 0, visitor)
    expect(look(visitor, "slapen").locator(shelf)).to_have_count(0)

    promoted.locator("form[action*='/promotions/'] button").click()
    expect(promoted).to_have_count(0)
    until(lambda: look(visitor, words).locator(shelf).count() == 0, visitor)


def look(page: Page, words: str) -> Page:
    """What is found for some words."""
    page.goto("/nl/search")
    page.fill("#ask-words", words)
    page.locator("main form[role=search] button").first.click()
    return page


def until(holds: Callable[[], bool], page: Page) -> None:
    """Each process learns within half a minute what the desk says."""
    for _look in range(90):
        if holds():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(page.locator("main").inner_text())
