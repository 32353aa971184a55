"""An index of its own for each test, and a reader who looks for something."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from community.search import actions
from community.search.place import ENGINES, place


@pytest.fixture(autouse=True, params=ENGINES)
def engine(app, request):
    """Either engine, with no index left from the test before."""
    place.use(app.config["DATA_DIR"] / "index", request.param)
    place.drop()
    yield request.param
    place.drop()
    place.use(app.config["DATA_DIR"] / "index", app.config["SEARCH"])


@pytest.fixture
def look():
    """What a browser finds for some words, once the index has learned what changed: titles with their addresses."""

    def looked(browser, words, status=200, **fields):
        actions.follow()
        answer = browser.get("/nl/search", query_string={"q": words, **fields})
        assert answer.status_code == status
        return Seen(answer.text)

    return looked


class Seen:
    """A page of an answer."""

    def __init__(self, html):
        self.page = LexborHTMLParser(html)
        self.titles = [link.text() for link in self.page.css(".hit__title a")]
        self.paths = [link.attributes["href"] for link in self.page.css(".hit__title a")]
        self.marked = [mark.text() for mark in self.page.css(".hit mark")]
        self.chips = [chip.text() for chip in self.page.css(".chips__chip")]
        self.text = self.page.css_first("main").text()
