"""What the public reads: lists, an article, what is kept of reading it, and what nobody may see."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.core import clock, memory
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, State, Visibility
from community.members.models import Member
from community.personalisation.queries.plans import plan_of
from community.personalisation.queries.weights import blend_of
from community.profiles import actions as profiles
from community.profiles import queries as profile_queries
from community.sites.models import SITES
from community.touchpoints import queries as touchpoints
from community.touchpoints.models import Verb
from community.web.cache import cache
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]
WEEK_24 = (-112, -106)
UNSEEN = (State.DRAFT, State.SCHEDULED, State.WITHDRAWN, State.HIDDEN, State.HELD, State.DELETED)


def titles(page: Any) -> list[str]:
    return [link.text(strip=True) for link in page.css(".item-card__title a")]


def withdraw(article: Item) -> None:
    with unit_of_work():
        items.set_item_state(db.session.get_one(Item, article.id), State.WITHDRAWN)


def stop(member: Member) -> None:
    with unit_of_work():
        asking = db.session.get_one(Member, member.id)
        profiles.stop(asking, [child for child in profile_queries.children_of(asking) if child.is_pregnancy])


def test_an_article_shows_all_that_stands_behind_it(visitor: Browser) -> None:
    author, reviewer = makers.member("Lotte Bakker"), makers.member("Els Visser")
    article = makers.article(
        "Warm enough",
        theme="Slaap",
        stage=WEEK_24,
        author=author,
        body="First.\n\n## What the number means\n\nWords.\n\n## Length and neck\n\nMore.",
        minutes=6,
        reviewer_id=reviewer.id,
        reviewed_on=clock.today(),
        sources=[{"title": "Safer sleep", "publisher": "NHS", "url": "https://www.nhs.uk/safer-sleep"}],
    )
    page = visitor.see(article.path)
    assert page.css_first("h1").text() == "Warm enough"
    assert page.css_first(f'.byline a[href="{author.path}"]').text() == "Lotte Bakker"
    assert page.css_first(f'.byline a[href="{reviewer.path}"]') is not None
    assert page.css_first('.tag[href="/nl/themes/slaap"]').text() == "Slaap"
    assert page.css_first('.tag[href="/nl/pregnancy/24"]') is not None
    assert page.css_first('.article__sources a[href="https://www.nhs.uk/safer-sleep"]') is not None
    parts = [link.attributes["href"] for link in page.css(".columns__aside .toc a")]
    assert parts == ["#h-what-the-number-means", "#h-length-and-neck", "#comments"]
    assert all(page.css_first(part) is not None for part in parts)


def test_an_article_tells_search_engines_the_same(visitor: Browser) -> None:
    author = makers.member("Lotte Bakker")
    article = makers.article('Warm & "safe" </script>', author=author, translation_key="warm")
    there = makers.article("Warm and safe", site="en", translation_key="warm")
    makers.article("Half done", site="de", translation_key="warm")
    page = visitor.see(article.path)
    told = json.loads(page.css_first('script[type="application/ld+json"]').text())
    assert (told["@type"], told["headline"]) == ("Article", 'Warm & "safe" </script>')
    assert told["author"] == {"@type": "Person", "name": "Lotte Bakker", "url": f"http://localhost{author.path}"}
    assert page.css_first("link[rel=canonical]").attributes["href"] == f"http://localhost{article.path}"
    others = {link.attributes["hreflang"]: link.attributes["href"] for link in page.css("link[hreflang]")}
    assert others == {"nl": f"http://localhost{article.path}", "en": f"http://localhost{there.path}"}
    assert page.css_first(f'.foot a[href="{there.path}"]').text() == "English"


def test_a_language_without_a_translation_leads_to_its_articles(visitor: Browser) -> None:
    article = makers.article()
    assert visitor.see(article.path).css_first('.foot a[href="/en/articles/"]') is not None


@pytest.mark.parametrize("state", UNSEEN)
def test_what_is_not_live_is_nowhere(visitor: Browser, as_anna: Browser, state: State) -> None:
    article = makers.article("Not for you", theme="Slaap", stage=WEEK_24, state=state)
    makers.article("For you", theme="Slaap", stage=WEEK_24)
    for reader in (visitor, as_anna):
        assert reader.get(article.path).status_code == 404
        for path in ("/nl/articles/", "/nl/themes/slaap", "/nl/pregnancy/24"):
            assert titles(reader.see(path)) == ["For you"]


def test_what_is_for_members_shows_to_members_alone(visitor: Browser, as_anna: Browser) -> None:
    article = makers.article("Among us", visibility=Visibility.MEMBERS)
    assert visitor.get(article.path).status_code == 404
    assert titles(visitor.see("/nl/articles/")) == []
    assert as_anna.get(article.path).status_code == 200
    assert titles(as_anna.see("/nl/articles/")) == ["Among us"]


def test_another_sites_article_is_not_here(visitor: Browser) -> None:
    makers.article("Elsewhere", site="en", theme="Sleep")
    assert visitor.get("/nl/articles/elsewhere").status_code == 404
    assert visitor.get("/nl/themes/sleep").status_code == 404
    assert titles(visitor.see("/nl/articles/")) == []


def test_an_old_address_leads_to_the_new_one(visitor: Browser) -> None:
    article = makers.article("First name")
    with unit_of_work():
        items.move_item(db.session.get_one(Item, article.id), "second-name", "/nl/articles/second-name")
    answer = visitor.get("/nl/articles/first-name")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/nl/articles/second-name")
    withdraw(article)
    assert visitor.get("/nl/articles/first-name").status_code == 404


def test_lists_are_numbered_by_twenty_newest_first(visitor: Browser) -> None:
    for number in range(1, 43):
        makers.article(f"Number {number}")
    assert titles(visitor.see("/nl/articles/")) == [f"Number {number}" for number in range(42, 22, -1)]
    assert titles(visitor.see("/nl/articles/?page=3")) == ["Number 2", "Number 1"]


@pytest.mark.parametrize("query", ["page=4", "page=101", "page=0", "page=-1", "page=x", "page=1e3", "before=x"])
def test_a_page_that_there_is_not_is_not_found(visitor: Browser, query: str) -> None:
    makers.article()
    assert visitor.get(f"/nl/articles/?{query}").status_code == 404


def test_before_an_item_goes_on_where_numbers_end(visitor: Browser) -> None:
    made = [makers.article(f"Number {number}", theme="Slaap") for number in range(1, 24)]
    assert titles(visitor.see(f"/nl/articles/?before={made[2].id}")) == ["Number 2", "Number 1"]
    page = visitor.see(f"/nl/themes/slaap?before={made[22].id}")
    assert len(titles(page)) == 20
    assert page.css_first("a[rel=next]").attributes["href"] == f"/nl/themes/slaap?before={made[2].id}"
    assert visitor.get("/nl/articles/?before=99999").status_code == 404
    assert visitor.get(f"/nl/articles/?before={'9' * 30}").status_code == 404


def test_a_numbered_list_ends_at_a_hundred_and_goes_on_before(visitor: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("community.web.numbering.LAST_PAGE", 1)
    made = [makers.article() for _ in range(21)]
    page = visitor.see("/nl/articles/")
    assert page.css_first("a[rel=next]").attributes["href"] == f"/nl/articles/?before={made[1].id}"
    assert visitor.get("/nl/articles/?page=2").status_code == 404


def test_themes_filter_the_list(visitor: Browser) -> None:
    makers.article("On sleep", theme="Slaap")
    makers.article("On food", theme="Voeding")
    page = visitor.see("/nl/themes/voeding")
    assert titles(page) == ["On food"]
    assert [(chip.text(), chip.attributes.get("aria-current")) for chip in page.css(".chips a")][1:] == [
        ("Slaap", None),
        ("Voeding", "true"),
    ]
    assert visitor.get("/nl/themes/unknown").status_code == 404


def test_after_the_one_stop_no_list_holds_weeks(browser_of: Any, anna: Member) -> None:
    makers.pregnancy(anna)
    makers.child(anna, days_old=400)
    makers.article("In week 24", theme="Slaap", stage=WEEK_24)
    makers.article("At a year", theme="Slaap", stage=(365, 500))
    makers.article("At any time", theme="Slaap")
    reader = browser_of(anna)
    assert len(titles(reader.see("/nl/articles/"))) == 3
    stop(anna)
    for path in ("/nl/articles/", "/nl/themes/slaap"):
        assert titles(reader.see(path)) == ["At any time", "At a year"]
    shown = reader.see("/nl/articles/at-any-time")
    assert "In week 24" not in shown.text()


def test_the_cache_is_told_when_an_article_changes(visitor: Browser) -> None:
    article = makers.article("First title")
    assert titles(visitor.see("/nl/articles/")) == ["First title"]
    assert visitor.see(article.path).css_first("h1").text() == "First title"
    with unit_of_work():
        found = db.session.get_one(Item, article.id)
        found.title = "Second title"
        items.set_item_state(found, State.LIVE)
    assert titles(visitor.see("/nl/articles/")) == ["Second title"]
    assert visitor.see(article.path).css_first("h1").text() == "Second title"
    withdraw(article)
    assert titles(visitor.see("/nl/articles/")) == []
    assert visitor.get(article.path).status_code == 404


def test_pages_for_visitors_are_shared_and_members_own_are_not(visitor: Browser, as_anna: Browser) -> None:
    article = makers.article()
    shared, own = visitor.get(article.path), as_anna.get(article.path)
    assert shared.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in shared.headers
    assert visitor.get(article.path, headers={"If-None-Match": shared.headers["ETag"]}).status_code == 304
    assert own.headers["Cache-Control"] == "private, no-store"


def test_pages_cost_a_constant_number_of_statements(visitor: Browser, as_bob: Browser, statements: Count) -> None:
    def costs(path: str) -> tuple[int, int]:
        cache.clear()
        memory.forget_all()
        plan_of(SITES["nl"]), blend_of(SITES["nl"])  # asked for once a minute, whatever pages are shown
        return len(statements(lambda: visitor.see(path))), len(statements(lambda: as_bob.see(path)))

    article = makers.article("The one", theme="Slaap", stage=WEEK_24, translation_key="one")
    makers.article("The same", site="en", translation_key="one")
    paths = ("/nl/articles/", "/nl/themes/slaap", article.path, "/nl/pregnancy/24", "/nl/pregnancy/")
    found = {}
    for rows in (5, 50):
        while db.session.get_one(Item, article.id).post_count < rows:
            makers.article(theme="Slaap", stage=WEEK_24)
            root = makers.comment(article, makers.member())
            makers.comment(article, makers.member(), parent=root)
        found[rows] = {path: costs(path) for path in paths}
    assert found[5] == found[50]
    assert max(visitors for visitors, _members in found[50].values()) <= 6  # with what is kept for a minute
    assert max(members for _visitors, members in found[50].values()) <= 8


def reads() -> list[tuple[str, str | None]]:
    told = touchpoints.touchpoints_between(0, touchpoints.newest(), 100)
    return [(touchpoint.verb, touchpoint.about) for touchpoint in told]


def test_a_read_is_kept_with_consent(as_anna: Browser, visitor: Browser) -> None:
    article = makers.article()
    as_anna.see(article.path)
    assert (Verb.PAGE_READ, article.key) in reads()
    visitor.set_cookie("consent", "pa")
    visitor.set_cookie("visitor", "a" * 22)
    visitor.see(article.path)
    visitor.see(article.path)  # from the cache
    assert reads().count((Verb.PAGE_READ, article.key)) == 3


def test_nothing_is_kept_without_consent(as_bob: Browser, visitor: Browser) -> None:
    article = makers.article()
    before = reads()
    for reader in (as_bob, visitor):
        reader.see(article.path)
        ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        assert (
            reader.post("/read", data={"item": article.key, "seconds": 9, "share": 1}, headers=ours).status_code == 204
        )
    assert as_bob.see(article.path).css_first("[data-reading]") is None
    assert reads() == before


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": "Googlebot/2.1"}])
def test_prefetch_and_machines_do_not_read(as_anna: Browser, headers: dict[str, str]) -> None:
    article = makers.article()
    as_anna.get(article.path, headers=headers)
    assert (Verb.PAGE_READ, article.key) not in reads()


def test_the_beacon_adds_seconds_and_how_far(as_anna: Browser) -> None:
    article = makers.article()
    key = as_anna.see(article.path).css_first("[data-reading]").attributes["data-reading"]
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert as_anna.post("/read", data={"item": key, "seconds": 42, "share": 0.8}, headers=ours).status_code == 204
    left = touchpoints.touchpoints_between(0, touchpoints.newest(), 100)[-1]
    assert (left.verb, left.about, left.facts) == (Verb.PAGE_LEFT, article.key, {"seconds": 42, "share": 0.8})


def test_an_article_of_the_future_is_not_read_today(visitor: Browser) -> None:
    article = makers.article(state=State.SCHEDULED, publish_at=clock.now() + timedelta(minutes=1))
    assert visitor.get(article.path).status_code == 404
