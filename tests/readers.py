"""What stands in the database, in one line each, for tests that look behind the page."""

from community.core.db import db
from community.messages.models import Mail
from community.touchpoints.models import Touchpoint


def mails_of(member_id: int) -> list[Mail]:
    """All mails to a member, the oldest first."""
    return db.session.query(Mail).filter_by(member_id=member_id).order_by(Mail.id).all()


def touchpoints_of(member_id: int) -> list[Touchpoint]:
    """Everything in the record about a member."""
    return db.session.query(Touchpoint).filter_by(member_id=member_id).order_by(Touchpoint.id).all()
