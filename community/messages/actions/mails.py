"""Mails: composed into the outbox in the deed's commit, claimed, sent, marked (`security.md` 50)."""

import re
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, update

from community.core import clock, transport
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.members.models import Member, Visitor
from community.messages import policy
from community.messages.models import ALL, Mail, MailClass, MailState
from community.messages.queries import mails as queries
from community.messages.queries.bounces import suppression_of
from community.messages.queries.choices import choices_of
from community.profiles.queries import has_open_complaint

KEPT = timedelta(days=30)
LONG_AWAY = timedelta(hours=1)  # by then a mail's own job has given up
BATCH = 200
NOT_WANTED, COMES_BACK = "not wanted any more", "mail to this address came back"
NOT_TAKEN = "the mail server did not take it yet"

# Asked by the name of a mail once more when it is sent: whether its reason still holds. `app.py` says it.
STILL_HOLDS: dict[str, Callable[[int], bool]] = {}
Renderer = Callable[[str, Any, dict[str, Any]], tuple[str, str, str]]


class Letters:
    """How mails are made and whether they can leave; `app.py` says all three (`render_with`)."""

    render: Renderer
    has_server: Callable[[], bool] = staticmethod(lambda: False)
    address_to_end: Callable[[Member, str], str]


def render_with(
    renderer: Renderer, has_server: Callable[[], bool], address_to_end: Callable[[Member, str], str]
) -> None:
    """Say how (name, member, context) become (subject, text, HTML), whether a mail server is set, and at which
    address a member ends which mails (`Mail.ends`)."""
    Letters.render, Letters.has_server = staticmethod(renderer), staticmethod(has_server)
    Letters.address_to_end = staticmethod(address_to_end)


def may_send(mail: Mail) -> str:
    """Empty where a mail may go to its reader, else why not: asked when it is composed and when it is sent."""
    member, mail_class = mail.member, MailClass(mail.mail_class)
    if member is None:
        return "" if policy.passes(suppression_of(mail.address), mail_class) else COMES_BACK
    if not policy.may_mail(member, mail_class, mail.name) or _is_out_of_place(mail):
        return NOT_WANTED
    if not policy.RULES[mail_class].when_complaining and has_open_complaint(member.id):
        return NOT_WANTED
    if policy.RULES[mail_class].can_end and not policy.still_wants(choices_of(member.id), mail.ends, clock.now()):
        return NOT_WANTED
    return "" if policy.passes(suppression_of(mail.address), mail_class) else COMES_BACK


def send_later(
    member: Member,
    name: str,
    mail_class: MailClass,
    to_new_address: bool = False,
    old_address: str | None = None,
    ends: str = ALL,
    **context: Any,
) -> Mail | None:
    """Put a mail into the outbox, in the member's language; None where it may not be sent.

    `ends` is what its unsubscribe link stops."""
    mail = Mail(
        member=member,
        to_new_address=to_new_address,
        old_address=old_address,
        mail_class=mail_class,
        name=name,
        ends=ends,
        state=MailState.WAITING,
        created_at=clock.now(),
    )
    return _put_out(mail, member, context)


def answer_later(address: str, name: str, who: Visitor, **context: Any) -> Mail | None:
    """Put a mail into the outbox for somebody who is no member and asked us something (`who` with name and site)."""
    mail = Mail(
        to_address=address,
        mail_class=MailClass.TRANSACTIONAL,
        name=name,
        state=MailState.WAITING,
        created_at=clock.now(),
    )
    return _put_out(mail, who, context)


@job
def deliver(mail_id: int) -> None:
    """Claim, send, mark. Where we or the mail server die between, it is `unknown`: never sent twice by itself."""
    address = _claim(mail_id)
    if address is None:
        return
    mail = queries.mail_by_id(mail_id)
    if mail is None:
        return
    try:
        transport.send(address, mail.subject, mail.text, mail.html, _headers(mail))
    except smtplib.SMTPRecipientsRefused as error:
        _mark(mail_id, MailState.FAILED, str(error)[:300])
    except transport.Unsure as error:
        _mark(mail_id, MailState.UNKNOWN, f"the mail server broke off: {error.__cause__}"[:300])
    except OSError:
        _mark(mail_id, MailState.WAITING, NOT_TAKEN)  # the job tries again
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


@every(600)
@job
def deliver_what_waits() -> None:
    """A mail server that was away for longer than a job tries is back: what it did not take goes now, oldest first."""
    for mail_id in queries.not_taken_since(clock.now() - LONG_AWAY, BATCH):
        try:
            deliver(mail_id)
        except smtplib.SMTPResponseException:
            continue
        except OSError:
            return


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


def forget_words(names: list[str], paths: set[str]) -> None:
    """Mails to others that name somebody who leaves, or lead to what they wrote, keep no words and go no more."""
    for mail in queries.mails_holding([*names, *paths]):
        told = f"{mail.subject}\n{mail.text}\n{mail.html}"
        if any(path in told for path in paths) or any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", told) for n in names):
            mail.subject = mail.text = mail.html = ""
            if mail.state == MailState.WAITING:
                mail.state, mail.why_failed = MailState.FAILED, "what it told is gone"


def erase(member_id: int) -> None:
    """Pending and kept mails of a member go."""
    db.session.execute(delete(Mail).where(Mail.member_id == member_id))


def _put_out(mail: Mail, who: Member | Visitor, context: dict[str, Any]) -> Mail | None:
    if may_send(mail):
        return None
    mail.subject, mail.text, mail.html = _words(mail, who, context)
    db.session.add(mail)
    db.session.flush()
    if Letters.has_server():
        deliver.later(mail.id, key=f"mail:{mail.id}")
    return mail


def _claim(mail_id: int) -> str | None:
    """The address to send to, if the mail still waits and may still be sent."""
    with unit_of_work():
        mail = queries.mail_by_id(mail_id)
        if mail is None or mail.state != MailState.WAITING:
            return None
        address, why_not = mail.address, may_send(mail) or _why_no_more(mail)
        if not address or why_not:
            mail.state, mail.why_failed = MailState.FAILED, why_not or NOT_WANTED
            return None
        mail.state, mail.sent_at = MailState.CLAIMED, clock.now()
        return address


def _why_no_more(mail: Mail) -> str:
    still_holds = STILL_HOLDS.get(mail.name)
    return "" if still_holds is None or still_holds(mail.id) else NOT_WANTED


def _is_out_of_place(mail: Mail) -> bool:
    """Whether it was composed before "something changed": it may name a week, a club or a baby."""
    guarded_since = mail.member.guarded_since if mail.member else None
    can_end = policy.RULES[MailClass(mail.mail_class)].can_end
    return can_end and guarded_since is not None and mail.created_at < guarded_since


def _words(mail: Mail, who: Any, context: dict[str, Any]) -> tuple[str, str, str]:
    """(subject, text, HTML), the subject on one line."""
    address = Letters.address_to_end(mail.member, mail.ends) if mail.member else ""
    with force_locale(who.site.locale):
        subject, text, html = Letters.render(mail.name, who, {"address_to_end": address, **context})
    return " ".join(subject.split())[:200], text, html


def _headers(mail: Mail) -> dict[str, str]:
    """What mail programs need to show a way out of every mail (RFC 2369, RFC 8058); an answer has nothing to end."""
    if mail.member is None:
        return {"X-Mail-Class": mail.mail_class}
    return {
        "X-Mail-Class": mail.mail_class,
        "List-Unsubscribe": f"<{Letters.address_to_end(mail.member, mail.ends)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _mark(mail_id: int, state: MailState, why: str = "") -> None:
    """What became of it. A sent mail that carried a token keeps no words: the token is a right."""
    values: dict[str, Any] = {"state": state, "why_failed": why, "sent_at": clock.now()}
    with unit_of_work():
        mail = queries.mail_by_id(mail_id)
        if mail is not None and state == MailState.SENT and mail.mail_class == MailClass.TRANSACTIONAL:
            values |= {"text": "", "html": ""}
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))
