"""Mails: composed into the outbox in the deed's commit, claimed, sent, marked (`security.md` 50)."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, update

from community.core import clock, transport
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.members.models import Member, MemberState, Purpose
from community.messages.models import Mail, MailClass, MailState
from community.messages.queries import mails as queries

KEPT = timedelta(days=30)
NEEDS = {
    MailClass.EDITORIAL: Purpose.MAIL,
    MailClass.COMMUNITY: Purpose.MAIL,
    MailClass.PROMOTIONAL: Purpose.OFFERS,
}
TO_UNCONFIRMED = ("confirm", "already-registered")  # an unconfirmed address gets nothing else

Renderer = Callable[[str, Member, dict[str, Any]], tuple[str, str, str]]


class Letters:
    """How mails are made and whether they can leave; `app.py` says both (`render_with`)."""

    render: Renderer
    has_server: Callable[[], bool] = staticmethod(lambda: False)


def render_with(renderer: Renderer, has_server: Callable[[], bool]) -> None:
    """Say how (name, member, context) become (subject, text, HTML), and whether a mail server is set."""
    Letters.render, Letters.has_server = staticmethod(renderer), staticmethod(has_server)


def may_send(member: Member, mail_class: MailClass, name: str) -> bool:
    """Whether a member gets a mail of this class: asked when it is composed and when it is sent."""
    if member.state == MemberState.UNCONFIRMED and name not in TO_UNCONFIRMED:
        return False
    if member.state not in (MemberState.ACTIVE, MemberState.UNCONFIRMED):
        return False
    needed = NEEDS.get(mail_class)
    return needed is None or member.consents_to(needed)


def send_later(
    member: Member,
    name: str,
    mail_class: MailClass,
    to_new_address: bool = False,
    old_address: str | None = None,
    **context: Any,
) -> Mail | None:
    """Put a mail into the outbox, in the member's language; None where it may not be sent."""
    if not may_send(member, mail_class, name):
        return None
    with force_locale(member.site.locale):
        subject, text, html = Letters.render(name, member, context)
    mail = Mail(
        member_id=member.id,
        to_new_address=to_new_address,
        old_address=old_address,
        mail_class=mail_class,
        name=name,
        subject=" ".join(subject.split())[:200],
        text=text,
        html=html,
        created_at=clock.now(),
    )
    db.session.add(mail)
    db.session.flush()
    if Letters.has_server():
        deliver.later(mail.id, key=f"mail:{mail.id}")
    return mail


@job
def deliver(mail_id: int) -> None:
    """Claim, send, mark. Dying between, it stays claimed and becomes `unknown`: never sent twice by itself."""
    address = _claim(mail_id)
    if address is None:
        return
    mail = queries.mail_by_id(mail_id)
    if mail is None:
        return
    try:
        transport.send(address, mail.subject, mail.text, mail.html, {"X-Mail-Class": mail.mail_class})
    except smtplib.SMTPRecipientsRefused as error:
        _mark(mail_id, MailState.FAILED, str(error)[:300])
    except (OSError, smtplib.SMTPConnectError, smtplib.SMTPResponseException):
        _mark(mail_id, MailState.WAITING)  # the server took nothing: the job tries again
        raise
    else:
        _mark(mail_id, MailState.SENT)


@every(60)
@job
def name_the_unknown() -> None:
    """Mails that were claimed by a worker that is gone: say so, and leave the choice to a person."""
    with unit_of_work():
        for mail in queries.claimed_before(clock.now() - timedelta(minutes=5)):
            mail.state = MailState.UNKNOWN


@every(86_400)
@job
def forget_old() -> None:
    """Mails are kept for 30 days."""
    with unit_of_work():
        db.session.execute(delete(Mail).where(Mail.created_at < clock.now() - KEPT))


def send_again(mail: Mail) -> None:
    """A person looked and wants it sent once more."""
    mail.state, mail.why_failed = MailState.WAITING, ""
    deliver.later(mail.id)


def erase(member_id: int) -> None:
    """Pending and kept mails of a member go."""
    db.session.execute(delete(Mail).where(Mail.member_id == member_id))


def _claim(mail_id: int) -> str | None:
    """The address to send to, if the mail still waits and may still be sent."""
    with unit_of_work():
        mail = queries.mail_by_id(mail_id)
        if mail is None or mail.state != MailState.WAITING:
            return None
        address = mail.old_address or (mail.member.new_email if mail.to_new_address else mail.member.email)
        if not address or not may_send(mail.member, MailClass(mail.mail_class), mail.name):
            mail.state, mail.why_failed = MailState.FAILED, "not wanted any more"
            return None
        mail.state, mail.sent_at = MailState.CLAIMED, clock.now()
        return address


def _mark(mail_id: int, state: MailState, why: str = "") -> None:
    """What became of it. A sent mail that carried a token keeps no words: the token is a right."""
    values: dict[str, Any] = {"state": state, "why_failed": why, "sent_at": clock.now()}
    with unit_of_work():
        mail = queries.mail_by_id(mail_id)
        if mail is not None and state == MailState.SENT and mail.mail_class == MailClass.TRANSACTIONAL:
            values |= {"text": "", "html": ""}
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))
