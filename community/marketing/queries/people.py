"""One member as marketing may know them, and lists of members: each a few statements, however much stands there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from community.accounts.queries import ShownChild, last_words, shown_children
from community.core import clock
from community.core.db import db
from community.groups.models import Group
from community.marketing import policy
from community.marketing.hourglass import Evidence, stage_of
from community.members.models import ConsentGiven, Member, MemberState, Purpose
from community.profiles.models import Fact, Interest, PhaseChange, Profile, Standing
from community.profiles.queries import interests_of, profile_of, standing_of
from community.segments.models import Segment
from community.segments.queries.audience import fits, segments_of
from community.service.models import Case, CaseState
from community.shop.models import Order
from community.shop.queries.orders import orders_of
from community.sites.models import Site
from community.touchpoints.queries import history_of, items_told, touchpoints_of
from community.touchpoints.words import Event, events

ORDERS = 10


@dataclass(frozen=True)
class Way:
    """Where a relationship stands, why, and how it came there."""

    standing: Standing
    stage: str
    reasons: list[Event]
    stage_reasons: list[Event]
    moves: list[PhaseChange]


@dataclass(frozen=True)
class Portrait:
    """All that marketing may know of a member."""

    way: Way | None  # none without the yes to offers
    profile: Profile | None
    children: list[ShownChild]
    interests: list[Interest]
    clubs: list[Group]
    facts: list[Fact]
    consents: dict[str, ConsentGiven]
    orders: list[Order]
    case_count: int
    open_case_count: int
    segments: list[Segment]


def members_page(sites: Sequence[Site], words: str, before: int | None, limit: int) -> list[Any]:
    """(member, standing) of these sites, who joined last first, found by name or address."""
    query = select(Member, Standing).outerjoin(Standing, Standing.member_id == Member.id)
    query = query.where(Member.site.in_(sites), Member.state != MemberState.ERASED)
    if words:
        like = func.lower(Member.name).contains(words.lower(), autoescape=True)
        query = query.where(or_(like, Member.email.contains(words.lower(), autoescape=True)))
    if before:
        query = query.where(Member.id < before)
    return list(db.session.execute(query.order_by(Member.id.desc()).limit(limit)))


def portrait_of(member: Member) -> Portrait:
    """Facts, family, way, orders and cases, as far as the member agreed."""
    is_profiled, today = policy.is_profiled(member), clock.today(member.site.zone)
    case_count, open_count = _case_counts(member) if is_profiled else (0, 0)
    return Portrait(
        way=_way_of(member) if is_profiled else None,
        profile=profile_of(member) if is_profiled else None,
        children=shown_children(member, today) if policy.shows_family(member) else [],
        interests=[interest for interest in interests_of(member) if interest.weight > 0] if is_profiled else [],
        clubs=_clubs_of(member) if policy.shows_family(member) else [],
        facts=_facts_of(member) if is_profiled else [],
        consents=last_words(member),
        orders=orders_of(member, 0, ORDERS) if is_profiled else [],
        case_count=case_count,
        open_case_count=open_count,
        segments=fits(segments_of([member.site]), member) if is_profiled else [],
    )


def timeline_of(member: Member, before: int | None, limit: int) -> tuple[list[Event], int | None]:
    """What happened between us and may make a profile for offers, the newest first, and the number that the list goes
    on before; nothing without the yes: deeds are then for the service alone."""
    if not policy.is_profiled(member):
        return [], None
    rows = history_of(member.id, before, limit + 1, (Purpose.OFFERS,))
    shown = rows[:limit]
    told = events(shown, items_told(shown, member.guarded_since is not None))
    return told, shown[-1].id if len(rows) > limit else None


def _way_of(member: Member) -> Way | None:
    standing = standing_of(member.id)
    if standing is None or not standing.phase:
        return None
    stage, stage_ids = stage_of(Evidence(**standing.evidence))
    rows = touchpoints_of(member.id, [*standing.phase_reasons, *stage_ids])
    items = items_told(rows, member.guarded_since is not None)
    return Way(
        standing=standing,
        stage=stage,
        reasons=events([row for row in rows if row.id in standing.phase_reasons], items),
        stage_reasons=events([row for row in rows if row.id in stage_ids], items),
        moves=_moves_of(member),
    )


def _moves_of(member: Member) -> list[PhaseChange]:
    query = select(PhaseChange).where(PhaseChange.member_id == member.id)
    return list(db.session.scalars(query.order_by(PhaseChange.touchpoint_id.desc())))


def _facts_of(member: Member) -> list[Fact]:
    return list(db.session.scalars(select(Fact).where(Fact.member_id == member.id).order_by(Fact.name)))


def _clubs_of(member: Member) -> list[Group]:
    return list(db.session.scalars(select(Group).where(Group.id.in_(member.group_ids)).order_by(Group.month)))


def _case_counts(member: Member) -> tuple[int, int]:
    still_open = func.count().filter(Case.state != CaseState.SOLVED)
    query = select(func.count(), still_open).select_from(Case).where(Case.member_id == member.id)
    count, open_count = db.session.execute(query).one()
    return count, open_count
