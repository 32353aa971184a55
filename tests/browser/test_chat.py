"""Two members of a club talk live, one of them without JavaScript, and the stream is cut off for ten seconds."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.browser.conftest import PHONE
from tests.running import Running

CUT_MILLISECONDS = 10_000


@pytest.fixture
def parent(browser: Browser, site: Running) -> Iterator[Callable[..., Page]]:
    """A page of a parent of the demonstration. While the stream is cut off, the browser may say so in its console."""
    passwords = json.loads((Path(site.folder) / "demo-sign-ins.json").read_text())  # type: ignore[attr-defined]
    contexts = []

    def opened(name: str, javascript: bool = True) -> Page:
        context = browser.new_context(base_url=site.base, viewport=PHONE, java_script_enabled=javascript)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        chromium.come_in(page, f"{name}@demo.example", passwords[f"{name}@demo.example"])
        return page

    site.start("live")
    yield opened
    for context in contexts:
        context.close()
    site.kill("live")


def say(page: Page, words: str) -> None:
    page.fill("#say [name=body]", words)
    page.locator("#say button").click()


def lines(page: Page) -> list[str]:
    return [words for words in page.locator(".line__body").all_inner_texts() if words.startswith("Word")]


def test_two_parents_talk_and_a_cut_of_ten_seconds_loses_and_doubles_nothing(
    parent: Callable[..., Page], site: Running
) -> None:
    sanne, marieke = parent("sanne"), parent("marieke", javascript=False)
    sanne.goto("/nl/chat/")
    sanne.locator(".door__title a", has_text=re.compile("Club")).click()
    room = sanne.url.split("#")[0]
    marieke.goto(room)

    say(marieke, "Word 1")
    expect(sanne.locator(".line", has_text="Word 1")).to_be_visible(timeout=30_000)  # the stream has just begun
    say(sanne, "Word 2")
    expect(sanne.locator(".line--own", has_text="Word 2")).to_be_visible()
    expect(sanne.locator("#say [name=body]")).to_have_value("")

    site.kill("live")
    for number in (3, 4, 5):
        say(marieke, f"Word {number}")
    sanne.wait_for_timeout(CUT_MILLISECONDS)
    assert lines(sanne) == ["Word 1", "Word 2"]
    site.start("live")
    expect(sanne.locator(".line", has_text="Word 5")).to_be_visible(timeout=30_000)
    say(sanne, "Word 6")
    expect(sanne.locator(".line--own", has_text="Word 6")).to_be_visible(timeout=20_000)

    marieke.goto(room)
    every = [f"Word {number}" for number in range(1, 7)]
    assert lines(sanne) == every
    assert lines(marieke) == every

    sanne.locator(".line--own", has_text="Word 6").get_by_role("link").last.click()
    sanne.locator("main form[action$='/delete'] button").click()
    expect(sanne.locator(".line", has_text="Word 5")).to_be_visible()
    marieke.goto(room)
    assert lines(marieke) == every[:-1]
