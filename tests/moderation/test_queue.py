"""`/moderation/`: what waits, and a moderator's two answers."""

import pytest

from community.core.audit import AuditEntry
from community.core.db import db
from community.items.models import State
from community.items.queries import post_by_id
from tests import makers

LINK = "Look at https://shop.example/"


@pytest.fixture
def article(app):
    return makers.article("Slapen")


@pytest.fixture
def held(article, bob):
    return makers.comment(article, bob, LINK)


def decide(browser, post, deed):
    return browser.send(f"/moderation/posts/{post.id}/{deed}", page="/moderation/", follow_redirects=True)


def test_only_moderators_see_what_waits(visitor, as_bob, as_editor, as_moderator, held):
    assert visitor.get("/moderation/").location.startswith("/sign-in?next=/moderation/")
    assert (as_bob.get("/moderation/").status_code, as_editor.get("/moderation/").status_code) == (403, 403)
    assert as_moderator.get("/moderation/").status_code == 200


def test_a_waiting_post_is_shown_with_its_place_and_its_reason(as_moderator, article, anna, bob):
    makers.comment(article, bob, LINK, parent=makers.comment(article, anna, "Who has a tip?"))
    words = as_moderator.see("/moderation/").css_first("main").text()
    assert all(part in words for part in ("Slapen", "Bob", "shop.example", "Anna", "Who has a tip?", "holds a link"))


def test_a_kept_post_is_read_by_everybody(as_moderator, visitor, article, held):
    assert visitor.get(article.path).text.count("shop.example") == 0
    answer = decide(as_moderator, held, "keep")
    assert "Everybody can read it now" in answer.text
    assert "Nothing waits" in answer.text
    assert post_by_id(held.id).state == State.LIVE
    assert "shop.example" in visitor.get(article.path).text


def test_a_hidden_post_is_read_by_nobody(as_moderator, visitor, article, held):
    decide(as_moderator, held, "hide")
    assert post_by_id(held.id).state == State.HIDDEN
    assert "shop.example" not in visitor.get(article.path).text


def test_decisions_are_on_record(as_moderator, moderator, held):
    decide(as_moderator, held, "keep")
    entry = db.session.query(AuditEntry).filter_by(about=held.key).one()
    assert (entry.deed, entry.about, entry.actor_id) == ("post.kept", held.key, moderator.id)


def test_the_second_of_two_moderators_is_told(as_moderator, held, bob, browser_of):
    token = as_moderator.token()
    decide(as_moderator, held, "hide")
    answer = as_moderator.post(f"/moderation/posts/{held.id}/keep", data={"csrf_token": token}, follow_redirects=True)
    assert "before you" in answer.text
    assert post_by_id(held.id).state == State.HIDDEN


def test_posts_of_another_site_do_not_exist_for_a_moderator(as_moderator, bob, held):
    foreign = makers.comment(makers.article("Sleep", site="en"), makers.member("Dale", site="en"), LINK + " now")
    shown = as_moderator.see("/moderation/")
    assert "Sleep" not in shown.css_first("main").text()
    token = as_moderator.token()
    for deed in ("keep", "hide"):
        path = f"/moderation/posts/{foreign.id}/{deed}"
        assert as_moderator.post(path, data={"csrf_token": token}).status_code == 404
    assert post_by_id(foreign.id).state == State.HELD


@pytest.mark.parametrize("deed", ["keep", "hide"])
def test_others_decide_nothing(deed, as_bob, as_editor, held):
    for reader in (as_bob, as_editor):
        token = reader.token()
        assert reader.post(f"/moderation/posts/{held.id}/{deed}", data={"csrf_token": token}).status_code == 403
    assert post_by_id(held.id).state == State.HELD


def test_an_empty_queue_says_so(as_moderator):
    assert "Nothing waits" in as_moderator.see("/moderation/").css_first("main").text()


def test_the_queue_costs_the_same_with_5_and_with_50_posts(as_moderator, statements, article):

    def add(count):
        for _ in range(count):
            makers.comment(article, makers.member(), LINK)

    add(5)
    few = len(statements(lambda: as_moderator.see("/moderation/")))
    add(45)
    assert len(statements(lambda: as_moderator.see("/moderation/"))) == few <= 8
