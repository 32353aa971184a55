"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.messages.models import Mail, MailState


def mails_page(state: str | None, before: int | None, limit: int) -> list[Mail]:
    """Mails for the operator, newest first, with their members."""
    query = select(Mail).options(joinedload(Mail.member)).order_by(Mail.id.desc()).limit(limit)
    if state:
        query = query.where(Mail.state == state)
    if before:
        query = query.where(Mail.id < before)
    return list(db.session.scalars(query))


def mail_by_id(mail_id: int) -> Mail | None:
    """One mail with its member."""
    return db.session.scalar(select(Mail).where(Mail.id == mail_id).options(joinedload(Mail.member)))


def claimed_before(moment: datetime) -> list[Mail]:
    """Mails whose fate nobody told: claimed, and their worker silent since."""
    query = select(Mail).where(Mail.state == MailState.CLAIMED, Mail.sent_at < moment)
    return list(db.session.scalars(query))


def not_taken_since(moment: datetime, limit: int) -> list[int]:
    """Ids of mails older than this that the mail server did not take when they were tried, oldest first."""
    query = select(Mail.id).where(Mail.state == MailState.WAITING, Mail.why_failed != "", Mail.created_at < moment)
    return list(db.session.scalars(query.order_by(Mail.id).limit(limit)))


def mails_holding(words: list[str]) -> list[Mail]:
    """Mails whose subject or text holds one of these."""
    columns = (Mail.subject, Mail.text, Mail.html)
    parts = (column.contains(word, autoescape=True) for word in words for column in columns)
    return list(db.session.scalars(select(Mail).where(or_(*parts)))) if words else []
