"""What machines read: feeds, the sitemap, robots.txt; valid XML, whole addresses, and nothing that is not public."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, State, Visibility
from community.members.models import Member
from community.web.cache import cache
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
UNSEEN = (State.DRAFT, State.SCHEDULED, State.WITHDRAWN, State.HIDDEN, State.HELD, State.DELETED)


def xml(reader: Browser, path: str) -> Any:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.content_type.split(";")[0] in ("application/rss+xml", "application/xml")
    return etree.fromstring(answer.data)


def entries(feed: Any) -> list[str]:
    return feed.xpath("//item/title/text()")


def places(sitemap: Any) -> list[str]:
    return sitemap.xpath("//s:loc/text()", namespaces=MAP)


def test_a_feed_has_the_newest_thirty_with_whole_addresses(visitor: Browser) -> None:
    for number in range(1, 33):
        makers.article(f"Number {number}", theme="Slaap")
    feed = xml(visitor, "/nl/feed.xml")
    assert entries(feed) == [f"Number {number}" for number in range(32, 2, -1)]
    assert feed.xpath("//item[1]/link/text()") == ["http://localhost/nl/articles/number-32"]
    assert feed.xpath("//item[1]/pubDate/text()")[0].endswith("GMT")
    assert feed.xpath("//channel/language/text()") == ["nl"]
    assert entries(xml(visitor, "/nl/themes/slaap/feed.xml")) == entries(feed)


def test_a_themes_feed_holds_that_theme_alone(visitor: Browser) -> None:
    makers.article("On sleep", theme="Slaap")
    makers.article("On food", theme="Voeding")
    assert entries(xml(visitor, "/nl/themes/voeding/feed.xml")) == ["On food"]
    assert visitor.get("/nl/themes/unknown/feed.xml").status_code == 404


def test_any_title_is_valid_xml(visitor: Browser) -> None:
    makers.article('Tom & Jerry <b>\x0b]]> "q" 👶 \x1f', theme="A & B")
    assert entries(xml(visitor, "/nl/feed.xml")) == ['Tom & Jerry <b>]]> "q" 👶 ']
    xml(visitor, "/nl/themes/a-b/feed.xml")
    xml(visitor, "/sitemap.xml")


@pytest.mark.parametrize("state", UNSEEN)
def test_what_is_not_live_is_told_to_no_machine(visitor: Browser, state: State) -> None:
    article = makers.article("Not for you", theme="Slaap", state=state)
    for path in ("/nl/feed.xml", "/nl/themes/slaap/feed.xml", "/sitemap.xml"):
        assert article.path not in visitor.get(path).text


def test_what_is_for_members_is_told_to_no_machine(as_anna: Browser, visitor: Browser) -> None:
    article = makers.article("Among us", visibility=Visibility.MEMBERS)
    for reader in (as_anna, visitor):
        for path in ("/nl/feed.xml", "/sitemap.xml"):
            assert article.path not in reader.get(path).text


def test_what_is_withdrawn_leaves_at_once(visitor: Browser) -> None:
    article = makers.article("Soon gone", site="en")
    for path in ("/en/feed.xml", "/sitemap.xml"):
        assert article.path in visitor.get(path).text
    with unit_of_work():
        items.set_item_state(db.session.get_one(Item, article.id), State.WITHDRAWN)
    for path in ("/en/feed.xml", "/sitemap.xml"):
        assert article.path not in visitor.get(path).text


def test_a_feed_tells_nothing_of_comments(visitor: Browser, bob: Member) -> None:
    makers.comment(makers.article(), bob, "Bob's secret")
    assert "secret" not in visitor.get("/nl/feed.xml").text


def test_the_sitemap_knows_every_public_page_with_its_translations(visitor: Browser) -> None:
    here = makers.article("Koorts", theme="Gezondheid", translation_key="fever")
    there = makers.article("Fever", site="en", translation_key="fever")
    makers.article("Closed", site="de", translation_key="fever")
    sitemap = xml(visitor, "/sitemap.xml")
    found = places(sitemap)
    assert len(found) == len(set(found))
    assert {f"http://localhost{path}" for path in (here.path, there.path, "/nl/", "/en/articles/")} <= set(found)
    assert {"http://localhost/nl/pregnancy/42", "http://localhost/en/child/0"} <= set(found)
    assert "http://localhost/nl/themes/gezondheid" in found
    assert not any("/de/" in place for place in found)
    url = next(u for u in sitemap if u[0].text == f"http://localhost{here.path}")
    others = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", MAP)}
    assert others == {"nl": f"http://localhost{here.path}", "en": f"http://localhost{there.path}"}
    assert url.find("s:lastmod", MAP) is not None


def test_every_address_of_the_sitemap_answers(visitor: Browser) -> None:
    makers.article(theme="Slaap")
    for place in places(xml(visitor, "/sitemap.xml")):
        path = place.removeprefix("http://localhost")
        if "/pregnancy/" not in path and "/child/" not in path:
            assert visitor.get(path).status_code == 200, path


def test_a_large_sitemap_is_a_list_of_files(visitor: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("community.articles.views.feeds.ITEMS_A_FILE", 2)
    made = [makers.article() for _ in range(5)]
    files = places(xml(visitor, "/sitemap.xml"))
    assert files == [f"http://localhost/sitemap.xml?page={number}" for number in (1, 2, 3)]
    found = [place for file in files for place in places(xml(visitor, file.removeprefix("http://localhost")))]
    assert {f"http://localhost{article.path}" for article in made} <= set(found)
    assert len(found) == len(set(found))
    assert visitor.get("/sitemap.xml?page=4").status_code == 404


def test_feeds_and_sitemap_cost_a_constant_number_of_statements(visitor: Browser, statements: Count) -> None:
    def costs(path: str) -> int:
        cache.clear()
        return len(statements(lambda: visitor.get(path)))

    paths = ("/nl/feed.xml", "/nl/themes/slaap/feed.xml", "/sitemap.xml")
    found = []
    for rows in (5, 45):
        for _ in range(rows):
            makers.article(theme="Slaap", translation_key="one")
        found.append([costs(path) for path in paths])
    assert found[0] == found[1]
    assert max(found[0]) <= 5


def test_robots_are_told_what_to_leave_alone(visitor: Browser) -> None:
    answer = visitor.get("/robots.txt")
    assert answer.content_type.startswith("text/plain")
    assert "Disallow: /account/" in answer.text
    assert "Sitemap: http://localhost/sitemap.xml" in answer.text
