"""Mails about notices, the way out of every mail, and addresses that mail comes back from."""

import email
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.members import actions as members
from community.members.models import Member, MemberState, Purpose
from community.messages.actions import choices as choosing
from community.messages.actions import mails as actions
from community.messages.actions import notices
from community.messages.actions.suppression import stop_mail
from community.messages.models import BounceKind, Choices, Mail, MailClass, MailState, Notice
from community.profiles import actions as profiles
from community.web.letters import address_to_end
from tests import makers
from tests.messages.conftest import Sink

HERE = "/account/notices"


@pytest.fixture
def carl(app: Any) -> Member:
    return makers.member("Carl", site="en", consents=("mail",))


@pytest.fixture
def topic(carl: Member) -> Any:
    return makers.topic(makers.board("Sleep", site="en"), carl, "Will she ever sleep?")


def mails(name: str = "notices") -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).where(Mail.name == name).order_by(Mail.id)))


def pass_time(run_jobs: Any, **distance: int) -> None:
    """Let time go by, and the worker look for what is unread."""
    run_jobs()
    clock.move_by(timedelta(**distance))
    notices.mail_unread()
    run_jobs()


def send(
    member: Member, name: str = "password-changed", mail_class: MailClass = MailClass.SERVICE, **more: Any
) -> None:
    with unit_of_work():
        actions.send_later(db.session.get_one(Member, member.id), name, mail_class, path="/somewhere", **more)


def fresh(member: Member) -> Member:
    db.session.expire_all()
    return db.session.get_one(Member, member.id)


def test_what_is_still_unread_is_mailed_some_minutes_later_in_one_mail(
    topic: Any, bob: Member, anna: Member, run_jobs: Any
) -> None:
    makers.reply(topic, bob)
    makers.reply(topic, anna)
    pass_time(run_jobs, minutes=5)
    assert mails() == []
    pass_time(run_jobs, minutes=6)
    mail = mails()[0]
    assert (mail.mail_class, mail.ends) == ("community", "answer")
    assert mail.subject == "Anna and 1 other answered in “Will she ever sleep?”"
    assert "/en/forums/posts/" in mail.text
    assert "/unsubscribe/" in mail.text
    assert "/unsubscribe/" in mail.html
    assert "You get this mail because" in mail.html


def test_what_was_seen_is_not_mailed(topic: Any, carl: Member, bob: Member, run_jobs: Any) -> None:
    makers.reply(topic, bob)
    run_jobs()
    with unit_of_work():
        notices.seen(carl.id, topic.id)
    pass_time(run_jobs, minutes=15)
    assert mails() == []


def test_a_conversation_is_mailed_once_a_day_with_what_came_since(topic: Any, bob: Member, run_jobs: Any) -> None:
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    assert len(mails()) == 1
    makers.reply(topic, bob)
    pass_time(run_jobs, hours=24)
    assert len(mails()) == 2
    pass_time(run_jobs, hours=48)
    assert len(mails()) == 2


def test_without_the_yes_and_in_a_pause_nothing_is_mailed(carl: Member, topic: Any, bob: Member, run_jobs: Any) -> None:
    with unit_of_work():
        choosing.set_pause(choosing.choices_for(fresh(carl)), True)
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    assert mails() == []
    with unit_of_work():
        choosing.set_pause(choosing.choices_for(fresh(carl)), False)
        members.set_consent(fresh(carl), Purpose.MAIL, False, source="test")
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    assert mails() == []


def test_a_pause_ends_by_itself(carl: Member, topic: Any, bob: Member, run_jobs: Any) -> None:
    with unit_of_work():
        choosing.set_pause(choosing.choices_for(fresh(carl)), True)
    clock.move_by(timedelta(days=30, minutes=1))
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    assert len(mails()) == 1


def test_only_my_clubs_leaves_other_conversations_to_the_bell(
    carl: Member, topic: Any, bob: Member, run_jobs: Any
) -> None:
    club = makers.club(site="en", members=[carl, bob])
    in_club = makers.topic(makers.board(site="en", club=club), carl, "Our talk")
    with unit_of_work():
        choosing.choices_for(fresh(carl)).only_club = True
    makers.reply(topic, bob)
    makers.reply(in_club, bob)
    pass_time(run_jobs, minutes=15)
    assert [mail.subject for mail in mails()] == ["Bob answered in “Our talk”"]
    assert fresh(carl).notice_count == 2


def test_a_mail_that_waits_is_not_sent_after_something_changed(
    sink: Sink, carl: Member, topic: Any, bob: Member, run_jobs: Any
) -> None:
    makers.reply(topic, bob)
    run_jobs()
    clock.move_by(timedelta(minutes=15))
    notices.mail_notices(carl.id)
    with unit_of_work():
        profiles.stop(fresh(carl), [])
    run_jobs()
    assert [mail.state for mail in mails()] == [MailState.FAILED]
    makers.reply(topic, bob)
    pass_time(run_jobs, hours=25)
    mail = mails()[-1]
    assert mail.subject == "Somebody answered in a conversation that you follow"
    assert "Will she" not in mail.text + mail.html
    assert len(sink.received) == 1


def test_every_class_carries_the_one_click_header_and_its_own_id(sink: Sink, carl: Member, run_jobs: Any) -> None:
    with unit_of_work():
        members.set_consent(fresh(carl), Purpose.OFFERS, True, source="test")
    for mail_class in MailClass:
        send(carl, mail_class=mail_class)
    run_jobs()
    received = [email.message_from_bytes(envelope.content) for envelope in sink.received]
    assert len(received) == 5
    for message in received:
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<http://localhost/unsubscribe/[\w.-]+\?site=en>", message["List-Unsubscribe"].strip())
        assert message["Message-ID"].endswith("@community.example>")
        assert message["Date"]
    assert len({message["Message-ID"] for message in received}) == 5


def end(browser: Any, address: str, **fields: str) -> Any:
    return browser.post(address.removeprefix("http://localhost"), data=fields)


def test_getting_the_address_changes_nothing_and_one_click_ends_exactly_that_kind(carl: Member, visitor: Any) -> None:
    address = address_to_end(carl, "answer")
    page = visitor.see(address.removeprefix("http://localhost"))
    assert page.css_first("h1").text() == "No more mails?"
    assert page.css_first("[name=csrf_token]") is None
    assert visitor.head(address.removeprefix("http://localhost")).status_code == 200
    assert db.session.get(Choices, carl.id) is None
    for _twice in range(2):
        assert end(visitor, address, **{"List-Unsubscribe": "One-Click"}).status_code == 303
    assert db.session.get_one(Choices, carl.id).mail == ["quote", "mention", "accepted", "message"]
    assert fresh(carl).mail


def test_all_mails_end_and_come_again_by_the_same_page(carl: Member, visitor: Any) -> None:
    address = address_to_end(carl, "weekly")
    end(visitor, address, action="all")
    assert not fresh(carl).mail
    end(visitor, address, action="again")
    assert fresh(carl).mail
    assert db.session.get_one(Choices, carl.id).weekly
    send(carl, mail_class=MailClass.EDITORIAL, ends="weekly")
    end(visitor, address, action="this")
    send(carl, mail_class=MailClass.EDITORIAL, ends="weekly")
    assert len(mails("password-changed")) == 1


def test_a_registration_that_was_never_confirmed_is_forgotten(app: Any, visitor: Any) -> None:
    waiting = makers.member("Wim", confirmed=False)
    address = address_to_end(waiting, "all")
    assert len(visitor.see(address.removeprefix("http://localhost")).css("main form")) == 1
    assert fresh(waiting).state == MemberState.UNCONFIRMED
    for _twice in range(2):
        assert end(visitor, address).status_code == 303
        assert fresh(waiting).state == MemberState.ERASED
    assert visitor.get(address.removeprefix("http://localhost")).location == "/deleted"


def test_whoever_gets_a_mail_by_a_wrong_new_address_ends_only_that(carl: Member, visitor: Any) -> None:
    with unit_of_work():
        fresh(carl).new_email = "stranger@example.org"
    end(visitor, address_to_end(carl, "new-address"))
    assert (fresh(carl).new_email, fresh(carl).mail) == (None, True)


@pytest.mark.parametrize("token", ["nothing", "WzEsImFsbCJd.wrong", "a" * 3000, "%00"])
def test_an_address_that_is_not_ours_is_404(token: str, visitor: Any) -> None:
    assert visitor.get(f"/unsubscribe/{token}").status_code == 404
    assert visitor.post(f"/unsubscribe/{token}").status_code == 404


def told(address: str, kind: BounceKind, source: str = "1") -> bool:
    with unit_of_work():
        return stop_mail(address, kind, "5.1.1", "no such user\r\nhere", clock.now(), source)


def test_a_hard_bounce_stops_every_mail_and_a_complaint_all_but_what_is_asked_for(
    carl: Member, anna: Member, bob: Member
) -> None:
    told("Carl@Example.org", BounceKind.HARD)
    told(anna.email or "", BounceKind.COMPLAINT, "2")
    for member in (carl, anna, bob):
        send(member)
        send(member, "reset", MailClass.TRANSACTIONAL)
    assert {(mail.member_id, mail.name) for name in ("reset", "password-changed") for mail in mails(name)} == {
        (anna.id, "reset"),
        (bob.id, "reset"),
        (bob.id, "password-changed"),
    }


def test_a_mail_that_waits_is_not_sent_to_an_address_that_came_back(sink: Sink, carl: Member, run_jobs: Any) -> None:
    send(carl)
    told("carl@example.org", BounceKind.HARD)
    run_jobs()
    mail = mails("password-changed")[0]
    assert (mail.state, mail.why_failed) == (MailState.FAILED, "mail to this address came back")
    assert sink.received == []


def test_three_soft_bounces_within_thirty_days_stop_mail_and_each_counts_once(carl: Member) -> None:
    assert told("carl@example.org", BounceKind.SOFT, "a")
    assert not told("carl@example.org", BounceKind.SOFT, "a")
    clock.move_by(timedelta(days=31))
    told("carl@example.org", BounceKind.SOFT, "b")
    told("carl@example.org", BounceKind.SOFT, "c")
    send(carl)
    assert len(mails("password-changed")) == 1
    told("carl@example.org", BounceKind.SOFT, "d")
    send(carl)
    assert len(mails("password-changed")) == 1


def test_the_member_sees_what_came_back_and_tries_again_once_a_day(carl: Member, browser_of: Any) -> None:
    told("carl@example.org", BounceKind.HARD)
    browser = browser_of(carl)
    for place in (HERE, "/account/"):
        page = browser.see(f"{place}?site=en").text()
        assert "Mails to carl@example.org came back on" in page
    assert "no such user here" in page
    assert browser.send(f"{HERE}/try-again", page=HERE).status_code == 303
    assert len(mails("trial")) == 1
    assert "came back" not in browser.see(f"{HERE}?site=en").text()
    assert not told("carl@example.org", BounceKind.HARD)  # the same message, read again
    told("carl@example.org", BounceKind.HARD, "2")
    browser.send(f"{HERE}/try-again", page=HERE)
    assert len(mails("trial")) == 1
    clock.move_by(timedelta(days=1, minutes=1))
    browser.send(f"{HERE}/try-again", page=HERE)
    assert len(mails("trial")) == 2


def test_a_decision_reaches_somebody_who_may_not_come_in(carl: Member) -> None:
    makers.set_state(carl, MemberState.SUSPENDED)
    send(carl)
    send(carl, "reset", MailClass.TRANSACTIONAL)
    assert (len(mails("password-changed")), len(mails("reset"))) == (1, 0)


def test_a_title_cannot_break_out_of_a_mail(carl: Member, bob: Member, run_jobs: Any) -> None:
    topic = makers.topic(makers.board(site="en"), carl, "<b>Bcc: x@example.org</b>\n")
    makers.reply(topic, bob)
    pass_time(run_jobs, minutes=15)
    mail = mails()[0]
    assert "\n" not in mail.subject
    assert "<b>" not in mail.html
    assert db.session.query(Notice).one().mailed_at is not None
    assert db.session.get_one(Item, topic.id).title
