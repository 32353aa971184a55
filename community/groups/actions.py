"""Opening a club, joining and leaving it."""

from sqlalchemy import delete, update

from community.core import clock
from community.core.db import db
from community.groups import queries
from community.groups.models import DeclinedOffer, Group, Membership
from community.members.models import Member
from community.sites.models import Site


def open_club(site: Site, month: str) -> Group:
    """The club of a month (`2027-03`), opened where there is none."""
    club = queries.club_of(site, month)
    if club is None:
        club = Group(site=site, month=month, opened_at=clock.now())
        db.session.add(club)
        db.session.flush()
    return club


def join(club: Group, member: Member) -> bool:
    """Be in a club; whether that is new."""
    if queries.membership(club, member.id) is not None:
        return False
    db.session.add(Membership(group_id=club.id, member_id=member.id, joined_at=clock.now()))
    club.member_count = Group.member_count + 1
    member.group_ids = [*member.group_ids, club.id]
    return True


def leave(club: Group, member: Member) -> bool:
    """Be in a club no more, and whether one was; what one wrote there stays."""
    known = queries.membership(club, member.id)
    if known is None:
        return False
    db.session.delete(known)
    club.member_count = Group.member_count - 1
    member.group_ids = [number for number in member.group_ids if number != club.id]
    return True


def decline(member: Member, month: str) -> None:
    """Offer this month's club no more."""
    if queries.declined_offer(member.id, month) is None:
        db.session.add(DeclinedOffer(member_id=member.id, month=month, at=clock.now()))


def erase(member_id: int) -> None:
    """A person who goes leaves every club, so that its count of members stays right."""
    of_member = Membership.member_id == member_id
    in_clubs = [row.group_id for row in queries.memberships_of(member_id)]
    db.session.execute(update(Group).where(Group.id.in_(in_clubs)).values(member_count=Group.member_count - 1))
    db.session.execute(delete(Membership).where(of_member))
