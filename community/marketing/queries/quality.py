"""What is missing or cannot be right in what we know: each flaw as one condition over members."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from community.core import clock
from community.core.db import db
from community.members.models import Member, MemberState
from community.messages.models import Bounce, BounceKind
from community.profiles.models import Child, ChildKind
from community.profiles.policy import LONGEST_PREGNANCY_LEFT
from community.shop.models import Customer
from community.sites.models import Site

STALE_AFTER = timedelta(days=90)
WAITED = timedelta(days=7)


class Flaw(StrEnum):
    """What can be wrong."""

    NO_CONSENT = "no-consent"  # agreed to nothing at all
    STALE = "stale"  # the due date is long past, and nobody told of a birth
    IMPOSSIBLE = "impossible"  # a date that cannot be one
    BOUNCED = "bounced"
    UNCONFIRMED = "unconfirmed"
    TWICE = "twice"  # a customer with the same address who is not this member


def flaw_counts(sites: Sequence[Site]) -> dict[Flaw, int]:
    """How many members have each flaw: one statement."""
    counts = [select(func.count(Member.id)).where(*_with(flaw, sites)).scalar_subquery() for flaw in Flaw]
    return dict(zip(Flaw, db.session.execute(select(*counts)).one(), strict=True))


def members_with(flaw: Flaw, sites: Sequence[Site], before: int | None, limit: int) -> list[Member]:
    """Who has it, who joined last first."""
    query = select(Member).where(*_with(flaw, sites)).order_by(Member.id.desc()).limit(limit)
    return list(db.session.scalars(query.where(Member.id < before) if before else query))


def _with(flaw: Flaw, sites: Sequence[Site]) -> tuple[ColumnElement[bool], ...]:
    is_here = Member.state == (MemberState.UNCONFIRMED if flaw is Flaw.UNCONFIRMED else MemberState.ACTIVE)
    return Member.site.in_(sites), is_here, CONDITIONS[flaw]()


def _no_consent() -> ColumnElement[bool]:
    agreed = (Member.personalisation, Member.analytics, Member.mail, Member.offers)
    return and_(*(column.is_(False) for column in agreed))


def _stale() -> ColumnElement[bool]:
    return _has_date(Child.kind == ChildKind.PREGNANCY, Child.due_on < clock.today() - STALE_AFTER)


def _impossible() -> ColumnElement[bool]:
    today = clock.today()
    too_far = and_(Child.kind == ChildKind.PREGNANCY, Child.due_on > today + LONGEST_PREGNANCY_LEFT)
    return _has_date(or_(too_far, and_(Child.kind != ChildKind.PREGNANCY, Child.born_on > today)))


def _has_date(*which: Any) -> ColumnElement[bool]:
    """Never of who agreed to no profile, nor after "something changed"."""
    there = select(Child.member_id).where(Child.stopped_at.is_(None), *which)
    return and_(Member.offers.is_(True), Member.guarded_since.is_(None), Member.id.in_(there))


def _bounced() -> ColumnElement[bool]:
    hard = select(Bounce.address).where(Bounce.kind == BounceKind.HARD, Bounce.lifted_at.is_(None))
    return Member.email.in_(hard)


def _unconfirmed() -> ColumnElement[bool]:
    return Member.joined_at < clock.now() - WAITED


def _twice() -> ColumnElement[bool]:
    other = select(Customer.id).where(
        Customer.email == Member.email, or_(Customer.member_id.is_(None), Customer.member_id != Member.id)
    )
    return other.exists()


CONDITIONS: dict[Flaw, Callable[[], ColumnElement[bool]]] = {
    Flaw.NO_CONSENT: _no_consent,
    Flaw.STALE: _stale,
    Flaw.IMPOSSIBLE: _impossible,
    Flaw.BOUNCED: _bounced,
    Flaw.UNCONFIRMED: _unconfirmed,
    Flaw.TWICE: _twice,
}
