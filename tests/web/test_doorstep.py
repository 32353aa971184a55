"""What a process answered before, it answers again without beginning a request; and never to the wrong reader."""

from collections.abc import Callable
from typing import Any

from community.web import doorstep
from tests import makers
from tests.conftest import Browser

Statements = Callable[[Callable[[], Any]], list[str]]


def test_a_page_that_was_answered_costs_one_statement_and_is_the_same(visitor: Browser, statements: Statements) -> None:
    path = makers.article("Sleeping on your side").path
    first = visitor.get(path)
    sent = statements(lambda: visitor.get(path))
    again = visitor.get(path)
    assert len(sent) == 1
    assert "generations" in sent[0]
    assert again.data == first.data
    own = {"X-Request-Id"}
    assert {k: v for k, v in again.headers if k not in own} == {k: v for k, v in first.headers if k not in own}
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_what_changed_is_there_at_once(visitor: Browser) -> None:
    makers.article("The first")
    visitor.get("/nl/articles/")
    visitor.get("/nl/articles/")
    makers.article("The second")
    assert "The second" in visitor.get("/nl/articles/").text


def test_a_member_gets_a_page_of_their_own_where_a_visitor_was_before(visitor: Browser, as_anna: Browser) -> None:
    visitor.get("/nl/")
    visitor.get("/nl/")
    kept = dict(doorstep.pages._kept)
    page = as_anna.get("/nl/")
    assert "/account/" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert doorstep.pages._kept == kept


def test_who_agreed_to_be_known_passes_the_door(visitor: Browser) -> None:
    path = makers.article("Sleeping on your side").path
    visitor.set_cookie("consent", "pa")
    visitor.set_cookie("visitor", "a-random-number")
    visitor.get(path)
    visitor.get(path)
    assert doorstep.pages._kept == {}


def test_each_theme_and_each_host_has_its_own(visitor: Browser) -> None:
    assert "data-theme" not in visitor.get("/nl/").text
    visitor.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in visitor.get("/nl/").text
    assert visitor.get("/nl/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_who_has_the_page_already_is_told_that_it_is_the_same(visitor: Browser) -> None:
    page = visitor.get("/nl/")
    again = visitor.get("/nl/", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
