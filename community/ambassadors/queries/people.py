"""Who is an ambassador, by which code, since when, and who shows on the board."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from community.ambassadors.models import Ambassador, EntryState, PointEntry
from community.ambassadors.policy import Tier, tier_of
from community.core.db import db
from community.members.models import Member, MemberState
from community.profiles.models import Standing
from community.sites.models import Site
from community.touchpoints.models import Touchpoint, Verb


@dataclass(frozen=True)
class Place:
    """Somebody on the board."""

    name: str
    path: str
    points: int
    tier: Tier


def ambassador_of(member_id: int) -> Ambassador | None:
    """A member's place in the programme, also after leaving."""
    return db.session.get(Ambassador, member_id)


def ambassador_by_code(code: str) -> Ambassador | None:
    """Whose code this is; nobody's after they left."""
    query = select(Ambassador).join(Ambassador.member).where(Ambassador.code == code, Ambassador.left_at.is_(None))
    return db.session.scalar(query.where(Member.state == MemberState.ACTIVE).options(joinedload(Ambassador.member)))


def is_code_taken(code: str) -> bool:
    """Whether somebody has this code, or had it."""
    return db.session.scalar(select(Ambassador.member_id).where(Ambassador.code == code)) is not None


def in_programme(member_ids: Collection[int]) -> list[Ambassador]:
    """Those of these members who are ambassadors now, each with the member."""
    query = select(Ambassador).where(Ambassador.member_id.in_(member_ids), Ambassador.left_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(Ambassador.member))))


def spells_of(member_ids: Collection[int]) -> dict[int, list[tuple[datetime, bool]]]:
    """When these members joined (True) and left, by the record, in order."""
    ever = select(Ambassador.member_id).where(Ambassador.member_id.in_(member_ids))
    query = select(Touchpoint.member_id, Touchpoint.at, Touchpoint.verb).where(
        Touchpoint.member_id.in_(ever), Touchpoint.verb.in_((Verb.AMBASSADOR_JOINED, Verb.AMBASSADOR_LEFT))
    )
    found: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    for member_id, at, verb in db.session.execute(query.order_by(Touchpoint.at, Touchpoint.id)):
        found[member_id or 0].append((at, verb == Verb.AMBASSADOR_JOINED))
    return found


def board_of(site: Site, since: datetime, limit: int) -> list[Place]:
    """Who of a site chose to be seen, by the points of what they did since then."""
    points = func.sum(PointEntry.points)
    query = (
        select(Member, points, func.coalesce(Standing.points, 0))
        .join(Ambassador, Ambassador.member_id == Member.id)
        .join(PointEntry, PointEntry.member_id == Member.id)
        .outerjoin(Standing, Standing.member_id == Member.id)
        .where(Ambassador.is_on_board, Ambassador.left_at.is_(None))
        .where(Member.site == site, Member.state == MemberState.ACTIVE)
        .where(PointEntry.state == EntryState.GIVEN, PointEntry.at >= since)
        .group_by(Member.id, Standing.points)
        .order_by(points.desc(), Member.id)
    )
    found = db.session.execute(query.limit(limit))
    return [Place(member.name, member.path, sum_, tier_of(balance)) for member, sum_, balance in found]
