"""A question of a stranger, its answer, a report, a decision, and a second look: in several browsers at once."""

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Postbox

_numbers = itertools.count(1)
PASSWORD = "morgen gaat de zon weer op"
BOARD = "/en/forums/sleep/"


def fill_in(page: Page, postbox: Postbox) -> None:
    """The door, from the registration form that is open to the button in the mail."""
    letters = "klmnopqrst"[next(_numbers) % 10] * 3
    address = f"new-talker-{letters}@example.org"
    page.fill("[name=email]", address)
    page.fill("[name=name]", f"Talker {letters}")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto(postbox.link(address, "/confirm/"))
    page.click("main form button")


def press(page: Page, action: str) -> None:
    """The button of the form that posts to an address ending so."""
    page.locator(f"main form[action$='{action}'] button").first.click()


def notice_about(page: Page, words: str) -> None:
    """Wait for a notice, as one who looks again and again, and follow it."""
    for _look in range(60):
        page.goto("/account/notices")
        found = page.locator(".notice__words", has_text=re.compile(words, re.IGNORECASE))
        if found.count():
            found.first.click()
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"no notice about {words}: {page.locator('main').inner_text()}")


@pytest.fixture
def asker(open_page: Callable[..., Page]) -> Page:
    return open_page(javascript=False)


def test_a_question_an_answer_a_report_and_a_second_look(
    open_page: Callable[..., Page], signed_in: Callable[..., Page], asker: Page, postbox: Postbox
) -> None:
    # A stranger asks, without JavaScript, and registers after: the words are there again.
    asker.goto(BOARD)
    asker.click("main a[href$='/start']")
    asker.fill("[name=title]", "Does anybody sleep at all?")
    asker.fill("[name=body]", "Four weeks old and awake at four.\n\nWhat helped you?")
    press(asker, "/start")
    expect(asker).to_have_url(re.compile("/register"))
    fill_in(asker, postbox)
    expect(asker.locator("[name=title]")).to_have_value("Does anybody sleep at all?")
    expect(asker.locator("[name=body]")).to_have_value(re.compile("awake at four"))
    press(asker, "/start")
    expect(asker.locator("h1")).to_have_text("Does anybody sleep at all?")
    topic = asker.url.split("#")[0].split("?")[0]

    # Another member answers; the asker hears of it, gives thanks and takes the answer.
    answerer = open_page()
    answerer.goto("/register?site=en")
    fill_in(answerer, postbox)
    answerer.goto(topic)
    answerer.fill("#reply [name=body]", "Taking turns, and a chair by the window.")
    press(answerer, "/posts")
    expect(answerer.locator("main")).to_contain_text("Taking turns")
    notice_about(asker, "Does anybody sleep at all")
    press(asker, "/thank")
    press(asker, "/accept")
    expect(asker.locator("main")).to_contain_text("1 thanks")
    notice_about(answerer, "helped")

    # A third reports it; the moderator hides it with two keys.
    reporter = signed_in("member")
    reporter.goto(topic)
    reporter.locator("main .post", has_text="Taking turns").locator("a[href^='/report/post/']").click()
    reporter.check("[name=reason] >> nth=5")
    reporter.locator("main form[action^='/report/'] button").click()
    moderator = signed_in("english moderator")
    moderator.goto("/moderation/")
    card = moderator.locator("[data-concern]", has_text="Taking turns")
    card.focus()
    moderator.keyboard.press("1")
    moderator.keyboard.press("Enter")
    expect(moderator.locator(".undo")).to_be_visible()
    asker.goto(topic)
    expect(asker.locator("main")).not_to_contain_text("Taking turns")

    # Its author reads why, and asks for a second look; another moderator restores it.
    notice_about(answerer, "moderator|hidden")
    expect(answerer).to_have_url(re.compile("/account/decisions/"))
    expect(answerer.locator("main")).to_contain_text("Taking turns")
    answerer.fill("[name=words]", "It is about sleep, on the board about sleep.")
    answerer.locator("main form[action^='/account/decisions/'] button").click()
    moderator.goto("/moderation/?kind=appeal")
    moderator.locator("[data-concern]", has_text="on the board about sleep").locator(
        "a[href^='/moderation/appeals/']"
    ).click()
    assert moderator.locator("main form[action^='/moderation/appeals/']").count() == 0
    second = signed_in("admin")
    second.goto(moderator.url)
    second.check("[name=outcome] >> nth=1")
    second.fill("[name=words]", "You are right, it belongs here.")
    second.locator("main form[action^='/moderation/appeals/'] button").click()
    asker.goto(topic)
    expect(asker.locator("main")).to_contain_text("Taking turns")
    notice_about(answerer, "second look|moderator|back")


def test_a_name_is_completed_by_keyboard_and_becomes_a_link(signed_in: Callable[..., Page]) -> None:
    page = signed_in("member")
    page.goto("/nl/forums/slapen/start")
    page.fill("[name=title]", "Een vraag aan iemand")
    page.locator("[name=body]").press_sequentially("Weet jij dat, @marie")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    username = str(option.get_attribute("data-username"))
    page.keyboard.press("Enter")
    expect(page.locator("[name=body]")).to_have_value(f"Weet jij dat, @{username} ")
    expect(page.get_by_role("listbox")).to_have_count(0)
    press(page, "/start")
    expect(page.locator(f"main .post__body a[href$='/members/{username}']")).to_have_text(f"@{username}")
