"""A friend who came by a code: kept at registration, judged once the address is confirmed, decided by staff."""

from collections.abc import Sequence
from datetime import datetime

from community.ambassadors import policy
from community.ambassadors.actions import ledger
from community.ambassadors.models import Referral, ReferralState
from community.ambassadors.policy import Doubt
from community.ambassadors.queries import ledger as lines
from community.ambassadors.queries import people
from community.ambassadors.queries import referrals as queries
from community.core import audit, clock
from community.core.db import alone, db
from community.members.models import Member
from community.profiles.actions import standing_of
from community.touchpoints.actions import record
from community.touchpoints.models import Touchpoint, Verb


def friend_registered(friend: Member, code: str, doubt: Doubt | None) -> None:
    """Somebody registered who came by a code; nothing follows from one that opens nothing."""
    ambassador = people.ambassador_by_code(code)
    if ambassador is not None:
        row = Referral(ambassador_id=ambassador.member_id, friend_id=friend.id, came_at=clock.now(), why=doubt or "")
        db.session.add(row)


def friends_confirmed(touchpoints: Sequence[Touchpoint]) -> None:
    """Friends who confirmed their address count, unless there is a doubt."""
    confirmed = {found.member_id: found.at for found in touchpoints if found.verb == Verb.MEMBER_CONFIRMED}
    for referral in queries.waiting_for(confirmed) if confirmed else ():
        doubt = _doubt_about(referral)
        referral.why = doubt or ""
        _move(referral, policy.state_under(doubt), confirmed[referral.friend_id])


def decide(referral: Referral, actor: Member, is_counted: bool) -> None:
    """Somebody of the staff looked: the friend counts, or not. It can be decided anew."""
    state = ReferralState.COUNTED if is_counted else ReferralState.REFUSED
    if referral.state == state:
        return
    alone("bookmark:points")
    _move(referral, state, clock.now())
    referral.decided_by_id = actor.id
    audit.keep(f"referral.{state}", referral.key, actor.id)
    ledger.settle(lines.lines_about(referral.key))


def _move(referral: Referral, state: ReferralState, at: datetime) -> None:
    """Where it stands from now on: the record hears once of a friend who counts, the profile has the number."""
    referral.state, referral.decided_at = state, clock.now()
    db.session.flush()
    if state == ReferralState.COUNTED and not queries.was_told(referral):
        record(referral.ambassador, Verb.FRIEND_CAME, referral.friend, at=at, referral_id=referral.id)
    counted = queries.friends_of(referral.ambassador_id)[ReferralState.COUNTED]
    standing_of(referral.ambassador_id).friend_count = counted


def _doubt_about(referral: Referral) -> Doubt | None:
    """The gravest reason why a friend may be none; what the browser told stands in the row since registration."""
    friend = referral.friend
    if policy.is_same_person(referral.ambassador, friend):
        return Doubt.SELF
    if referral.why == Doubt.BROWSER:
        return Doubt.BROWSER
    if queries.is_known_customer(friend, referral):
        return Doubt.CUSTOMER
    if queries.has_earlier_account(friend):
        return Doubt.MEMBER
    return Doubt(referral.why) if referral.why else None
