"""The weekly letter: who gets it when, what it holds, and that the one stop ends it for good."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.articles.models import StageNote
from community.core import clock
from community.core.db import db, unit_of_work
from community.home import actions
from community.home.models import WeeklyLetter
from community.items import actions as items
from community.items.models import Stance
from community.members import actions as members
from community.members.models import Member, Purpose
from community.messages.actions import choices as choosing
from community.messages.actions import notices
from community.messages.models import Mail
from community.profiles import actions as profiles
from community.profiles.queries import children_of
from tests import makers

PREVIEW = "/account/notices/weekly"


@pytest.fixture
def vera(app: Any) -> Member:
    """Pregnant, in a club, and agreed to mail and to personalisation. It is ten in the morning."""
    at_hour(10)
    made = makers.member("Vera", site="en", consents=("mail", "personalisation"))
    makers.pregnancy(made)
    return made


def at_hour(hour: int) -> None:
    """Let the day go on until this hour in London."""
    now = clock.now()
    clock.move_by((hour - now.hour - now.minute / 60 + 0.1) % 24 * timedelta(hours=1))


def note(headline: str = "Your baby hears you") -> None:
    with unit_of_work():
        db.session.add(
            StageNote(site=makers.SITES["en"], stage_from=-119, stage_to=-106, headline=headline, body="Sing a little.")
        )


def letters() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).where(Mail.name == "weekly").order_by(Mail.id)))


def look(run_jobs: Any) -> None:
    actions.find_due_letters()
    run_jobs()


def fresh(member: Member) -> Member:
    db.session.expire_all()
    return db.session.get_one(Member, member.id)


def test_it_holds_her_week_her_club_answers_and_reading_with_reasons(vera: Member, bob: Member, run_jobs: Any) -> None:
    note()
    makers.article("Hearing", site="en", stage=(-119, -106))
    club = makers.club(site="en", members=[vera, bob])
    makers.topic(makers.board(site="en", club=club), bob, "Who is due in March?")
    topic = makers.topic(makers.board(site="en"), vera, "Which bed?")
    answer = makers.reply(topic, bob)
    look(run_jobs)
    mail = letters()[0]
    assert (mail.mail_class, mail.ends, mail.subject) == ("editorial", "weekly", "Your baby hears you")
    for words in (mail.text, mail.html):
        for part in ("24 weeks", "Sing a little.", "Which bed?", f"/posts/{answer.id}", "Who is due in March?"):
            assert part in words
        assert "Hearing" in words
        assert "You are in week 24" in words
        assert "/account/changed" in words
        assert "/unsubscribe/" in words


def test_it_leaves_once_a_week_however_often_the_worker_looks(vera: Member, run_jobs: Any) -> None:
    makers.article(site="en")
    for _hour in range(3):
        look(run_jobs)
        actions.write_letter(vera.id)
        clock.move_by(timedelta(hours=1))
    assert len(letters()) == 1
    clock.move_by(timedelta(days=6, hours=20))
    look(run_jobs)
    assert len(letters()) == 1
    clock.move_by(timedelta(hours=2))
    look(run_jobs)
    assert len(letters()) == 2
    weeks = set(db.session.scalars(select(WeeklyLetter.week)))
    assert len(weeks) == 2
    assert all(re.fullmatch(r"\d{4}-W\d\d", week) for week in weeks)


@pytest.mark.parametrize(("hour", "count"), [(6, 0), (8, 1), (19, 1), (21, 0)])
def test_it_comes_by_day(hour: int, count: int, vera: Member, run_jobs: Any) -> None:
    makers.article(site="en")
    at_hour(hour)
    look(run_jobs)
    assert len(letters()) == count


def test_nothing_to_say_is_no_mail(vera: Member, run_jobs: Any) -> None:
    look(run_jobs)
    assert letters() == []


def test_without_the_yes_in_a_pause_or_switched_off_none_is_written(vera: Member, run_jobs: Any) -> None:
    makers.article(site="en")
    with unit_of_work():
        members.set_consent(fresh(vera), Purpose.MAIL, False, source="test")
    look(run_jobs)
    with unit_of_work():
        member = fresh(vera)
        members.set_consent(member, Purpose.MAIL, True, source="test")
        choosing.choices_for(member).weekly = False
    look(run_jobs)
    with unit_of_work():
        choices = choosing.choices_for(fresh(vera))
        choices.weekly = True
        choosing.set_pause(choices, True)
    look(run_jobs)
    assert letters() == []
    with unit_of_work():
        choosing.set_pause(choosing.choices_for(fresh(vera)), False)
    look(run_jobs)
    assert len(letters()) == 1


def test_only_my_clubs_is_a_letter_of_the_club_alone(vera: Member, bob: Member, run_jobs: Any) -> None:
    makers.article("Hearing", site="en")
    club = makers.club(site="en", members=[vera, bob])
    makers.topic(makers.board(site="en", club=club), bob, "Who is due in March?")
    with unit_of_work():
        choosing.choices_for(fresh(vera)).only_club = True
    look(run_jobs)
    assert "Who is due in March?" in letters()[0].text
    assert "Hearing" not in letters()[0].text


def test_quiet_talk_of_a_club_is_in_no_letter_and_not_on_the_own_page(
    vera: Member, bob: Member, run_jobs: Any, browser_of: Any
) -> None:
    makers.article(site="en")
    talk = makers.board(site="en", club=makers.club(site="en", members=[vera, bob]))
    quiet = makers.topic(talk, bob, "We lost ours")
    makers.topic(talk, bob, "Who is due in March?")
    with unit_of_work():
        db.session.get_one(type(quiet), quiet.id).is_quiet = True
    look(run_jobs)
    for words in (letters()[0].text, browser_of(fresh(vera)).get("/en/home").text):
        assert "Who is due in March?" in words
        assert "We lost ours" not in words


def test_talk_of_a_club_that_was_left_and_muted_talk_stay_out(vera: Member, bob: Member, run_jobs: Any) -> None:
    makers.article(site="en")
    club = makers.club(site="en", members=[bob])
    makers.topic(makers.board(site="en", club=club), bob, "Not for her")
    muted = makers.topic(makers.board(site="en"), vera, "Enough of this")
    makers.reply(muted, bob)
    with unit_of_work():
        items.follow(fresh(vera), db.session.get_one(type(muted), muted.id), Stance.MUTE)
    look(run_jobs)
    assert "Not for her" not in letters()[0].text
    assert "Enough of this" not in letters()[0].text


def test_sixty_days_after_the_stop_no_mail_and_no_bell_has_named_week_club_or_baby(
    vera: Member, bob: Member, run_jobs: Any
) -> None:
    note()
    makers.article("Your baby in week 24", site="en", stage=(-280, 200))
    club = makers.club(site="en", members=[vera, bob])
    board = makers.board("Club of March", site="en", club=club)
    in_club = makers.topic(board, vera, "Our babies of March")
    plain = makers.topic(makers.board(site="en"), vera, "My week and my baby")
    with unit_of_work():
        member = fresh(vera)
        profiles.stop(member, children_of(member))
    stopped_at = clock.now()
    for day in range(60):
        makers.reply(in_club, bob, f"The baby kicks, day {day}")
        makers.reply(plain, bob, f"The baby sleeps, day {day}")
        makers.topic(board, bob, f"Week talk {day}")
        clock.move_by(timedelta(days=1))
        run_jobs()
        look(run_jobs)
        notices.mail_unread()
        run_jobs()
    sent = list(db.session.scalars(select(Mail).where(Mail.member_id == vera.id, Mail.created_at > stopped_at)))
    told = re.compile(r"baby|babies|week|club|march", re.IGNORECASE)
    assert {mail.name for mail in sent} == {"notices"}
    assert [mail.subject for mail in sent if told.search(mail.subject)] == []
    assert [mail.text for mail in sent if told.search(mail.text.partition("-- ")[0])] == []
    assert fresh(vera).group_ids == [club.id]


def test_the_member_sees_what_the_next_one_would_hold(vera: Member, browser_of: Any, statements: Any) -> None:
    note()
    makers.article("Hearing", site="en", stage=(-119, -106))
    browser = browser_of(vera)
    page = browser.see(PREVIEW).text()
    assert "Your baby hears you" in page
    assert "Hearing" in page
    assert letters() == []
    few = len(statements(lambda: browser.get(PREVIEW)))
    for number in range(20):
        makers.article(f"More {number}", site="en", stage=(-119, -106))
    assert len(statements(lambda: browser.get(PREVIEW))) == few <= 14


def test_a_visitor_is_asked_to_sign_in(visitor: Any) -> None:
    assert "/sign-in" in visitor.get(PREVIEW).location


def test_many_members_are_found_in_batches(app: Any, run_jobs: Any, monkeypatch: Any) -> None:
    at_hour(10)
    makers.article(site="en")
    people = [makers.member(site="en", consents=("mail",)) for _ in range(5)]
    monkeypatch.setattr(actions, "BATCH", 2)
    look(run_jobs)
    assert {mail.member_id for mail in letters()} == {person.id for person in people}
