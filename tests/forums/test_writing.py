"""Writing: topics, answers and quotes; nothing typed is lost, nothing is posted twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.forums.models import Board, Topic
from community.items.models import Draft, Item, Post, State
from community.members.models import Member
from community.search.actions import rebuild
from tests import makers
from tests.conftest import Browser

START = "/en/forums/sleep/start"


@pytest.fixture
def board(app: Any) -> Board:
    return makers.board("Sleep", site="en")


@pytest.fixture
def topic(board: Board, anna: Member) -> Topic:
    return makers.topic(board, anna, "How long is a nap?", "Ours sleeps ten minutes.\n\n> quoted\n\nAnd yours?")


@pytest.fixture
def limits(app: Any) -> Iterator[None]:
    """Limits as in earnest."""
    limiter.begin({"REDIS_URL": "", "LIMITS": "on"})
    yield
    limiter.begin({"REDIS_URL": "", "LIMITS": "off"})


def posts() -> list[Post]:
    return db.session.query(Post).order_by(Post.id).all()


def answer(reader: Browser, topic: Topic, body: str, query: str = "", **fields: Any) -> Any:
    return reader.send(f"{topic.path}/posts", {"body": body, **fields}, page=f"{topic.path}{query}")


def test_a_topic_stands_at_once_under_its_own_address(as_anna: Browser, visitor: Browser, board: Board) -> None:
    response = as_anna.send(START, {"title": "Awake at four", "body": "Every **night**."})
    topic = db.session.query(Topic).one()
    assert (response.status_code, response.location) == (303, f"/en/forums/topics/{topic.id}-awake-at-four")
    page = visitor.see(topic.path)
    assert page.css_first("strong").text() == "night"
    assert "Anna" in page.text()
    assert topic.summary == "Every night ."
    assert "1 conversation" in visitor.see("/en/forums/").text()


def test_an_answer_leads_to_its_own_place(as_bob: Browser, topic: Topic) -> None:
    response = answer(as_bob, topic, "Forty minutes.")
    post = posts()[-1]
    assert (response.status_code, response.location) == (303, f"{topic.path}#post-{post.id}")
    assert as_bob.get(f"/en/forums/posts/{post.id}").location == f"{topic.path}#post-{post.id}"


def test_the_same_form_sent_twice_posts_once(as_bob: Browser, topic: Topic) -> None:
    form = as_bob.see(topic.path).css_first("#reply form.form")
    fields = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")}
    first, second = (as_bob.post(f"{topic.path}/posts", data={**fields, "body": "Once"}) for _ in range(2))
    assert first.location == second.location
    assert [post.body for post in posts()][1:] == ["Once"]


@pytest.mark.parametrize("query", ["/reply?quote={id}", "?quote={id}"])
def test_a_quote_begins_the_answer_without_javascript(as_bob: Browser, topic: Topic, query: str) -> None:
    opening = posts()[0]
    asked = f"{topic.path}{query.format(id=opening.id)}"
    form = as_bob.see(asked).css_first("#reply form.form")
    assert form.css_first("textarea").text().strip() == "> Ours sleeps ten minutes.\n> \n> \n> And yours?"
    as_bob.send(f"{topic.path}/posts", {"body": "> And yours?\n\nForty."}, page=asked)
    assert posts()[-1].parent_id == opening.id


def test_what_is_hidden_cannot_be_quoted(as_bob: Browser, anna: Member, topic: Topic) -> None:
    hidden = makers.reply(topic, anna, "Secret")
    with unit_of_work():
        db.session.get_one(Post, hidden.id).state = State.HIDDEN
    for number in (hidden.id, 99_999):
        page = as_bob.see(f"{topic.path}/reply?quote={number}")
        assert page.css_first("#reply textarea").text().strip() == ""
        refused = answer(as_bob, topic, "I saw it", parent=number)
        assert refused.status_code == 422
        assert "I saw it" in refused.text
        again = HTMLParser(refused.text).css_first("#reply [name=parent]").attributes["value"]
        assert not again  # the next press lets it stand by itself


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b", "a" * 10_001, "nul \x00"])
def test_what_cannot_be_posted_comes_back(as_bob: Browser, topic: Topic, body: str) -> None:
    response = answer(as_bob, topic, body)
    assert response.status_code == 422
    assert "<title>Error:" in response.text
    assert len(posts()) == 1


@pytest.mark.parametrize(("title", "body"), [("", "Words"), ("a" * 121, "Words"), ("Title", "")])
def test_a_topic_wants_a_title_and_words(as_anna: Browser, board: Board, title: str, body: str) -> None:
    response = as_anna.send(START, {"title": title, "body": body})
    assert response.status_code == 422
    assert body in response.text
    assert title in response.text
    assert db.session.query(Item).count() == 0


def test_script_stays_text(as_anna: Browser, visitor: Browser, board: Board) -> None:
    as_anna.send(START, {"title": "<script>alert(1)</script>", "body": "<img src=x onerror=alert(1)>"})
    page = visitor.get(db.session.query(Topic).one().path).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_preview_posts_nothing(as_anna: Browser, board: Board) -> None:
    response = as_anna.send(START, {"title": "A title", "body": "Some **words**", "action": "preview"})
    assert response.status_code == 200
    assert "<strong>words</strong>" in response.text
    assert db.session.query(Topic).count() == 0
    token = as_anna.token()
    piece = as_anna.post("/en/forums/preview", data={"csrf_token": token, "body": "*x* <script>"})
    assert piece.text.strip() == "<p><em>x</em> &lt;script&gt;</p>"
    assert as_anna.post("/en/forums/preview", data={"csrf_token": token, "body": "x" * 10_001}).status_code == 413


def test_similar_titles_are_shown_while_somebody_types(visitor: Browser, topic: Topic, anna: Member) -> None:
    makers.article("Naps by day", site="en")
    makers.topic(makers.board("Loss", site="en", is_quiet=True), anna, "No nap ever")
    rebuild()
    found = visitor.see("/en/forums/similar?title=How+many+naps%3F+100%25").text()
    assert "Naps by day" in found
    assert "How long is a nap?" in found
    assert "How long is a nap?" in visitor.see("/en/forums/similar?title=long+nights").text()
    assert "No nap ever" not in visitor.see("/en/forums/similar?title=ever").text()
    assert visitor.see("/en/forums/similar?title=%25%25%25%25").css_first("li") is None


def test_what_is_typed_is_kept_shown_again_and_dropped_by_posting(as_bob: Browser, topic: Topic) -> None:
    about = f"/en/forums/drafts/{topic.key}"
    kept = as_bob.post(about, data={"csrf_token": as_bob.token(), "body": "Half a thou"})
    assert kept.json["saying"].startswith("Draft kept at ")
    for path in (topic.path, f"{topic.path}/reply"):
        page = as_bob.see(path)
        assert page.css_first("#reply textarea").text().strip() == "Half a thou"
        assert "You have unsaved text" in page.text()
    answer(as_bob, topic, "A whole thought")
    assert db.session.query(Draft).count() == 0


def test_only_throw_away_loses_a_draft(as_bob: Browser, visitor: Browser, board: Board) -> None:
    about = f"/en/forums/drafts/{board.key}"
    as_bob.post(about, data={"csrf_token": as_bob.token(), "title": "Half", "body": "a thought"})
    assert as_bob.see(START).css_first("input[name=title]").attributes["value"] == "Half"
    assert as_bob.send(f"{about}/drop", page=START).location == START
    assert as_bob.see(START).css_first("input[name=title]").attributes["value"] == ""
    for wrong in ("board:99999", "article:1", "topic:x"):
        path = f"/en/forums/drafts/{wrong}"
        assert as_bob.post(path, data={"csrf_token": as_bob.token()}).status_code == 404


def test_a_draft_of_a_change_stands_in_its_form(as_anna: Browser, topic: Topic) -> None:
    opening = posts()[0]
    about = f"/en/forums/drafts/{opening.key}"
    as_anna.post(about, data={"csrf_token": as_anna.token(), "title": "Other", "body": "Other words"})
    form = as_anna.see(f"/en/forums/posts/{opening.id}/edit")
    assert form.css_first("textarea").text().strip() == "Other words"


def test_three_topics_on_the_first_day(as_anna: Browser, board: Board, limits: None) -> None:
    for number in range(3):
        limiter.forget("first-day-post", f"member:{1}")
        assert as_anna.send(START, {"title": f"Number {number}", "body": "Words"}).status_code == 303
    limiter.forget("first-day-post", f"member:{1}")
    fourth = as_anna.send(START, {"title": "Number 4", "body": "My words"})
    assert fourth.status_code == 429
    assert "My words" in fourth.text


def test_somebody_who_is_muted_keeps_the_text(as_bob: Browser, bob: Member, topic: Topic) -> None:
    with unit_of_work():
        db.session.get_one(Member, bob.id).muted_until = clock.now() + timedelta(days=3)
    response = answer(as_bob, topic, "Let me say")
    assert response.status_code == 422
    assert "Let me say" in response.text
    assert len(posts()) == 1


def test_a_first_post_with_a_link_waits_and_says_so(as_bob: Browser, visitor: Browser, topic: Topic) -> None:
    response = answer(as_bob, topic, "See https://example.org/x")
    assert "waits for a moderator" in as_bob.see(response.location.partition("#")[0]).text()
    assert "example.org" not in visitor.see(topic.path).text()
