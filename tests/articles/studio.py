"""What the tests of the studio share: an editor's way through its pages."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.articles.models import Article
from community.articles.queries import desk
from community.core.db import db
from tests.conftest import Browser

NEW = "/studio/articles/new"
WORDS = {"title": "A walk in the rain", "summary": "Why an hour outside helps.", "body": "## Go out\n\nTake **boots**."}


def write(browser: Browser, **fields: Any) -> str:
    """The address in the studio of a new article."""
    answer = browser.send(NEW, {**WORDS, "action": "draft", **fields})
    assert answer.status_code == 303, answer.text[:3000]
    return answer.location


def stored(address: str) -> Article:
    """An article as the database has it, by its address in the studio."""
    db.session.rollback()
    article = desk.article_by_id(int(address.rsplit("/", 1)[1]))
    assert article is not None
    return article


def token_of(browser: Browser, page: str, form: str) -> dict[str, str]:
    """The hidden fields of the form on a page that posts to `form`."""
    shown = HTMLParser(browser.get(page).text)
    found = next(f for f in shown.css("form") if f.attributes.get("action") == form)
    return {i.attributes["name"] or "": i.attributes.get("value") or "" for i in found.css("input[type=hidden]")}


def words(page: Any, selector: str) -> list[str]:
    """The text of each thing on a page."""
    return [node.text(strip=True) for node in page.css(selector)]
