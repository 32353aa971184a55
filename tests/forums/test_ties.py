"""Follow, mute, block, thank and accept: by whom, of what, once, and told to nobody who should not know."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db, unit_of_work
from community.forums.actions import ties as actions
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Collection, Follow, Item, Post, Stance, State, Thank
from community.items.queries import post_by_id, refusers
from community.members.models import Member
from community.messages.models import Notice, NoticeKind
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser

Count = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def board(app: Any) -> Board:
    """A board in English, so that the tests can say what they look for."""
    return makers.board("Sleep", site="en")


@pytest.fixture
def topic(board: Board, bob: Member) -> Topic:
    """Bob asks."""
    return makers.topic(board, bob, "Awake at four", "What helps?")


@pytest.fixture
def answer(topic: Topic, anna: Member) -> Post:
    """Anna answers."""
    return makers.reply(topic, anna, "A dark room.")


def press(reader: Browser, path: str, **fields: str) -> Any:
    return reader.post(path, data={"csrf_token": reader.token(), **fields})


def stances(of: Member) -> list[str]:
    return [row.stance for row in db.session.scalars(select(Follow).where(Follow.member_id == of.id))]


def told(who: Member, kind: NoticeKind) -> list[Notice]:
    return list(db.session.scalars(select(Notice).where(Notice.member_id == who.id, Notice.kind == kind)))


def touched(verb: Verb) -> list[int | None]:
    return list(db.session.scalars(select(Touchpoint.member_id).where(Touchpoint.verb == verb)))


@pytest.mark.parametrize("kind", ["topic", "board", "member", "tag", "article"])
def test_whatever_can_be_seen_can_be_followed_muted_and_left_alone(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic, board: Board, kind: str
) -> None:
    article = makers.article(site="en", theme="Nights")
    thing = {"topic": topic, "board": board, "member": bob, "article": article}.get(kind)
    path = f"/en/follow/{kind}/{thing.id if thing else article.theme_id}"
    for stance in ("follow", "mute"):
        assert press(as_anna, path, stance=stance).status_code == 303
        assert stances(anna) == [stance]
    assert press(as_anna, path, stance="none").status_code == 303
    assert stances(anna) == []


def test_the_buttons_say_how_it_stands_without_javascript(as_anna: Browser, topic: Topic) -> None:
    path = f"/en/follow/topic/{topic.id}"
    as_anna.send(path, {"stance": "follow"}, page=topic.path)
    pressed = as_anna.see(topic.path).css_first(".stances [aria-pressed=true]")
    assert pressed.attributes["value"] == "none"
    assert "Follow" in pressed.text()
    for page in (topic.path, "/en/forums/sleep/", "/en/members/bob"):
        assert len(as_anna.see(page).css(".stances")) == 1, page


def test_only_people_are_blocked_and_nobody_oneself(as_anna: Browser, anna: Member, bob: Member, topic: Topic) -> None:
    assert press(as_anna, f"/en/follow/topic/{topic.id}", stance="block").status_code == 403
    assert press(as_anna, f"/en/follow/member/{anna.id}", stance="follow").status_code == 403
    assert press(as_anna, f"/en/follow/member/{bob.id}", stance="hug").status_code == 400
    assert press(as_anna, f"/en/follow/member/{bob.id}", stance="block").status_code == 303
    assert stances(anna) == ["block"]
    assert told(bob, NoticeKind.TOPIC) == []


def test_what_a_reader_may_not_see_cannot_be_followed(as_bob: Browser, anna: Member, topic: Topic) -> None:
    club = makers.club(site="en", members=[anna])
    place = makers.board(club=club, site="en")
    inside = makers.topic(place, anna, "Among us")
    for path in (
        f"/en/follow/topic/{inside.id}",
        f"/en/follow/board/{place.id}",
        f"/nl/follow/topic/{topic.id}",
        f"/en/follow/article/{topic.id}",
        "/en/follow/tag/999",
        "/en/follow/member/999",
        "/en/follow/cheese/1",
    ):
        assert press(as_bob, path, stance="follow").status_code == 404, path


def test_a_visitor_is_asked_to_sign_in(visitor: Browser, topic: Topic, answer: Post) -> None:
    visitor.get("/sign-in")
    for path in (
        f"/en/follow/topic/{topic.id}",
        f"/en/posts/{answer.id}/thank",
        f"/en/forums/posts/{answer.id}/accept",
    ):
        assert visitor.post(path).status_code in (302, 400)
    assert visitor.get("/account/following").status_code == 302
    assert db.session.scalar(select(Thank)) is None
    page = visitor.see(topic.path)
    assert page.css_first(".stances") is None
    assert page.css_first("[action$=thank]") is None


def test_all_that_one_follows_stands_on_one_page_with_its_end(
    as_anna: Browser, anna: Member, bob: Member, topic: Topic, board: Board
) -> None:
    press(as_anna, f"/en/follow/topic/{topic.id}", stance="follow")
    press(as_anna, f"/en/follow/board/{board.id}", stance="mute")
    press(as_anna, f"/en/follow/member/{bob.id}", stance="block")
    page = as_anna.see("/account/following")
    assert [link.text() for link in page.css("main .list a")] == ["Awake at four", "Sleep", "Bob"]
    as_anna.send(f"/nl/follow/member/{bob.id}", {"stance": "none"}, page="/account/following")
    assert sorted(stances(anna)) == ["follow", "mute"]


def test_the_page_of_what_one_follows_costs_the_same_for_many(
    as_anna: Browser, anna: Member, bob: Member, board: Board, statements: Count
) -> None:
    costs = []
    for rows in (3, 20):
        for _ in range(rows):
            topic = makers.topic(board, bob)
            with unit_of_work():
                items.follow(anna, db.session.get_one(Topic, topic.id), Stance.FOLLOW)
        costs.append(len(statements(lambda: as_anna.see("/account/following"))))
    assert costs[0] == costs[1] <= 8


def test_who_wants_to_hear_nothing_of_a_person_or_thing_is_known(
    app: Any, anna: Member, bob: Member, topic: Topic
) -> None:
    def hears_nothing(person_id: int | None, item: Item | None) -> bool:
        return anna.id in db.session.scalars(refusers(person_id, item)).all()

    assert not hears_nothing(bob.id, topic)
    with unit_of_work():
        items.follow(anna, db.session.get_one(Member, bob.id), Stance.BLOCK)
    assert hears_nothing(bob.id, None)
    assert not hears_nothing(None, db.session.get_one(Topic, topic.id))
    with unit_of_work():
        items.follow(anna, db.session.get_one(Collection, topic.collection_id), Stance.MUTE)
    assert hears_nothing(None, db.session.get_one(Topic, topic.id))


def test_thanks_are_counted_once_and_taken_back(
    as_bob: Browser, visitor: Browser, anna: Member, topic: Topic, answer: Post
) -> None:
    path = f"/en/posts/{answer.id}/thank"
    for _ in range(2):
        assert press(as_bob, path).headers["Location"] == f"/en/forums/posts/{answer.id}"
    assert db.session.get_one(Post, answer.id).thank_count == 1
    assert "1 thanks" in visitor.see(topic.path).css_first(f"#post-{answer.id} .post__thanks").text()
    assert len(told(anna, NoticeKind.THANKS)) == 1
    as_bob.send(path, {"thanks": "no"}, page=topic.path)
    press(as_bob, path, thanks="no")
    assert db.session.get_one(Post, answer.id).thank_count == 0
    assert visitor.see(topic.path).css_first(".post__thanks") is None


def test_nobody_thanks_for_their_own_words_nor_for_what_is_not_there(
    as_anna: Browser, as_bob: Browser, bob: Member, anna: Member, topic: Topic, answer: Post
) -> None:
    assert press(as_anna, f"/en/posts/{answer.id}/thank").status_code == 403
    hers = makers.reply(topic, anna, "I, without a name.", is_anonymous=True)
    assert press(as_anna, f"/en/posts/{hers.id}/thank").status_code == 403
    assert press(as_bob, f"/nl/posts/{answer.id}/thank").status_code == 404
    with unit_of_work():
        post = post_by_id(answer.id)
        assert post is not None
        items.set_post_state(post, State.HIDDEN)
    for post_id in (answer.id, 999):
        assert press(as_bob, f"/en/posts/{post_id}/thank").status_code == 404


def test_an_anonymous_writer_hears_of_thanks_and_an_anonymous_thanker_stays_so(
    as_anna: Browser, as_bob: Browser, anna: Member, bob: Member, board: Board
) -> None:
    topic = makers.topic(board, anna, "Alone", is_anonymous=True)
    opening = db.session.scalars(select(Post).where(Post.item_id == topic.id)).one()
    press(as_bob, f"/en/posts/{opening.id}/thank")
    assert [notice.actor_id for notice in told(anna, NoticeKind.THANKS)] == [bob.id]
    reply = makers.reply(topic, bob, "You are not.")
    press(as_anna, f"/en/posts/{reply.id}/thank")
    assert [notice.actor_id for notice in told(bob, NoticeKind.THANKS)] == [None]
    assert touched(Verb.POST_THANKED) == [bob.id, None]


def test_a_comment_can_be_thanked_for(as_anna: Browser, bob: Member) -> None:
    article = makers.article(site="en")
    comment = makers.comment(article, bob)
    answer = as_anna.send(f"/en/posts/{comment.id}/thank", {"thanks": "yes"}, page=article.path)
    assert answer.headers["Location"] == f"/en/posts/{comment.id}"
    assert as_anna.see(article.path).css_first(".post__thanks").text() == "1 thanks"


def test_thanks_pressed_in_many_windows_at_once_count_once(app: Any, bob: Member, answer: Post) -> None:
    start, member_id, post_id = Barrier(6), bob.id, answer.id

    def thank() -> None:
        with app.app_context():
            start.wait()
            with unit_of_work():
                post = post_by_id(post_id)
                assert post is not None
                actions.thank(post, db.session.get_one(Member, member_id))

    threads = [Thread(target=thank) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert db.session.get_one(Post, post_id).thank_count == len(db.session.scalars(select(Thank)).all()) == 1


def test_who_asked_says_which_answer_helped_and_takes_it_back(
    as_bob: Browser, bob: Member, anna: Member, topic: Topic, answer: Post
) -> None:
    path = f"/en/forums/posts/{answer.id}/accept"
    assert as_bob.send(path, {"accepted": "yes"}, page=topic.path).status_code == 303
    assert db.session.get_one(Topic, topic.id).accepted_number == 2
    assert len(told(anna, NoticeKind.ACCEPTED)) == 1
    assert touched(Verb.ANSWER_ACCEPTED) == [bob.id]
    as_bob.send(path, {"accepted": "no"}, page=topic.path)
    assert db.session.get_one(Topic, topic.id).accepted_number is None


def test_nobody_else_chooses_the_answer_but_a_moderator_of_the_site(
    as_anna: Browser, as_moderator: Browser, browser_of: Any, topic: Topic, answer: Post
) -> None:
    path = f"/en/forums/posts/{answer.id}/accept"
    assert press(as_anna, path).status_code == 403
    assert press(as_moderator, path).status_code == 403  # of the Dutch site
    theirs = browser_of(makers.member("Max", role="moderator", role_site="en"))
    assert press(theirs, path).status_code == 303
    opening = db.session.scalars(select(Post).where(Post.item_id == topic.id, Post.number == 1)).one()
    assert press(theirs, f"/en/forums/posts/{opening.id}/accept").status_code == 403


def test_an_anonymous_asker_chooses_without_being_named(
    as_bob: Browser, anna: Member, bob: Member, board: Board
) -> None:
    topic = makers.topic(board, bob, "Quietly", is_anonymous=True)
    reply = makers.reply(topic, anna, "Try this.")
    assert as_bob.send(f"/en/forums/posts/{reply.id}/accept", page=topic.path).status_code == 303
    assert [notice.actor_id for notice in told(anna, NoticeKind.ACCEPTED)] == [None]
    assert touched(Verb.ANSWER_ACCEPTED) == [None]


def test_a_blocked_persons_thanks_are_not_told(as_bob: Browser, anna: Member, bob: Member, answer: Post) -> None:
    with unit_of_work():
        items.follow(anna, db.session.get_one(Member, bob.id), Stance.BLOCK)
    press(as_bob, f"/en/posts/{answer.id}/thank")
    assert told(anna, NoticeKind.THANKS) == []
    assert db.session.get_one(Item, answer.item_id).post_count == 2
