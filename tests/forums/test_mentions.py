"""Names in texts: links to people that exist, completed for members, of nobody who wants to stay unnamed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from community.core import text
from community.core.db import db, unit_of_work
from community.core.limits import limiter
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Post, Stance
from community.items.queries import mentioned_in, post_by_id
from community.members.models import Member, MemberState
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]
PEOPLE = {"bob": "/nl/members/bob"}


@pytest.fixture
def board(app: Any) -> Board:
    """A board in English."""
    return makers.board("Sleep", site="en")


@pytest.fixture
def topic(board: Board, anna: Member) -> Topic:
    """Anna asks."""
    return makers.topic(board, anna, "Awake at four")


@pytest.fixture
def limits(app: Any) -> Iterator[None]:
    """Limits as in earnest."""
    limiter.begin({"REDIS_URL": "", "LIMITS": "on"})
    yield
    limiter.begin({"REDIS_URL": "", "LIMITS": "off"})


def names(reader: Browser, words: str, more: str = "") -> list[str]:
    return [person["username"] for person in reader.get(f"/en/forums/people?q={words}{more}").json["people"]]


def test_a_name_becomes_a_link_where_somebody_has_it(app: Any, bob: Member, topic: Topic) -> None:
    post = makers.reply(topic, bob, "Ask @bob or @nobody, or write to a@bob.nl.")
    assert '<a href="/nl/members/bob">@bob</a> or @nobody' in post.body_html
    assert post.body_html.count("<a ") == 1
    with unit_of_work():
        found = post_by_id(post.id)
        assert found is not None
        items.edit_post(found, "Ask @Bob.")
    assert '<a href="/nl/members/bob">@Bob</a>' in db.session.get_one(Post, post.id).body_html


@pytest.mark.parametrize(
    "source",
    ["`@bob`", "    @bob", "[@bob](https://a.nl)", "https://a.nl/@bob", "x@bob", "@bob@host", "@bob-x", "@bobby"],
)
def test_code_links_and_longer_names_are_left_alone(source: str) -> None:
    assert "/members/bob" not in text.to_safe_html(source, PEOPLE)


@pytest.mark.parametrize("path", ["javascript:alert(1)", "//evil.example", '"><script>alert(1)</script>'])
def test_the_sanitiser_has_the_last_word_about_where_a_name_leads(path: str) -> None:
    made = text.to_safe_html("@bob", {"bob": path})
    assert "<script" not in made
    assert "javascript" not in made
    assert 'href="//' not in made


def test_who_is_named_is_told_but_not_by_a_quote(app: Any, anna: Member, bob: Member, statements: Count) -> None:
    assert [person.name for person in mentioned_in("@anna and @Bob and @anna")] == ["Anna", "Bob"]
    assert mentioned_in("> @anna said\n\n`@bob`") == []
    assert len(statements(lambda: mentioned_in("@anna @bob"))) == 1
    assert statements(lambda: mentioned_in("Nobody")) == []
    makers.set_state(bob, MemberState.SUSPENDED)
    assert mentioned_in("@bob") == []


def test_names_are_completed_for_members_those_of_the_topic_first(as_bob: Browser, anna: Member, topic: Topic) -> None:
    makers.member("Anke")
    makers.member("Anabel")
    assert names(as_bob, "an") == ["anabel", "anke", "anna"]
    assert names(as_bob, "an", f"&topic={topic.id}") == ["anna", "anabel", "anke"]
    assert names(as_bob, "a") == []
    assert names(as_bob, "AN%25") == []
    assert names(as_bob, "x" * 41) == []
    for _ in range(9):
        makers.member()
    assert len(names(as_bob, "parent")) == 8


def test_an_anonymous_parent_is_not_told_apart_by_completion(as_bob: Browser, board: Board, anna: Member) -> None:
    makers.member("Anabel")
    topic = makers.topic(board, anna, "Alone", is_anonymous=True)
    assert names(as_bob, "an", f"&topic={topic.id}") == ["anabel", "anna"]


def test_who_blocked_the_asker_and_who_writes_in_a_closed_club_is_not_named(
    as_bob: Browser, anna: Member, bob: Member
) -> None:
    makers.member("Anabel")
    club = makers.club(site="en", members=[anna])
    inside = makers.topic(makers.board(club=club, site="en"), anna, "Among us")
    assert names(as_bob, "an", f"&topic={inside.id}") == ["anabel", "anna"]
    with unit_of_work():
        items.follow(db.session.get_one(Member, anna.id), db.session.get_one(Member, bob.id), Stance.BLOCK)
    assert names(as_bob, "an") == ["anabel"]


def test_completion_is_for_members_and_not_for_harvesting(visitor: Browser, as_bob: Browser, limits: None) -> None:
    assert visitor.get("/en/forums/people?q=an").status_code == 302
    answers = [as_bob.get("/en/forums/people?q=an").status_code for _ in range(91)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_completion_costs_the_same_for_many(as_bob: Browser, topic: Topic, statements: Count) -> None:
    costs = []
    for rows in (2, 10):
        for _ in range(rows):
            makers.member()
        costs.append(len(statements(lambda: names(as_bob, "parent", f"&topic={topic.id}"))))
    assert costs[0] == costs[1] <= 3
