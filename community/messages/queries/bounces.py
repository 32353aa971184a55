"""Reads of what mail servers told of addresses."""

from sqlalchemy import or_, select

from community.core import clock
from community.core.db import db
from community.members.models import Member
from community.messages.models import Bounce, Mail
from community.messages.policy import stopping


def is_known(address: str, source: str) -> bool:
    """Whether this message about an address was counted already."""
    query = select(Bounce.id).where(Bounce.address == address, Bounce.source == source)
    return db.session.scalar(query) is not None


def is_ours(address: str) -> bool:
    """Whether a member has this address, wants it, or had it when we last wrote there."""
    members = select(Member.id).where(or_(Member.email == address, Member.new_email == address)).limit(1)
    mails = select(Mail.id).where(Mail.old_address == address).limit(1)
    return db.session.scalar(members) is not None or db.session.scalar(mails) is not None


def bounces_of(address: str) -> list[Bounce]:
    """All that was told of an address, newest first."""
    query = select(Bounce).where(Bounce.address == address.lower()).order_by(Bounce.at.desc(), Bounce.id.desc())
    return list(db.session.scalars(query))


def suppression_of(address: str) -> Bounce | None:
    """What stops mail to an address at present."""
    return stopping(bounces_of(address), clock.now())
