"""Reads of clubs and of who is in them."""

from typing import Any

from sqlalchemy import bindparam, or_, select

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.core.memory import Memory
from community.groups.models import Club, DeclinedOffer, Group, Membership
from community.members.models import Member
from community.sites.models import Site

_CLUBS = select(Group.id, Group.site, Group.month).where(Group.id.in_(numbers("group_ids")))
_DECLINED = select(DeclinedOffer.month).where(DeclinedOffer.member_id == bindparam("member_id"))
_clubs: Memory[Club] = Memory(seconds=300, most=2_000)  # how one is called never changes


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


def clubs_of(member: Member) -> list[Club]:
    """In which clubs a member is, of any site, by month: a statement where one of them is not known yet."""
    known = {group_id: _clubs.find(group_id) for group_id in member.group_ids}
    missing = [group_id for group_id, club in known.items() if club is None]
    for row in rows_of(_CLUBS, {"group_ids": missing}) if missing else ():
        known[row.id] = Club._make(row)
        _clubs.keep(row.id, Club._make(row))
    return sorted((club for club in known.values() if club), key=lambda club: club.month)


def declined_by(member: Member) -> set[str]:
    """The months whose clubs a member does not want offered."""
    return set(rows_of(_DECLINED, {"member_id": member.id}).scalars())


def declined_offer(member_id: int, month: str) -> DeclinedOffer | None:
    """The row that says that a member does not want this month's club offered."""
    return db.session.get(DeclinedOffer, (member_id, month))


def memberships_of(member_id: int) -> list[Membership]:
    """Every club that somebody is in."""
    return list(db.session.scalars(select(Membership).where(Membership.member_id == member_id)))
