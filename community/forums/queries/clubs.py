"""Reads of clubs: which there are, what is said in a member's own, and which one a member is offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.forums.models import Board
from community.groups import queries as groups
from community.groups.models import Club, Group, first_day_of
from community.groups.policy import may_be_joined, month_of, months_around, months_until
from community.items.models import Collection, Item
from community.items.queries import ANY_MEMBER, as_values, visible_to, wanted_by
from community.members.models import Member
from community.profiles.models import Child
from community.profiles.queries import Family, children_of
from community.sites.models import Site

NEAR_MONTHS = 2  # a due date is corrected by weeks; a club further away is for another child


@dataclass(frozen=True)
class ListedClub:
    """A month in the list of clubs, with its club where somebody is in it."""

    month: str
    club: Group | None
    is_mine: bool

    @property
    def first_day(self) -> date:
        """The first day of its month."""
        return first_day_of(self.month)


@dataclass(frozen=True)
class ClubOffer:
    """A club that fits what a member told; `leaving` is the one that it would take the place of."""

    month: str
    leaving: Club | None = None

    @property
    def first_day(self) -> date:
        """The first day of its month."""
        return first_day_of(self.month)


class Talk(NamedTuple):
    """A topic of a club."""

    path: str
    title: str
    place: str
    post_count: int
    active_at: datetime


@dataclass(frozen=True)
class ClubBlock:
    """What a member's home shows of clubs: an offer, else the own ones with what is new there."""

    offer: ClubOffer | None = None
    clubs: Sequence[Club] = ()
    topics: Sequence[Talk] = ()


def board_of(club: Group) -> Board | None:
    """Where a club talks."""
    return db.session.scalar(select(Board).where(Board.group_id == club.id))


def board_of_month(site: Site, month: str) -> Board | None:
    """Where the club of a month talks, with that club."""
    query = select(Board).join(Board.group).where(Group.site == site, Group.month == month)
    return db.session.scalar(query.options(contains_eager(Board.group)))


def boards_of(club_id: int) -> Select[int]:
    """The id of where a club talks, for a condition."""
    return select(Board.id).where(Board.group_id == club_id)


def items_of(club_id: int) -> Select[int]:
    """The ids of what stands in a club, for a condition."""
    return select(Item.id).where(Item.group_id == club_id)


def listed_clubs(site: Site, member: Member, today: date) -> list[ListedClub]:
    """The months that have a club or get one with the first parent, and the member's own of any month."""
    around = months_around(today)
    living = {club.month: club for club in groups.living_clubs(site, around[0], member)}
    months = sorted({*around, *living})
    clubs = [(month, living.get(month)) for month in months]
    return [ListedClub(month, club, club is not None and club.id in member.group_ids) for month, club in clubs]


def club_offer(member: Member, family: Family, today: date) -> ClubOffer | None:
    """The club to offer, if any; none after "something changed", whatever else was told."""
    told = [] if family.is_guarded else _months_of(family.children, today)
    return _offer(member, groups.clubs_of(member), told) if told else None


def club_block(member: Member, site: Site, family: Family, today: date, limit: int = 3) -> ClubBlock | None:
    """The clubs on a member's home at a site: at most two statements; nothing after "something changed"."""
    if family.is_guarded:
        return None
    told = _months_of(family.children, today)
    if not told and not member.group_ids:
        return None
    own = groups.clubs_of(member)
    offer = _offer(member, own, told)
    clubs = [club for club in own if club.site == site]
    if offer or not clubs:
        return ClubBlock(offer, clubs) if offer else None
    return ClubBlock(clubs=clubs, topics=_newest_topics(clubs, member, limit))


def _months_of(children: Sequence[Child], today: date) -> list[str]:
    """The months in which children are due, or else were born, that have a club to join; the youngest first."""
    days = [day for child in children if (day := child.due_on or child.born_on)]
    return [month for month in dict.fromkeys(map(month_of, days)) if may_be_joined(month, today)]


def _offer(member: Member, own: list[Club], told: list[str]) -> ClubOffer | None:
    """The first month told that the member neither is in nor declined."""
    months = {club.month for club in own}
    open_months = [month for month in told if month not in months]
    declined = groups.declined_by(member) if open_months else set()
    month = next((month for month in open_months if month not in declined), None)
    if month is None:
        return None
    left_over = [club for club in own if club.month not in told]
    near = [club for club in left_over if abs(months_until(club.month, month)) <= NEAR_MONTHS]
    return ClubOffer(month, _leavable(member, near))


def _leavable(member: Member, clubs: list[Club]) -> Club | None:
    """The club of a date that was corrected; never that of a pregnancy that stopped."""
    if not clubs:
        return None
    stopped = {month_of(child.due_on) for child in children_of(member) if child.stopped_at and child.due_on}
    return next((club for club in clubs if club.month not in stopped), None)


def _newest_topics(clubs: Sequence[Club], member: Any, limit: int) -> list[Talk]:
    asked = {"clubs": [club.id for club in clubs], **as_values(member), "limit": limit}
    return [Talk._make(row) for row in rows_of(_NEWEST_TOPICS, asked)]


def _in_clubs() -> Select[Any]:
    """The last used topics of some clubs, for any member; written once."""
    query: Any = select(Item.path, Item.title, Collection.title, Item.post_count, Item.active_at)
    query = query.join(Collection, Collection.id == Item.collection_id).where(Item.kind == "topic")
    query = query.where(Item.group_id.in_(numbers("clubs")), Item.is_quiet.is_(False))
    query = wanted_by(visible_to(query, ANY_MEMBER), ANY_MEMBER)
    return query.order_by(Item.active_at.desc(), Item.id.desc()).limit(bindparam("limit"))


_NEWEST_TOPICS = _in_clubs()
