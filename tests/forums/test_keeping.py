"""Moderators keep the boards in order: pin, lock, slow down, move, merge; one topic or several; a minute to undo."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.core.refused import Refused
from community.forums.actions import keeping
from community.forums.models import Board, Topic
from community.items import actions as items
from community.items.models import Follow, Post, Pseudonym, ReadPosition, Stance, State
from community.moderation.models import Decision, Deed
from tests import makers


@pytest.fixture
def board(app):
    return makers.board("Sleep")


@pytest.fixture
def topic(board, anna):
    return makers.topic(board, anna, "Awake at four")


def keep(browser, deed, *topics, **fields):
    chosen = "&".join(f"topic={topic.id}" for topic in topics)
    page = f"/nl/forums/keep?deed={deed}&{chosen}"
    fields = {"deed": deed, "topic": [topic.id for topic in topics], **fields}
    return browser.send("/nl/forums/keep", fields, page=page)


def undo(browser):
    """Press the button of the bar that the last answer offers."""
    shown = browser.see("/nl/")
    form = next(f for f in shown.css("form.undo"))
    path = form.attributes["action"]
    return browser.post(path, data={"csrf_token": form.css_first("[name=csrf_token]").attributes["value"]})


def again(row):
    return db.session.get(type(row), row.id)


def test_only_who_keeps_the_site_may_keep_its_topics(visitor, as_anna, as_editor, as_moderator, topic):
    path = f"/nl/forums/keep?deed=pin&topic={topic.id}"
    assert visitor.get(path).location.startswith("/sign-in?next=")
    assert [browser.get(path).status_code for browser in (as_anna, as_editor)] == [403, 403]
    assert as_moderator.get(path).status_code == 200
    assert as_moderator.get(path.replace("/nl/", "/en/")).status_code == 403
    for browser in (as_anna, as_editor):
        sent = {"deed": "pin", "topic": topic.id, "csrf_token": browser.token()}
        assert browser.post("/nl/forums/keep", data=sent).status_code == 403
        assert browser.post("/nl/forums/keep/undo/1/1", data=sent).status_code == 403
    assert not again(topic).is_pinned


@pytest.mark.parametrize("query", ["", "?deed=pin", "?deed=burn&topic=1", "?deed=pin&topic=x", "?deed=hide&topic=1"])
def test_nothing_is_kept_that_is_not_named(as_moderator, topic, query):
    assert as_moderator.get(f"/nl/forums/keep{query}").status_code == 404


def test_a_topic_of_another_site_does_not_exist(as_admin, topic):
    assert as_admin.get(f"/en/forums/keep?deed=pin&topic={topic.id}").status_code == 404


def test_a_pinned_topic_is_pinned_on_record_and_can_be_undone(as_moderator, moderator, topic):
    answer = keep(as_moderator, "pin", topic)
    assert (answer.status_code, answer.location) == (303, topic.path)
    assert again(topic).is_pinned
    decision = db.session.scalar(select(Decision))
    assert (decision.deed, decision.about, decision.moderator_id) == (Deed.PIN, topic.key, moderator.id)
    undo(as_moderator)
    assert not again(topic).is_pinned
    assert again(decision).undone_at
    deeds = list(db.session.scalars(select(AuditEntry.deed).where(AuditEntry.about == topic.key)))
    assert deeds == ["topic.pin", "decision.undone"]


def test_a_deed_is_undone_for_one_minute_only(as_moderator, topic):
    keep(as_moderator, "pin", topic)
    with unit_of_work():
        db.session.scalar(select(Decision)).at -= timedelta(seconds=61)
    undo(as_moderator)
    assert again(topic).is_pinned


def test_nobody_undoes_what_another_one_did(as_moderator, as_admin, topic):
    keep(as_moderator, "pin", topic)
    number = db.session.scalar(select(Decision.id))
    as_admin.post(f"/nl/forums/keep/undo/{number}/{number}", data={"csrf_token": as_admin.token()})
    assert again(topic).is_pinned


def test_a_locked_topic_says_why_and_opens_again(as_moderator, topic):
    assert keep(as_moderator, "lock", topic, reason="").status_code == 422
    assert keep(as_moderator, "lock", topic, reason="x" * 301).status_code == 422
    keep(as_moderator, "lock", topic, reason="We go round in circles.")
    assert (again(topic).is_locked, again(topic).lock_reason) == (True, "We go round in circles.")
    keep(as_moderator, "unlock", topic)
    assert (again(topic).is_locked, again(topic).lock_reason) == (False, "")
    undo(as_moderator)
    assert (again(topic).is_locked, again(topic).lock_reason) == (True, "We go round in circles.")


def test_a_double_click_acts_once(as_moderator, topic):
    page = as_moderator.see(f"/nl/forums/keep?deed=pin&topic={topic.id}")
    fields = {i.attributes["name"]: i.attributes.get("value") for i in page.css("main input[type=hidden]")}
    for _press in range(2):
        assert as_moderator.post("/nl/forums/keep", data=fields).status_code == 303
    assert db.session.query(Decision).count() == 1


def test_a_moved_topic_counts_where_it_stands(as_moderator, board, topic, bob):
    makers.reply(topic, bob)
    other = makers.board("Food")
    keep(as_moderator, "move", topic, board=other.id)
    assert again(topic).collection_id == other.id
    assert (again(board).item_count, again(board).post_count) == (0, 0)
    assert (again(other).item_count, again(other).post_count) == (1, 2)
    undo(as_moderator)
    assert again(topic).collection_id == board.id
    assert (again(board).item_count, again(board).post_count) == (1, 2)


def test_what_a_club_says_stays_in_it(as_moderator, board, topic, anna):
    club = makers.club("2027-03", members=[anna])
    talk = makers.board("Talk", club=club)
    inside = makers.topic(talk, anna, "Only us")
    assert keep(as_moderator, "move", inside, board=board.id).status_code == 422
    assert keep(as_moderator, "move", topic, board=talk.id).status_code == 422
    assert keep(as_moderator, "merge", inside, into=topic.path).status_code == 422
    assert keep(as_moderator, "merge", topic, into=inside.path).status_code == 422
    assert again(inside).group_id == club.id
    assert again(topic).group_id is None


def test_a_board_of_another_site_takes_nothing(as_moderator, topic):
    foreign = makers.board("Sleeping", site="en")
    assert keep(as_moderator, "move", topic, board=foreign.id).status_code == 422


@pytest.mark.parametrize("into", ["", "nowhere", "/nl/forums/topics/999-x", "999999999999"])
def test_a_merge_needs_an_address_that_is_one(as_moderator, topic, into):
    assert keep(as_moderator, "merge", topic, into=into).status_code == 422
    assert again(topic).state == State.LIVE


def test_a_topic_is_not_merged_with_itself(as_moderator, topic):
    assert keep(as_moderator, "merge", topic, into=topic.path).status_code == 422


@pytest.fixture
def pair(board, topic, anna, bob):
    """Two topics of one question: `topic` with two posts, the other with three, two of them anonymous."""
    other = makers.topic(board, bob, "Awake at five", "Who else?", is_anonymous=True)
    makers.reply(topic, anna, "Me, as nobody.", is_anonymous=True)
    makers.reply(other, anna, "Still awake.", is_anonymous=True)
    makers.reply(other, anna, "And with my name.")
    return topic, other


def posts_of(topic):
    return list(db.session.scalars(select(Post).where(Post.item_id == topic.id).order_by(Post.number)))


def test_merged_posts_stand_behind_the_last_in_their_order(as_moderator, board, pair):
    target, source = pair
    answer = keep(as_moderator, "merge", source, into=f"http://localhost{target.path}?page=1#post-1")
    assert answer.location == target.path
    assert [(post.number, post.body) for post in posts_of(target)] == [
        (1, "What do you think?"),
        (2, "Me, as nobody."),
        (3, "Who else?"),
        (4, "Still awake."),
        (5, "And with my name."),
    ]
    assert (again(target).post_count, again(target).last_post_number, again(target).last_live_number) == (5, 5, 5)
    assert (again(source).state, again(source).post_count) == (State.WITHDRAWN, 0)
    assert (again(board).item_count, again(board).post_count) == (1, 5)


def test_nobody_is_joined_to_another_name_by_a_merge(as_moderator, pair):
    target, source = pair
    keep(as_moderator, "merge", source, into=str(target.id))
    names = [post.author_name for post in posts_of(target)]
    assert len({name for name in names if name}) == 3  # Anna's two names stay two
    numbers = list(db.session.scalars(select(Pseudonym.number).where(Pseudonym.item_id == target.id)))
    assert sorted(numbers) == [1, 2, 3]
    assert posts_of(target)[1].pseudonym_id != posts_of(target)[3].pseudonym_id


def test_who_writes_on_after_a_merge_keeps_a_name(as_moderator, pair, anna, bob):
    target, source = pair
    keep(as_moderator, "merge", source, into=str(target.id))
    by_name = {post.author_name: post.pseudonym_id for post in posts_of(target)}
    more = makers.reply(again(target), bob, "Bob again.", is_anonymous=True)
    assert by_name[again(more).author_name] == again(more).pseudonym_id
    newcomer = makers.reply(again(target), makers.member(), "And me.", is_anonymous=True)
    assert again(newcomer).author_name not in by_name


def test_an_old_address_leads_to_the_merged_topic(as_moderator, visitor, pair):
    target, source = pair
    first = posts_of(source)[0]
    keep(as_moderator, "merge", source, into=str(target.id))
    answer = visitor.get(source.path)
    assert (answer.status_code, answer.location) == (301, target.path)
    assert visitor.get(f"/nl/forums/posts/{first.id}").location.startswith(target.path)


def test_where_a_merged_topic_of_a_club_stands_its_members_alone_learn(as_moderator, as_anna, visitor, anna):
    talk = makers.board("Talk", club=makers.club("2027-03", members=[anna]))
    target, source = (makers.topic(talk, again(anna)) for _ in range(2))
    keep(as_moderator, "merge", source, into=str(target.id))
    assert as_anna.get(source.path).location == target.path
    assert visitor.get(source.path).status_code == 404


def test_followers_and_readers_come_along(as_moderator, pair, anna):
    target, source = pair
    keen, apart = makers.member(), makers.member()
    with unit_of_work():
        items.follow(keen, source, Stance.FOLLOW)
        items.follow(apart, source, Stance.FOLLOW)
        items.follow(apart, target, Stance.MUTE)
        for item, number in ((target, 2), (source, 3)):
            db.session.add(ReadPosition(member_id=keen.id, item_id=item.id, number=number, at=clock.now()))
    keep(as_moderator, "merge", source, into=str(target.id))
    stances = dict(db.session.execute(select(Follow.member_id, Follow.stance).where(Follow.item_id == target.id)).all())
    assert (stances[keen.id], stances[apart.id]) == (Stance.FOLLOW, Stance.MUTE)
    assert db.session.get(ReadPosition, (keen.id, target.id)).number == 5


def test_an_undone_merge_leaves_no_trace(as_moderator, board, pair, run_jobs):
    def state():
        rows = select(Post.id, Post.item_id, Post.number, Post.author_name, Post.pseudonym_id).order_by(Post.id)
        names = select(Pseudonym.id, Pseudonym.item_id, Pseudonym.number).order_by(Pseudonym.id)
        topics = select(Topic.id, Topic.state, Topic.post_count, Topic.last_live_number).order_by(Topic.id)
        follows = select(Follow.member_id, Follow.item_id, Follow.stance).order_by(Follow.id)
        boards = select(Board.id, Board.item_count, Board.post_count)
        return [db.session.execute(query).all() for query in (rows, names, topics, follows, boards)]

    target, source = pair
    before = state()
    keep(as_moderator, "merge", source, into=str(target.id))
    assert state() != before
    undo(as_moderator)
    assert state() == before
    assert as_moderator.get(source.path).status_code == 200


def test_what_was_written_since_a_merge_stays_where_it_was_written(as_moderator, pair, bob):
    target, source = pair
    keep(as_moderator, "merge", source, into=str(target.id))
    late = makers.reply(again(target), bob, "Meanwhile.")
    undo(as_moderator)
    assert [post.number for post in posts_of(source)] == [1, 2, 3]
    assert again(late).item_id == target.id
    assert again(target).last_live_number == again(late).number


def test_several_topics_are_kept_with_one_press_and_one_undo(as_moderator, board, anna):
    topics = [makers.topic(board, anna) for _ in range(3)]
    answer = keep(as_moderator, "pin", *topics)
    assert answer.location == board.path
    assert [again(topic).is_pinned for topic in topics] == [True] * 3
    undo(as_moderator)
    assert [again(topic).is_pinned for topic in topics] == [False] * 3


def test_ticked_topics_are_merged_into_the_oldest(as_moderator, board, anna):
    topics = [makers.topic(board, anna) for _ in range(3)]
    shown = as_moderator.see(f"/nl/forums/keep?deed=merge&{'&'.join(f'topic={topic.id}' for topic in topics)}")
    assert shown.css_first("#into").attributes["value"] == topics[0].path
    keep(as_moderator, "merge", *topics, into=topics[0].path)
    assert [again(topic).state for topic in topics] == [State.LIVE, State.WITHDRAWN, State.WITHDRAWN]
    assert again(topics[0]).post_count == 3
    undo(as_moderator)
    assert [again(topic).post_count for topic in topics] == [1, 1, 1]


def test_a_slow_topic_lets_each_member_answer_once_in_its_time(as_moderator, topic, anna, bob):
    keep(as_moderator, "slow", topic, minutes="15", reason="Let everybody have a say.")
    assert (again(topic).slow_minutes, again(topic).slow_reason) == (15, "Let everybody have a say.")
    keeping.check_pace(again(topic), bob)
    makers.reply(again(topic), bob, is_anonymous=True)
    with pytest.raises(Refused, match="15"):
        keeping.check_pace(again(topic), bob)
    with unit_of_work():
        for post in posts_of(topic):
            post.created_at -= timedelta(minutes=15)
    keeping.check_pace(again(topic), bob)
    keep(as_moderator, "slow", topic, minutes="0")
    assert again(topic).slow_minutes == 0


def test_a_quiet_topic_is_found_and_never_offered(as_moderator, visitor, board, topic, bob):
    makers.article()
    makers.reply(topic, bob)
    offered = ["/nl/", "/nl/forums/", "/nl/forums/feed.xml"]
    assert all(topic.title in visitor.get(path).text for path in offered)
    keep(as_moderator, "quiet", topic)
    assert not any(topic.title in visitor.get(path).text for path in offered)
    assert all(topic.title in visitor.get(path).text for path in (board.path, topic.path))
    keep(as_moderator, "move", topic, board=str(makers.board("Food").id))
    assert again(topic).is_quiet
    keep(as_moderator, "unquiet", topic)
    assert topic.title in visitor.get("/nl/").text


def test_all_topics_of_a_board_are_quiet_with_it(as_moderator, as_anna, visitor, board, topic, bob):
    makers.article()
    makers.reply(topic, bob)
    path = f"/nl/forums/keep/board/{board.id}"
    assert as_anna.get(path).status_code == 403
    assert as_moderator.get(path.replace("/nl/", "/en/")).status_code == 403
    assert as_moderator.send(path, {"is_quiet": "y"}).location == board.path
    assert topic.title not in visitor.get("/nl/").text
    assert makers.topic(again(board), bob).is_quiet
    elsewhere = makers.topic(makers.board("Food"), bob)
    keep(as_moderator, "move", topic, board=str(elsewhere.collection_id))
    assert not again(topic).is_quiet
    undo(as_moderator)
    assert again(topic).is_quiet
    as_moderator.send(path, {})
    assert topic.title in visitor.get("/nl/").text
    deeds = db.session.scalars(select(AuditEntry.deed).where(AuditEntry.about == again(board).key))
    assert list(deeds) == ["board.quiet", "board.unquiet"]


def test_the_talk_of_a_club_is_kept_by_its_club(as_moderator):
    talk = makers.board("Talk", club=makers.club())
    assert as_moderator.get(f"/nl/forums/keep/board/{talk.id}").status_code == 404


def test_keeping_costs_the_same_for_5_and_for_50_topics(as_moderator, board, anna, statements):
    def cost(count):
        topics = [makers.topic(board, anna) for _ in range(count)]
        chosen = "&".join(f"topic={topic.id}" for topic in topics)
        return len(statements(lambda: as_moderator.see(f"/nl/forums/keep?deed=move&{chosen}")))

    assert cost(5) == cost(50) <= 8
