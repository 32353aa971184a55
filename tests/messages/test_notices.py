"""The bell: who is told of what, once, and what the page and the header show of it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Post, Stance, State
from community.members.models import Member
from community.messages.actions import choices as choosing
from community.messages.actions import notices
from community.messages.models import Choices, Notice, NoticeKind
from community.profiles import actions as profiles
from tests import makers

HERE = "/account/notices"


@pytest.fixture
def carl(app: Any) -> Member:
    return makers.member("Carl", site="en")


@pytest.fixture
def dora(app: Any) -> Member:
    return makers.member("Dora", site="en")


@pytest.fixture
def topic(carl: Member) -> Any:
    return makers.topic(makers.board("Sleep", site="en"), carl, "Will she ever sleep?")


def follow(member: Member, thing: Any, stance: Stance = Stance.FOLLOW) -> None:
    with unit_of_work():
        items.follow(db.session.get_one(Member, member.id), db.session.get_one(type(thing), thing.id), stance)


def told(member: Member) -> list[str]:
    """The kinds of a member's notices, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)))


def count(member: Member) -> int:
    db.session.expire_all()
    return db.session.get_one(Member, member.id).notice_count


def words(browser: Any, path: str = f"{HERE}?site=en") -> list[str]:
    return [found.text() for found in browser.see(path).css(".notice__words")]


def test_an_answer_is_told_to_who_follows_and_never_to_its_writer(
    topic: Any, carl: Member, dora: Member, run_jobs: Any
) -> None:
    makers.reply(topic, dora)
    run_jobs()
    assert told(carl) == ["answer"]
    assert told(dora) == []
    assert count(carl) == 1


def test_one_post_is_told_once_by_the_strongest_reason(topic: Any, carl: Member, dora: Member, run_jobs: Any) -> None:
    mine = makers.reply(topic, carl)
    makers.reply(topic, dora, "Listen @carl, it ends.", parent=mine)
    run_jobs()
    assert told(carl) == ["quote"]


def test_whoever_is_named_hears_of_it(topic: Any, dora: Member, bob: Member, run_jobs: Any) -> None:
    makers.reply(topic, dora, f"Ask @{bob.username} about it.")
    run_jobs()
    assert told(bob) == ["mention"]


def test_the_writer_of_an_anonymous_question_hears_of_answers_and_no_name_is_kept_of_anonymous_answers(
    carl: Member, dora: Member, run_jobs: Any
) -> None:
    topic = makers.topic(makers.board(site="en"), carl, is_anonymous=True)
    makers.reply(topic, dora, is_anonymous=True)
    run_jobs()
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.member_id, notice.actor_id, notice.actor_name) == (carl.id, None, "Anonymous parent 2")


def test_a_new_conversation_is_told_to_followers_of_board_person_and_subject(
    carl: Member, dora: Member, bob: Member, anna: Member, run_jobs: Any
) -> None:
    with unit_of_work():
        theme = items.tag_named(carl.site, "Sleep", is_theme=True)
    board = makers.board(site="en", theme_id=theme.id)
    follow(dora, board)
    follow(bob, carl)
    follow(anna, theme)
    makers.topic(board, carl)
    run_jobs()
    assert (told(dora), told(bob), told(anna)) == (["topic"],) * 3


def test_a_followed_person_is_not_followed_into_an_anonymous_conversation(
    carl: Member, bob: Member, run_jobs: Any
) -> None:
    follow(bob, carl)
    makers.topic(makers.board(site="en"), carl, is_anonymous=True)
    run_jobs()
    assert told(bob) == []


def test_muted_things_and_blocked_people_are_silent(topic: Any, carl: Member, dora: Member, run_jobs: Any) -> None:
    follow(carl, dora, Stance.BLOCK)
    makers.reply(topic, dora, "Hello @carl")
    run_jobs()
    assert told(carl) == []


def test_talk_of_a_club_is_told_to_nobody_outside(carl: Member, dora: Member, bob: Member, run_jobs: Any) -> None:
    club = makers.club(site="en", members=[carl, dora])
    board = makers.board(site="en", club=club)
    topic = makers.topic(board, carl)
    follow(dora, topic)
    follow(bob, topic)
    makers.reply(topic, carl, f"Hello @{bob.username}")
    run_jobs()
    assert told(dora) == ["answer"]
    assert told(bob) == []


def test_a_post_that_is_told_again_is_told_nobody_twice(topic: Any, carl: Member, dora: Member, run_jobs: Any) -> None:
    post = makers.reply(topic, dora)
    run_jobs()
    notices.tell_of_post(post.id)
    with unit_of_work():
        notices.tell(db.session.get_one(Member, carl.id), NoticeKind.THANKS, post.key)
    assert told(carl) == ["answer"]
    assert count(carl) == 1


def test_what_was_hidden_before_its_time_is_told_nobody(topic: Any, carl: Member, dora: Member, run_jobs: Any) -> None:
    post = makers.reply(topic, dora)
    with unit_of_work():
        items.set_post_state(db.session.get_one(Post, post.id), State.HIDDEN)
    run_jobs()
    assert told(carl) == []


def test_a_kind_that_was_switched_off_is_not_told_but_a_decision_always(
    topic: Any, carl: Member, dora: Member, run_jobs: Any
) -> None:
    with unit_of_work():
        choosing.choices_for(db.session.get_one(Member, carl.id)).bell = []
    makers.reply(topic, dora)
    run_jobs()
    with unit_of_work():
        member = db.session.get_one(Member, carl.id)
        notices.tell(member, NoticeKind.DECISION, "decision:1", path="/account/decisions/1")
    assert told(carl) == ["decision"]


def test_two_thousand_followers_are_told_with_as_many_statements_as_a_few(
    topic: Any, dora: Member, run_jobs: Any, statements: Any
) -> None:
    def add_followers(number: int, offset: int) -> None:
        rows = [
            {
                "name": f"F{n}",
                "name_skeleton": f"f{n}",
                "site": dora.site,
                "state": "active",
                "joined_at": topic.created_at,
            }
            | {"role_names": [], "group_ids": [], "visit_days": 0, "notice_count": 0, "password_hash": "", "title": ""}
            for n in range(offset, offset + number)
        ]
        with unit_of_work():
            ids = db.session.scalars(db.insert(Member).returning(Member.id), rows).all()
            follows = [
                {"member_id": i, "item_id": topic.id, "stance": "follow", "since": topic.created_at} for i in ids
            ]
            db.session.execute(db.insert(items.Follow), follows)

    add_followers(5, 0)
    first = makers.reply(topic, dora)
    few = len(statements(lambda: notices.tell_of_post(first.id)))
    add_followers(2_000, 100)
    second = makers.reply(topic, dora)
    many = len(statements(lambda: notices.tell_of_post(second.id)))
    assert db.session.query(Notice).filter_by(post_id=second.id).count() == 2_006
    a_batch = 4  # the post, the hearers, the notices, the counts
    assert many <= few + 4 * a_batch + 12


def test_two_workers_at_once_tell_everybody_once(app: Any, topic: Any, carl: Member, dora: Member) -> None:
    post_id = makers.reply(topic, dora).id

    def work() -> None:
        with app.app_context():
            notices.tell_of_post(post_id)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told(carl) == ["answer"]
    assert count(carl) == 1


def test_the_bell_groups_a_conversation_and_leads_to_its_first_unread_post(
    topic: Any, carl: Member, dora: Member, bob: Member, run_jobs: Any, browser_of: Any
) -> None:
    first = makers.reply(topic, dora)
    makers.reply(topic, bob)
    run_jobs()
    browser = browser_of(carl)
    page = browser.see(HERE)
    line = page.css_first(".notice--unread a")
    assert line.text() == "Bob and 1 other answered in “Will she ever sleep?”"
    assert line.attributes["href"] == f"/en/forums/posts/{first.id}"
    assert page.css_first(".top .dot").text() == "2"


def test_all_are_marked_as_read_by_a_button(
    topic: Any, carl: Member, dora: Member, run_jobs: Any, browser_of: Any
) -> None:
    makers.reply(topic, dora)
    run_jobs()
    browser = browser_of(carl)
    assert browser.send(f"{HERE}/seen", page=HERE).status_code == 303
    page = browser.see(HERE)
    assert page.css_first(".notice--unread") is None
    assert page.css_first(".dot") is None
    assert count(carl) == 0


def test_seeing_the_conversation_reads_what_was_told_of_it(
    topic: Any, carl: Member, dora: Member, run_jobs: Any
) -> None:
    makers.reply(topic, dora)
    run_jobs()
    with unit_of_work():
        notices.seen(carl.id, topic.id)
    assert count(carl) == 0


def test_what_was_hidden_since_leaves_the_list_and_the_number(
    topic: Any, carl: Member, dora: Member, run_jobs: Any, browser_of: Any
) -> None:
    post = makers.reply(topic, dora)
    run_jobs()
    with unit_of_work():
        items.set_post_state(db.session.get_one(Post, post.id), State.HIDDEN)
    assert words(browser_of(carl)) == []
    assert count(carl) == 0


def test_older_notices_come_by_a_cursor(carl: Member, browser_of: Any) -> None:
    with unit_of_work():
        member = db.session.get_one(Member, carl.id)
        for number in range(25):
            notices.tell(member, NoticeKind.REPORT, f"report:{number}", path=f"/en/{number}")
    browser = browser_of(carl)
    page = browser.see(HERE)
    assert len(page.css(".notice")) == 20
    older = page.css_first("a[href*=before]").attributes["href"]
    assert len(words(browser, older)) == 5
    assert browser.get(f"{HERE}?before=x").status_code == 404


@pytest.mark.parametrize("number", [5, 50])
def test_the_page_needs_eight_statements_at_most(number: int, carl: Member, browser_of: Any, statements: Any) -> None:
    with unit_of_work():
        member = db.session.get_one(Member, carl.id)
        for n in range(number):
            notices.tell(member, NoticeKind.REPORT, f"report:{n}", path=f"/en/{n}")
    browser = browser_of(carl)
    browser.see(HERE)
    assert len(statements(lambda: browser.get(HERE))) <= 8


def test_after_something_changed_nothing_of_a_week_or_club_is_told_and_no_title_is_named(
    topic: Any, carl: Member, dora: Member, run_jobs: Any, browser_of: Any
) -> None:
    club = makers.club(site="en", members=[carl, dora])
    in_club = makers.topic(makers.board(site="en", club=club), carl, "Club talk of March")
    of_week = makers.topic(makers.board("Pregnant", site="en", stage_from=-280, stage_to=-1), carl, "Week 24")
    for place in (topic, in_club, of_week):
        makers.reply(place, dora)
    run_jobs()
    assert count(carl) == 3
    with unit_of_work():
        profiles.stop(db.session.get_one(Member, carl.id), [])
    assert count(carl) == 1
    for place in (topic, in_club, of_week):
        makers.reply(place, dora)
    run_jobs()
    assert told(carl) == ["answer"] * 4
    page = browser_of(carl).see(HERE)
    assert [line.text() for line in page.css(".notice__words")] == [
        "Somebody answered in a conversation that you follow"
    ]
    assert "Will she" not in page.text()
    with unit_of_work():
        profiles.resume(db.session.get_one(Member, carl.id))
    assert count(carl) == 4


def test_a_notice_that_leads_nowhere_is_words_alone(carl: Member, browser_of: Any) -> None:
    with unit_of_work():
        notices.tell(db.session.get_one(Member, carl.id), NoticeKind.REPORT, "report:1")
    assert (
        browser_of(carl).see(f"{HERE}?site=en").css_first("span.notice__words").text()
        == "What you reported was looked at"
    )


def test_a_visitor_is_asked_to_sign_in(visitor: Any) -> None:
    assert "/sign-in" in visitor.get(HERE).location


def test_choices_are_kept_by_kind_and_channel(carl: Member, browser_of: Callable[..., Any]) -> None:
    browser = browser_of(carl)
    chosen = {"bell": ["answer", "quote"], "mail": ["quote"], "consent_mail": "y", "weekly": "y", "only_club": "y"}
    assert browser.send(HERE, chosen).status_code == 303
    kept = db.session.get_one(Choices, carl.id)
    assert set(kept.bell) == {"answer", "quote", "decision", "report", "case", "feature"}
    assert (kept.mail, kept.weekly, kept.only_club, kept.paused_until) == (["quote"], True, True, None)
    page = browser.see(HERE)
    ticked = [(box.attributes["name"], box.attributes["value"]) for box in page.css(".choices input[checked]")]
    assert sorted(ticked) == [("bell", "answer"), ("bell", "quote"), ("mail", "quote")]


def test_a_mail_that_is_chosen_without_the_yes_is_asked_for_it(carl: Member, browser_of: Any) -> None:
    answer = browser_of(carl).send(HERE, {"mail": ["quote"]})
    assert answer.status_code == 422
    assert "consent_mail-error" in answer.text
    assert not db.session.get_one(Member, carl.id).mail


def test_a_yes_is_taken_back_in_one_press_and_what_was_chosen_stays(carl: Member, browser_of: Any) -> None:
    browser = browser_of(carl)
    browser.send(HERE, {"mail": ["quote"], "consent_mail": "y"})
    assert browser.send(HERE, {"mail": ["quote"]}).status_code == 303
    assert not db.session.get_one(Member, carl.id).mail
    assert db.session.get_one(Choices, carl.id).mail == ["quote"]


def test_a_kind_that_is_none_is_refused(carl: Member, browser_of: Any) -> None:
    assert browser_of(carl).send(HERE, {"bell": ["everything"]}).status_code == 422
