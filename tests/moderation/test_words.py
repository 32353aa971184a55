"""What makes a post wait: first links, the same link again, watched words."""

import pytest

from community.core.db import db
from community.items.models import State
from community.moderation.models import Concern, WatchedWord
from community.moderation.queries.screening import matches
from tests import makers


@pytest.fixture
def article(app):
    return makers.article("Slapen")


def watch(browser, word, site="nl", **fields):
    return browser.send("/moderation/words", {"word": word, "site": site, **fields})


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("casino", "Win at the CASINO!", True),
        ("casino", "casinos", False),
        ("casino*", "casinos", True),
        ("idee", "Een idée.", True),
        ("ei", "eierstok", False),
        ("a.b", "axb", False),
    ],
)
def test_a_word_is_found_as_a_word_of_its_own(word, text, is_found):
    assert matches(word, text) is is_found


def test_a_watched_word_makes_a_post_wait_on_its_site_alone(as_moderator, article, anna):
    assert watch(as_moderator, "Casino*").status_code == 303
    assert makers.comment(article, anna, "To the casinos").state == State.HELD
    assert makers.comment(makers.article(site="en"), anna, "To the casinos").state == State.LIVE
    assert db.session.query(Concern).one().reason == "word"


def test_a_refused_word_is_not_taken_and_the_text_stays_in_the_form(as_moderator, as_anna, article):
    watch(as_moderator, "casino", is_refused="y")
    answer = as_anna.send(f"{article.path}/posts", {"body": "To the casino"}, page=article.path)
    assert answer.status_code == 422
    assert "To the casino</textarea>" in answer.text
    assert db.session.query(Concern).count() == 0


def test_a_refused_word_that_comes_in_by_an_edit_waits(as_moderator, as_anna, anna, article):
    post = makers.comment(article, anna, "To the zoo")
    watch(as_moderator, "casino", is_refused="y")
    as_anna.send(f"/nl/posts/{post.id}/edit", {"body": "To the casino"})
    assert db.session.query(Concern).one().reason == "refused"
    assert "a word that you refuse" in as_moderator.get("/moderation/").text


def test_the_third_link_to_one_place_waits(article, anna):
    makers.comment(article, anna, "Hello.")
    states = [makers.comment(article, anna, f"See https://www.shop.example/{n}").state for n in range(3)]
    assert states == [State.LIVE, State.LIVE, State.HELD]
    assert makers.comment(article, anna, "See https://other.example/").state == State.LIVE


@pytest.mark.parametrize("word", ["", "*", "a", "a*b", "x" * 61])
def test_a_word_must_be_one(as_moderator, word):
    assert watch(as_moderator, word).status_code == 422


def test_a_word_is_watched_once_and_can_be_forgotten(as_moderator):
    watch(as_moderator, "casino")
    assert "watched already" in watch(as_moderator, "CASINO").text
    row = db.session.query(WatchedWord).one()
    as_moderator.send(f"/moderation/words/{row.id}/forget", page="/moderation/words")
    assert db.session.query(WatchedWord).count() == 0


def test_words_are_kept_for_the_own_sites_by_moderators(as_moderator, as_admin, as_bob, visitor):
    assert watch(as_moderator, "casino", site="en").status_code == 422
    watch(as_admin, "casino", site="en")
    row = db.session.query(WatchedWord).one()
    path = f"/moderation/words/{row.id}/forget"
    assert as_moderator.post(path, data={"csrf_token": as_moderator.token()}).status_code == 404
    assert as_bob.get("/moderation/words").status_code == 403
    assert "/sign-in" in visitor.get("/moderation/words").location


def test_a_trial_shows_what_a_text_holds_and_what_a_word_would_have_stopped(as_moderator, article, anna):
    watch(as_moderator, "casino")
    makers.comment(article, anna, "A gamble.")
    assert "This text holds: casino" in " ".join(as_moderator.see("/moderation/words?try=a+casino+here").text().split())
    assert "A gamble." in as_moderator.see("/moderation/words?try=Gamble").text()


def test_a_link_in_the_title_of_a_first_topic_waits_too(anna):
    topic = makers.topic(makers.board(), anna, "Look at www.example.org")
    assert topic.state == "held"
