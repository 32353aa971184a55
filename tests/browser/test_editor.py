"""An editor writes, previews, schedules, moves and withdraws; readers see it at once."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect


def test_from_first_word_to_withdrawal(signed_in: Callable[..., Page], open_page: Callable[..., Page]) -> None:
    editor, reader = signed_in("editor", width=1280), open_page()
    editor.goto("/studio/articles/new")
    editor.fill("[name=title]", "A walk in the rain")
    editor.fill("[name=summary]", "Why an hour outside helps on a grey day.")
    editor.fill("[name=body]", "## Go out\n\nTake **boots**.\n\n> **In short**\n> - it dries again")
    expect(editor.locator("[id$=preview] strong").first).to_have_text("boots")
    site = editor.locator("[name=site]").input_value() if editor.locator("[name=site]").count() else "nl"
    zone = ZoneInfo("Europe/Amsterdam" if site == "nl" else "Europe/London")
    soon = (datetime.now(zone) + timedelta(minutes=1)).replace(second=0)
    editor.fill("[name=publish_at]", soon.strftime("%Y-%m-%dT%H:%M"))
    editor.click("button[name=action][value=schedule]")
    expect(editor.locator("main")).to_contain_text(re.compile("schedule|gepland|staat klaar", re.IGNORECASE))
    address = f"/{site}/articles/a-walk-in-the-rain"
    assert reader.goto(address).status == 404  # type: ignore[union-attr]

    give_up = time.monotonic() + 75
    while time.monotonic() < give_up and reader.goto(address).status == 404:  # type: ignore[union-attr]
        time.sleep(2)
    expect(reader.locator("h1")).to_have_text("A walk in the rain")
    reader.goto(f"/{site}/articles/")
    expect(reader.locator(f"main a[href='{address}']").first).to_be_visible()

    editor.reload()
    editor.fill("[name=slug]", "walking-in-the-rain")
    editor.click("button[name=action][value=publish]")
    reader.goto(address)
    assert reader.url.endswith("/articles/walking-in-the-rain")

    editor.reload()
    editor.click("button[name=action][value=withdraw]")
    assert reader.goto(address.replace("a-walk", "walking")).status == 404  # type: ignore[union-attr]
    reader.goto(f"/{site}/articles/")
    assert reader.locator("main a[href*='in-the-rain']").count() == 0
    assert "in-the-rain" not in reader.request.get(f"/{site}/feed.xml").text()
