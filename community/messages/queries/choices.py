"""Reads of what members chose."""

from community.core.db import db
from community.messages.models import MAILED, Choices, NoticeKind


def usual() -> Choices:
    """What holds for whoever chose nothing."""
    return Choices(bell=list(NoticeKind), mail=list(MAILED), weekly=True, only_club=False)


def choices_of(member_id: int) -> Choices:
    """What a member chose, else what is usual."""
    return db.session.get(Choices, member_id) or usual()
