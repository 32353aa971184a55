"""Six people on one profile: a buyer, a reader, a moderator, an ambassador's friend, a marketer and an agent."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import chromium
from tests.browser.conftest import Postbox
from tests.browser.test_talk import notice_about
from tests.running import Running, secrets_of, sign_ins_of

PASSWORD = "morgen gaat de zon weer op"
ODD_WORDS = "zonnebloempitkussen"  # nothing else on the site says this
FRIEND = "new-friend@example.org"


def told_in(page: Page) -> str:
    return str(page.locator("main").inner_text())


def review_something_bought(buyer: Page) -> str:
    """The address of the product that a member reviews out of an order."""
    buyer.goto("/account/orders")
    orders = [link.get_attribute("href") for link in buyer.locator("main a[href^='/account/orders/']").all()]
    for order in orders:
        buyer.goto(str(order))
        for path in [link.get_attribute("href") for link in buyer.locator("main a[href$='/reviews/new']").all()]:
            buyer.goto(str(path))
            if buyer.url.endswith("/reviews/new"):
                buyer.check("[name=stars][value='4']", force=True)
                buyer.fill("[name=good]", "Warm en zacht")
                buyer.fill("[name=body]", f"Fijner dan mijn {ODD_WORDS}, en het wast goed.")
                buyer.locator(f"main form[action='{path}'] button").click()
                return str(path).removesuffix("/reviews/new")
    raise AssertionError("nothing to review")


def test_six_people_on_one_profile(
    open_page: Callable[..., Page], signed_in: Callable[..., Page], postbox: Postbox, site: Running
) -> None:
    # A buyer reviews what she bought: the review says so.
    buyer = signed_in("member")
    product = review_something_bought(buyer)
    buyer.goto(f"{product}?sort=newest")
    expect(buyer.locator(".review", has_text=ODD_WORDS).locator(".tag")).to_have_count(1)  # bought it

    # A reader finds it by search, votes, and reports it; the moderator hides it, and the buyer reads why.
    reader = chromium_page(open_page, site, "ilse")
    for _look in range(40):
        reader.goto(f"/nl/search?q={ODD_WORDS}")
        if reader.locator(".hit").count():
            break
        reader.wait_for_timeout(500)
    reader.locator(".hit__title a").first.click()
    reader.locator("form[action$='/vote'] button[value=yes]").first.click()
    expect(reader.locator("form[action$='/vote'] button[value=yes]").first).to_have_attribute("aria-pressed", "true")
    reader.locator("a[href^='/report/review/']").first.click()
    reader.check("[name=reason] >> nth=5")
    reader.locator("main form[action^='/report/'] button").click()
    moderator = signed_in("moderator")
    moderator.goto("/moderation/")
    card = moderator.locator("[data-concern]", has_text=ODD_WORDS)
    card.focus()
    moderator.keyboard.press("1")
    moderator.keyboard.press("Enter")
    expect(moderator.locator(".undo")).to_be_visible()
    visitor = open_page()
    visitor.goto(product)
    assert ODD_WORDS not in told_in(visitor)
    visitor.goto(f"/nl/search?q={ODD_WORDS}")
    assert visitor.locator(".hit").count() == 0
    notice_about(buyer, "moderator|besl")
    expect(buyer).to_have_url(re.compile("/account/decisions/"))
    expect(buyer.locator("main")).to_contain_text(ODD_WORDS)

    # A member becomes an ambassador; a friend comes by the link, and the ledger says what that will give.
    ambassador = chromium_page(open_page, site, "noor")
    ambassador.goto("/account/ambassador")
    ambassador.locator("form[action='/account/ambassador/join'] button").click()
    link = ambassador.locator("main a[href*='/r/']").first.get_attribute("href")
    friend = open_page(javascript=False)
    friend.goto(str(link))
    friend.goto("/register?site=nl")
    friend.fill("[name=email]", FRIEND)
    friend.fill("[name=name]", "Een vriendin")
    friend.fill("[name=password]", PASSWORD)
    friend.check("[name=consent_offers]")
    friend.check("[name=consent_personalisation]")
    friend.press("[name=password]", "Enter")
    friend.goto(postbox.link(FRIEND, "/confirm/"))
    friend.click("main form button")
    coming = ambassador.locator("section[aria-labelledby=points] li", has_text=re.compile("25 (points|punten)"))
    for _look in range(60):
        ambassador.goto("/account/ambassador")
        if coming.count():
            break
        ambassador.wait_for_timeout(500)
    due = datetime.fromisoformat(str(coming.locator("time").get_attribute("datetime")))
    assert timedelta(hours=47) < due - datetime.now(UTC) < timedelta(hours=49)  # two days after, by the rule

    # She complains; the agent answers with her history beside it.
    buyer.goto("/nl/contact")
    buyer.check("[name=kind][value=complaint]", force=True)
    buyer.fill("[name=subject]", "De rits van het kussen")
    buyer.fill("[name=body]", "De rits is na een week kapot.")
    buyer.locator("main form[action^='/nl/contact'] button").click()
    expect(buyer).to_have_url(re.compile(r"/account/cases/\d+"))
    agent = signed_in("service")
    agent.goto("/service/")
    agent.get_by_role("link", name="De rits van het kussen").click()
    assert agent.locator("aside .timeline li").count() > 3
    assert agent.locator("aside", has_text="€").count() == 1  # her orders
    agent.fill("[name=body]", "We sturen een nieuwe hoes.")
    agent.locator("main form[action^='/service/cases/'] button", has_text=re.compile("Opslaan|Save")).click()
    buyer.reload()
    expect(buyer.locator("main")).to_contain_text("We sturen een nieuwe hoes.")

    # The marketer sees each of these touches, the phase with its reasons, and builds an audience that holds her.
    marketer = signed_in("marketer", width=1280)
    marketer.goto("/marketing/?q=Sanne")
    marketer.get_by_role("link", name="Sanne Vermeer").first.click()
    way = marketer.locator("section[aria-labelledby=way]")
    expect(way.locator(".phases [aria-current=step]")).to_be_visible()  # the phase
    assert way.locator(".timeline li").count() >= 2  # its reasons, and those of the stage
    history = marketer.locator("section[aria-labelledby=history] li")
    for touch in ("Wrote a review|Schreef een review", "Wrote to our service|Schreef onze klantenservice"):
        expect(history.filter(has_text=re.compile(touch)).first).to_be_visible()
    for name, touch in (
        ("Ilse van Dongen", "Searched|Zocht"),
        ("Ilse van Dongen", "Voted on a review|Stemde over een review"),
        ("Een vriendin", "Registered|Meldde zich aan"),
        ("Noor El Amrani", "Brought a friend|Bracht een vriend"),
    ):
        marketer.goto(f"/marketing/?q={name}")
        marketer.get_by_role("link", name=name).first.click()
        expect(history.filter(has_text=re.compile(touch)).first).to_be_visible()
        expect(history.filter(has_text=re.compile("Reported|Meldde iets"))).to_have_count(0)  # between her and us alone
    marketer.goto("/marketing/segments/new?of=nl")
    for field, value in (("week", "any"), ("complaint", None), ("orders", "at_least")):
        marketer.select_option("[name=field-new]", field)
        marketer.locator("button[name=do][value=add]").click()
        if value is not None:
            choose(marketer, value)
    expect(marketer.locator("[name='2-0-number']")).to_be_visible()  # at least, which asks how often
    marketer.locator("button[name=do][value=count]").last.click()
    marketer.fill("[name=name]", "Kopers die schrijven")
    marketer.locator("button[name=do][value=save]").click()
    expect(marketer).to_have_url(re.compile(r"/marketing/segments/\d+$"))
    expect(marketer.locator("section[aria-labelledby=members]")).to_contain_text("Sanne Vermeer")
    with marketer.expect_download() as download:
        marketer.locator("a[href$='/members.csv']").click()
    rows = list(csv.reader(Path(download.value.path()).read_text().splitlines()))
    assert any("Sanne Vermeer" in row for row in rows)

    # She can see who looked.
    buyer.goto("/account/privacy")
    assert re.search(r"Marketing|marketing", told_in(buyer))


def choose(page: Page, operator: str) -> None:
    """Ask the last condition in this way, where it can be asked so."""
    ways = page.locator("select[name$='-is']").last
    if operator in [option.get_attribute("value") for option in ways.locator("option").all()]:
        ways.select_option(operator)


def chromium_page(open_page: Callable[..., Page], site: Running, name: str) -> Page:
    """A page of a plain member of the demonstration."""
    page = open_page()
    folder = Path(site.folder)  # type: ignore[attr-defined]
    address, password = sign_ins_of(folder, {"somebody": name})["somebody"]
    chromium.come_in(page, address, password, secrets_of(folder).get(address, ""))
    return page
