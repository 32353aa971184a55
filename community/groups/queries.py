"""Reads of clubs and of who is in them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.groups.models import Club, DeclinedOffer, Group, Membership
from community.members.models import Member
from community.sites.models import Site


@dataclass(frozen=True)
class Standing:
    """In which clubs a member is, of any site, by month; and the months that they do not want offered."""

    clubs: tuple[Club, ...] = ()
    declined: frozenset[str] = frozenset()


def club_of(site: Site, month: str) -> Group | None:
    """The club of a month at a site."""
    return db.session.scalar(select(Group).where(Group.site == site, Group.month == month))


def club_by_id(club_id: int) -> Group | None:
    """One club."""
    return db.session.get(Group, club_id)


def living_clubs(site: Site, since: str, member: Any) -> list[Group]:
    """Clubs of a site with somebody in them, from a month on, and the member's own of any month."""
    query = select(Group).where(Group.site == site, Group.member_count > 0)
    query = query.where(or_(Group.month >= since, Group.id.in_(member.group_ids)))
    return list(db.session.scalars(query.order_by(Group.month)))


def membership(group: Group, member_id: int) -> Membership | None:
    """The row that says that somebody is in a club."""
    return db.session.get(Membership, (group.id, member_id))


def people_in(club: Group, limit: int) -> list[Member]:
    """Who is in a club, the latest to join first."""
    query = select(Member).join(Membership, Membership.member_id == Member.id).where(Membership.group_id == club.id)
    query = query.order_by(Membership.joined_at.desc(), Membership.member_id.desc())
    return list(db.session.scalars(query.limit(limit)))


def standing_of(member: Member) -> Standing:
    """A member's clubs and declined offers: one statement."""
    rows = rows_of(_STANDING, {"member_id": member.id, "group_ids": list(member.group_ids)}).all()
    clubs = {row.id: Club(*row[:3]) for row in rows if row.id is not None}
    return Standing(tuple(clubs.values()), frozenset(row.declined for row in rows if row.declined))


_STANDING = (
    select(Group.id, Group.site, Group.month, DeclinedOffer.month.label("declined"))
    .select_from(Member)
    .outerjoin(Group, Group.id.in_(numbers("group_ids")))
    .outerjoin(DeclinedOffer, DeclinedOffer.member_id == Member.id)
    .where(Member.id == bindparam("member_id"))
    .order_by(Group.month)
)


def declined_offer(member_id: int, month: str) -> DeclinedOffer | None:
    """The row that says that a member does not want this month's club offered."""
    return db.session.get(DeclinedOffer, (member_id, month))


def memberships_of(member_id: int) -> list[Membership]:
    """Every club that somebody is in."""
    return list(db.session.scalars(select(Membership).where(Membership.member_id == member_id)))
