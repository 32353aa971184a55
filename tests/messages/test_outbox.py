"""A mail is a row before it is a message: claimed, sent, marked; its fate, if unknown, is said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.messages.actions import mails as actions
from community.messages.models import Mail, MailClass, MailState
from tests import makers
from tests.messages.conftest import Sink


def send(member: Member, name: str = "confirm", **more: Any) -> None:
    with unit_of_work():
        actions.send_later(member, name, MailClass.TRANSACTIONAL, path="/confirm/t-o-k-e-n", **more)


def mail() -> Mail:
    db.session.expire_all()
    return db.session.query(Mail).one()


def test_a_mail_reaches_a_real_server_and_its_token_is_not_kept(
    sink: Sink, anna: Member, run_jobs: Callable[[], int]
) -> None:
    send(anna)
    run_jobs()
    content = sink.received[0].content.decode()
    assert sink.received[0].rcpt_tos == [anna.email]
    assert "text/plain" in content
    assert "text/html" in content
    assert (mail().state, mail().text) == (MailState.SENT, "")


def test_without_a_server_it_stays_readable(app: Flask, anna: Member, run_jobs: Callable[[], int]) -> None:
    send(anna)
    run_jobs()
    assert mail().state == MailState.WAITING
    assert "/confirm/t-o-k-e-n" in mail().text


def test_a_server_that_is_away_is_tried_again(sink: Sink, anna: Member, run_jobs: Callable[[], int]) -> None:
    sink.answer = "451 try later"
    send(anna)
    run_jobs()
    assert mail().state == MailState.WAITING
    sink.answer = "250 OK"
    clock.move_by(timedelta(hours=1))
    run_jobs()
    assert mail().state == MailState.SENT
    assert len(sink.received) == 1


def test_a_mail_whose_worker_died_is_shown_and_not_sent_again(
    sink: Sink, anna: Member, run_jobs: Callable[[], int]
) -> None:
    send(anna)
    with unit_of_work():
        claimed = mail()
        claimed.state, claimed.sent_at = MailState.CLAIMED, clock.now()
    clock.move_by(timedelta(minutes=10))
    actions.name_the_unknown()
    run_jobs()
    assert mail().state == MailState.UNKNOWN
    assert sink.received == []


def test_the_address_is_read_when_it_is_sent(sink: Sink, anna: Member, run_jobs: Callable[[], int]) -> None:
    send(anna)
    with unit_of_work():
        db.session.get_one(Member, anna.id).email = "new@example.org"
    run_jobs()
    assert sink.received[0].rcpt_tos == ["new@example.org"]


def test_an_unconfirmed_address_gets_nothing_but_the_confirmation(app: Flask) -> None:
    waiting = makers.member("Carla", confirmed=False)
    send(waiting, "reset")
    assert db.session.query(Mail).count() == 0
    send(waiting, "confirm")
    assert db.session.query(Mail).count() == 1


def test_a_subject_has_no_line_breaks(app: Flask, anna: Member) -> None:
    with unit_of_work():
        db.session.get_one(Member, anna.id).name = "Anna\r\nBcc: all@example.org"
    send(db.session.get_one(Member, anna.id))
    assert "\n" not in mail().subject
