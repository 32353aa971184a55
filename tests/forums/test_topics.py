"""Topics: read by numbered posts, found under their old addresses, hidden where they should be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import joinedload

from community.core import clock, memory
from community.core.db import db, unit_of_work
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Item, Post, Stance, State
from community.members.models import Member
from tests import makers
from tests.conftest import Browser

AFTER_THE_ANSWER = 4  # statements that keep how far somebody has read

Count = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def board(app: Any) -> Board:
    """A board in English, so that the tests can say what they look for."""
    return makers.board("Sleep", site="en", description="Nights, naps and who gets up.")


@pytest.fixture
def topic(board: Board, anna: Member) -> Topic:
    return makers.topic(board, anna, "How long is a nap?", "Ours sleeps **ten** minutes.")


def fill(topic: Topic, by: Member, count: int) -> None:
    """Answers as rows alone: many of them in a moment."""
    with unit_of_work():
        shown = db.session.get_one(Item, topic.id)
        first = shown.last_post_number + 1
        for number in range(first, first + count):
            html = f"<p>Words {number}</p>"
            db.session.add(
                Post(
                    item_id=shown.id,
                    number=number,
                    author_id=by.id,
                    body=f"Words {number}",
                    body_html=html,
                    state=State.LIVE,
                    created_at=clock.now(),
                )
            )
        shown.last_post_number = shown.last_live_number = first + count - 1
        shown.post_count += count


def set_state(post: Post, state: State) -> None:
    with unit_of_work():
        items.set_post_state(db.session.get_one(Post, post.id, options=[joinedload(Post.item)]), state)


def bodies(page: Any) -> list[str]:
    return [words.text(strip=True) for words in page.css(".post__body")]


def test_everybody_reads_a_topic(visitor: Browser, topic: Topic, bob: Member) -> None:
    makers.reply(topic, bob, "Mine too.")
    page = visitor.see(topic.path)
    assert page.css_first("h1").text() == "How long is a nap?"
    assert bodies(page) == ["Ours sleepstenminutes.", "Mine too."]
    assert [step.text() for step in page.css(".breadcrumb__steps a")] == ["Forums", "Sleep"]
    assert "posts 1 to 2 of 2" in page.text()


def test_a_wrong_slug_leads_to_the_right_one(visitor: Browser, topic: Topic) -> None:
    answer = visitor.get(f"/en/forums/topics/{topic.id}-other?page=1")
    assert (answer.status_code, answer.location) == (301, f"{topic.path}?page=1")
    assert visitor.get("/en/forums/topics/99999-nothing").status_code == 404
    assert visitor.get(topic.path.replace("/en/", "/nl/")).status_code == 404


def test_posts_keep_their_page_whatever_becomes_of_others(visitor: Browser, topic: Topic, bob: Member) -> None:
    fill(topic, bob, 44)
    last = db.session.query(Post).filter_by(item_id=topic.id, number=45).one()
    gone = db.session.query(Post).filter_by(item_id=topic.id, number=3).one()
    set_state(gone, State.DELETED)
    assert visitor.get(f"/en/forums/posts/{last.id}").location == f"{topic.path}?page=3#post-{last.id}"
    page = visitor.see(f"{topic.path}?page=3")
    assert bodies(page) == [f"Words {number}" for number in range(41, 46)]
    assert "posts 41 to 45 of 45" in page.text()
    first = visitor.see(topic.path)
    assert "A post was taken away here." in first.text()
    assert len(bodies(first)) == 19
    assert visitor.get(f"{topic.path}?page=4").status_code == 404


def test_a_long_topic_goes_beyond_page_100(visitor: Browser, topic: Topic, bob: Member) -> None:
    fill(topic, bob, 2_039)
    assert bodies(visitor.see(f"{topic.path}?page=102"))[-1] == "Words 2040"
    assert visitor.get(f"{topic.path}?page=103").status_code == 404


def test_what_a_moderator_hid_is_gone_for_its_author_too(
    as_anna: Browser, as_bob: Browser, as_moderator: Browser, bob: Member, anna: Member
) -> None:
    topic = makers.topic(makers.board(), anna, "Nap")
    hidden = makers.reply(topic, bob, "Secret words")
    set_state(hidden, State.HIDDEN)
    for reader in (as_anna, as_bob):
        assert "Secret words" not in reader.see(topic.path).text()
        assert reader.get(f"/nl/forums/posts/{hidden.id}").status_code == 404
    assert "Secret words" in as_moderator.see(topic.path).text()


def test_a_held_topic_is_seen_by_its_author_alone(
    as_anna: Browser, as_bob: Browser, board: Board, anna: Member
) -> None:
    held = makers.topic(board, anna, "Look at this", "See https://example.org/x")
    assert held.state == State.HELD
    assert "waits for a moderator" in as_anna.see(held.path).text()
    assert "waits for a moderator" in as_anna.see(board.path).text()
    assert as_bob.get(held.path).status_code == 404
    assert "Look at this" not in as_bob.see(board.path).text()


def test_the_words_of_somebody_whom_one_blocked_are_folded(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic
) -> None:
    makers.reply(topic, bob, "Loud words")
    makers.reply(topic, bob, "Nameless words", is_anonymous=True)
    with unit_of_work():
        me, other = (db.session.get_one(Member, person.id) for person in (anna, bob))
        items.follow(me, other, Stance.BLOCK)
    page = as_anna.see(topic.path)
    folded = page.css_first("details.posts__folded")
    assert "Loud words" in folded.text()
    assert len(page.css("details.posts__folded")) == 1  # else it would say who the anonymous parent is


def test_a_club_talks_among_itself(as_anna: Browser, as_bob: Browser, visitor: Browser, anna: Member) -> None:
    board = makers.board(club=makers.club(site="en", members=[anna]), site="en")
    topic = makers.topic(board, anna, "Only for us")
    assert as_anna.see(topic.path).css_first("h1").text() == "Only for us"
    for reader in (as_bob, visitor):
        assert reader.get(topic.path).status_code == 404
        assert reader.get(f"/en/forums/{board.slug}/start").status_code == 404
        assert reader.get(f"{topic.path}/reply").status_code == 404


def test_search_engines_are_told_a_conversation_or_a_question(visitor: Browser, topic: Topic, bob: Member) -> None:
    makers.reply(topic, bob, "Mine too.")
    answer = makers.reply(topic, bob, "Forty minutes.")
    told = visitor.see(topic.path).css_first('script[type="application/ld+json"]').text()
    assert '"DiscussionForumPosting"' in told
    with unit_of_work():
        db.session.get_one(Topic, topic.id).accepted_number = answer.number
        items.changed("en")
    page = visitor.see(topic.path)
    assert '"acceptedAnswer"' in page.css_first('script[type="application/ld+json"]').text()
    assert page.css_first(".note--leaf .post__body").text().strip() == "Forty minutes."
    assert page.css_first(".note--leaf a").attributes["href"] == f"/en/forums/posts/{answer.id}"


def test_a_page_costs_as_much_with_many_posts_as_with_few(
    as_bob: Browser, visitor: Browser, topic: Topic, anna: Member, statements: Count
) -> None:
    path = topic.path
    costs: dict[str, list[int]] = {"member": [], "visitor": []}
    for more in (4, 45):
        fill(topic, anna, more)
        as_bob.see(path)
        memory.forget_all()
        costs["member"].append(len(statements(lambda: as_bob.see(path))))
        costs["visitor"].append(len(statements(lambda more=more: visitor.see(f"{path}?a={more}"))))
    assert costs["member"][0] >= costs["member"][1]  # the form stands on the last page alone
    assert costs["member"][0] <= 8 + AFTER_THE_ANSWER
    assert costs["visitor"][0] == costs["visitor"][1] <= 5


def test_what_is_deleted_can_be_brought_back_for_ten_minutes(
    as_bob: Browser, visitor: Browser, topic: Topic, bob: Member
) -> None:
    post = makers.reply(topic, bob, "Too much said")
    path = f"/en/forums/posts/{post.id}"
    answer = as_bob.send(f"{path}/delete", page=topic.path)
    assert answer.location == f"{topic.path}#post-{post.id}"
    assert "Too much said" not in visitor.see(topic.path).text()
    assert as_bob.send(f"{path}/restore", page=topic.path).status_code == 303
    assert "Too much said" in visitor.see(topic.path).text()
    as_bob.send(f"{path}/delete", page=topic.path)
    clock.move_by(timedelta(minutes=11))
    assert as_bob.post(f"{path}/restore", data={"csrf_token": as_bob.token()}).status_code in (403, 404)


def test_a_topic_goes_with_its_author_only_while_nobody_answered(
    as_anna: Browser, visitor: Browser, board: Board, topic: Topic, anna: Member, bob: Member
) -> None:
    alone = makers.topic(board, anna, "Never mind")
    opening = db.session.query(Post).filter_by(item_id=alone.id).one()
    assert as_anna.send(f"/en/forums/posts/{opening.id}/delete", page=alone.path).location == board.path
    assert visitor.get(alone.path).status_code == 404
    as_anna.send(f"/en/forums/posts/{opening.id}/restore", page=board.path)
    assert visitor.get(alone.path).status_code == 200
    makers.reply(topic, bob, "An answer")
    opening = db.session.query(Post).filter_by(item_id=topic.id, number=1).one()
    as_anna.send(f"/en/forums/posts/{opening.id}/delete", page=topic.path)
    page = visitor.see(topic.path)
    assert "that began this conversation was taken away" in page.text()
    assert bodies(page) == ["An answer"]
    assert visitor.get(f"/en/forums/posts/{opening.id}/history").status_code == 404
    as_anna.send(f"/en/forums/posts/{opening.id}/restore", page=topic.path)
    assert "ten" in bodies(visitor.see(topic.path))[0]


def test_an_edit_keeps_what_it_said_and_moves_the_address(as_anna: Browser, visitor: Browser, topic: Topic) -> None:
    post = db.session.query(Post).filter_by(item_id=topic.id).one()
    path, old = f"/en/forums/posts/{post.id}", topic.path
    as_anna.send(f"{path}/edit", {"title": "How long are naps?", "body": "Ours sleeps twenty minutes."})
    new = f"/en/forums/topics/{topic.id}-how-long-are-naps"
    assert visitor.get(old).location == new
    assert visitor.see(new).css_first("h1").text() == "How long are naps?"
    assert visitor.get(f"{path}/history").status_code == 404  # changed at once: nobody's business
    assert as_anna.see(f"{path}/history").css_first("del") is not None
    clock.move_by(timedelta(hours=25))
    as_anna.send(f"{path}/edit", {"title": "How long are naps?", "body": "Never mind."})
    assert "twenty" in visitor.see(f"{path}/history").text()


@pytest.mark.parametrize("deed", ["edit", "delete", "restore"])
def test_anothers_post_is_not_ones_own(as_bob: Browser, visitor: Browser, topic: Topic, deed: str) -> None:
    post = db.session.query(Post).filter_by(item_id=topic.id).one()
    path = f"/en/forums/posts/{post.id}/{deed}"
    assert as_bob.post(path, data={"csrf_token": as_bob.token(), "body": "x"}).status_code == 403
    token = visitor.see("/register").css_first("[name=csrf_token]").attributes["value"]
    assert "/sign-in" in visitor.post(path, data={"csrf_token": token}).location


def test_a_locked_topic_takes_no_answer_and_no_edit(as_anna: Browser, as_bob: Browser, topic: Topic) -> None:
    post = db.session.query(Post).filter_by(item_id=topic.id).one()
    with unit_of_work():
        db.session.get_one(Topic, topic.id).is_locked = True
    answer = as_bob.post(f"{topic.path}/posts", data={"csrf_token": as_bob.token(), "body": "Hello"})
    assert answer.status_code == 403
    assert "closed" in answer.text
    assert as_anna.get(f"/en/forums/posts/{post.id}/edit").status_code == 403
    assert as_bob.see(topic.path).css_first("#reply") is None
