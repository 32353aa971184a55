"""Opening a club, joining and leaving it."""

from community.core import clock
from community.core.db import db
from community.groups import queries
from community.groups.models import Group, Membership
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


def join(club: Group, member: Member) -> None:
    """Be in a club; a second time changes nothing."""
    if queries.membership(club, member.id) is None:
        db.session.add(Membership(group_id=club.id, member_id=member.id, joined_at=clock.now()))
        club.member_count = Group.member_count + 1
        member.group_ids = [*member.group_ids, club.id]


def leave(club: Group, member: Member) -> None:
    """Be in a club no more; what one wrote there stays."""
    known = queries.membership(club, member.id)
    if known is not None:
        db.session.delete(known)
        club.member_count = Group.member_count - 1
        member.group_ids = [number for number in member.group_ids if number != club.id]
