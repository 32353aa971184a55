"""Friends who came by a code, and what is known of them from before."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.ambassadors.models import Referral, ReferralState
from community.ambassadors.policy import postbox_of
from community.core.db import db
from community.members.models import Member, MemberState
from community.shop.models import Customer, Order
from community.sites.models import Site
from community.touchpoints.models import Touchpoint, Verb


def referral_by_id(referral_id: int) -> Referral | None:
    """One referral with both people; held for this deed, so that one decides."""
    query = select(Referral).where(Referral.id == referral_id).options(*_people())
    return db.session.scalar(query.with_for_update(of=Referral))


def waiting_for(friend_ids: Collection[int | None]) -> list[Referral]:
    """The referrals of these friends that nobody judged yet, with both people."""
    query = select(Referral).where(Referral.friend_id.in_(friend_ids), Referral.state == ReferralState.WAITING)
    return list(db.session.scalars(query.options(*_people()).order_by(Referral.id)))


def is_known_customer(friend: Member, referral: Referral) -> bool:
    """Whether our shops knew this friend before the link was used."""
    query = select(Customer.id).outerjoin(Order, Order.customer_id == Customer.id)
    query = query.where(or_(Customer.email == friend.email, Customer.member_id == friend.id))
    query = query.where(or_(Order.id.is_(None), Order.ordered_at < referral.came_at))
    return db.session.scalar(query.limit(1)) is not None


def has_earlier_account(friend: Member) -> bool:
    """Whether somebody was here before with the same postbox."""
    name, _at, domain = postbox_of(friend.email).rpartition("@")
    without_dots = func.replace(Member.email, ".", "")
    query = select(Member.email).where(
        Member.id != friend.id,
        Member.state != MemberState.UNCONFIRMED,
        without_dots.startswith(name.replace(".", ""), autoescape=True),
        Member.email.endswith(f"@{domain}", autoescape=True),
    )
    return any(postbox_of(email) == f"{name}@{domain}" for email in db.session.scalars(query))


def was_told(referral: Referral) -> bool:
    """Whether the record holds already that this friend came."""
    query = select(Touchpoint.id).where(
        Touchpoint.about == f"member:{referral.friend_id}",
        Touchpoint.verb == Verb.FRIEND_CAME,
        Touchpoint.member_id == referral.ambassador_id,
    )
    return db.session.scalar(query.limit(1)) is not None


def friends_of(ambassador_id: int) -> Counter[str]:
    """How many friends somebody brought, by what became of them."""
    query = select(Referral.state, func.count()).where(Referral.ambassador_id == ambassador_id)
    return Counter({str(state): count for state, count in db.session.execute(query.group_by(Referral.state))})


def referral_count(sites: Sequence[Site], state: str) -> int:
    """How many referrals of these sites stand so."""
    query = select(func.count()).select_from(Referral).join(Referral.ambassador)
    return db.session.scalar(query.where(Referral.state == state, Member.site.in_(sites))) or 0


def referrals_page(sites: Sequence[Site], state: str, offset: int, limit: int) -> list[Referral]:
    """Referrals of these sites with both people, the newest first."""
    ambassador = aliased(Member)
    query = select(Referral).join(ambassador, ambassador.id == Referral.ambassador_id)
    query = query.where(Referral.state == state, ambassador.site.in_(sites)).options(*_people())
    return list(db.session.scalars(query.order_by(Referral.id.desc()).offset(offset).limit(limit)))


def _people() -> tuple:
    return joinedload(Referral.ambassador), joinedload(Referral.friend)
