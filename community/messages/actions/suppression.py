"""Addresses that take no mail: what a mail server told stops them, and their member may try again."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import clock
from community.core.db import db
from community.core.refused import Refused
from community.members.models import Member
from community.messages import policy
from community.messages.actions.mails import send_later
from community.messages.models import Bounce, BounceKind, MailClass
from community.messages.queries import bounces as queries


def stop_mail(address: str, kind: BounceKind, status: str, reason: str, at: datetime, source: str) -> bool:
    """Keep what was told of an address; whether it was news. `source` names the message that told it.

    A hard bounce or a complaint stops mail at once, the third soft one within 30 days too."""
    address, source = address.strip().lower()[:254], source[:200]
    if queries.is_known(address, source):
        return False
    told = " ".join(reason.split())[:300]
    db.session.add(Bounce(address=address, source=source, kind=kind, status=status[:12], reason=told, at=at))
    db.session.flush()
    return True


def try_again(member: Member) -> None:
    """The member says that the address works; at most once a day, for each try is a mail to it."""
    now, told = clock.now(), queries.bounces_of(member.email or "")
    if any(bounce.lifted_at and now - bounce.lifted_at < policy.BETWEEN_TRIES for bounce in told):
        raise Refused(_("You tried this today. Try again tomorrow, or give us another address."))
    for bounce in told:
        bounce.lifted_at = bounce.lifted_at or now
    db.session.flush()
    send_later(member, "trial", MailClass.SERVICE)


def erase(member: Member) -> None:
    """Nothing stays of the addresses of somebody who leaves."""
    addresses = [address for address in (member.email, member.new_email) if address]
    db.session.execute(delete(Bounce).where(Bounce.address.in_(addresses)))
