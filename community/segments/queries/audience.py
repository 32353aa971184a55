"""Who answers to a tree of conditions: only members who agreed to a profile for offers are ever asked about, and
only those who let all that the tree asks be used for what its answer is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, not_, or_, select, true

from community.core import clock
from community.core.db import db
from community.members.ledger import Use, lets
from community.members.models import Member, MemberState
from community.messages.models import Bounce, BounceKind, Choices
from community.messages.policy import SOFT_BOUNCES, SOFT_WITHIN
from community.profiles.models import Standing
from community.segments.conditions import Clause, Tree, of_json
from community.segments.models import Segment
from community.segments.queries.asking import Asked, Condition
from community.segments.queries.fields import operator_of
from community.segments.queries.needed import kinds_of
from community.sites.models import Site


@dataclass(frozen=True)
class Heads:
    """How many fit, and how many of them may be written to now."""

    count: int
    reachable_count: int


def asked_now(site: Site) -> Asked:
    """As it is at this moment on a site."""
    return Asked(clock.now(), clock.today(site.zone))


def members_in(tree: Tree, site: Site, *uses: Use) -> Select[Any]:
    """Ids of the members of a site who fit, and let it be used for one of these, or for mails: to be counted, listed,
    or put into another query."""
    return _agreed(select(Member.id)).where(Member.site == site, _holds(tree, asked_now(site), *uses))


def condition_of(tree: Tree, asked: Asked) -> Condition:
    """A tree as one condition over members with their standing; true or false, never unknown."""
    if isinstance(tree, Clause):
        operator = operator_of(tree.field, tree.operator)
        holds = case((operator.asks(asked, tree.values), True), else_=False) if operator else ~true()
        holds = holds.is_(True)
    else:
        parts = [condition_of(part, asked) for part in tree.parts]
        holds = or_(*parts) if tree.is_any and parts else and_(true(), *parts)
    return not_(holds) if tree.is_not else holds


def heads(tree: Tree, site: Site) -> Heads:
    """Both counts: one statement."""
    query = members_in(tree, site).with_only_columns(func.count(), func.count(case((is_reachable(), 1))))
    return Heads(*db.session.execute(query).one())


def some_of(tree: Tree, site: Site, limit: int = 3) -> list[Any]:
    """A few at random, with their standing."""
    query = _rows(members_in(tree, site)).order_by(func.random()).limit(limit)
    return list(db.session.execute(query))


def page_of(tree: Tree, site: Site, before: int | None, limit: int) -> list[Any]:
    """(member, standing, whether we may write) of those who fit, who joined last first."""
    query = _rows(members_in(tree, site)).order_by(Member.id.desc()).limit(limit)
    return list(db.session.execute(query.where(Member.id < before) if before else query))


def all_of(tree: Tree, site: Site, use: Use) -> list[Any]:
    """The same of everybody."""
    return list(db.session.execute(_rows(members_in(tree, site, use)).order_by(Member.id)))


def fits(segments: Sequence[Segment], member: Member) -> list[Segment]:
    """Those of these segments that hold a member: one statement."""
    own = [segment for segment in segments if segment.site == member.site]
    asked = asked_now(member.site)
    columns = [_holds(of_json(segment.conditions), asked).label(f"s{segment.id}") for segment in own]
    if not columns:
        return []
    row = db.session.execute(_agreed(select(*columns)).where(Member.id == member.id)).one_or_none()
    return [segment for segment, is_in in zip(own, row or (), strict=False) if is_in]


def lets_one_of(uses: Sequence[Use], tree: Tree) -> Condition:
    """Whether somebody lets all that a tree asks be used for one of these."""
    return or_(*(lets(use, kinds_of(tree)) for use in uses))


def is_reachable() -> Condition:
    """Whether a mail with an offer may go there: agreed, not guarded, no open complaint, and the address works."""
    now = clock.now()
    lasting = select(Bounce.address).where(Bounce.lifted_at.is_(None), Bounce.kind != BounceKind.SOFT)
    soft = select(Bounce.address).where(
        Bounce.lifted_at.is_(None), Bounce.kind == BounceKind.SOFT, Bounce.at > now - SOFT_WITHIN
    )
    often = soft.group_by(Bounce.address).having(func.count() >= SOFT_BOUNCES)
    paused = select(Choices.member_id).where(Choices.paused_until > now)
    return and_(
        Member.offers.is_(True),
        Member.state == MemberState.ACTIVE,
        Member.email.is_not(None),
        Member.guarded_since.is_(None),
        func.coalesce(Standing.complaint_count, 0) == 0,
        Member.email.not_in(lasting),
        Member.email.not_in(often),
        Member.id.not_in(paused),
    )


def segments_of(sites: Sequence[Site]) -> list[Segment]:
    """The saved ones of these sites, by name."""
    return list(db.session.scalars(select(Segment).where(Segment.site.in_(sites)).order_by(Segment.name, Segment.id)))


def segment_by_id(segment_id: int) -> Segment | None:
    """A saved one."""
    return db.session.get(Segment, segment_id)


def _holds(tree: Tree, asked: Asked, *uses: Use) -> Condition:
    return and_(condition_of(tree, asked), lets_one_of(uses or (Use.MAILS,), tree))


def _agreed(query: Any) -> Any:
    query = query.select_from(Member).outerjoin(Standing, Standing.member_id == Member.id)
    return query.where(Member.state == MemberState.ACTIVE, Member.offers.is_(True))


def _rows(query: Any) -> Any:
    return query.with_only_columns(Member, Standing, is_reachable().label("is_reachable"))
