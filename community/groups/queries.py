"""Reads of clubs and of who is in them."""

from sqlalchemy import select

from community.core.db import db
from community.groups.models import Group, Membership
from community.sites.models import Site


def club_of(site: Site, month: str) -> Group | None:
    """The club of a month at a site."""
    return db.session.scalar(select(Group).where(Group.site == site, Group.month == month))


def membership(group: Group, member_id: int) -> Membership | None:
    """The row that says that somebody is in a club."""
    return db.session.get(Membership, (group.id, member_id))
