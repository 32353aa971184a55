"""Who stands behind a number of a line: by name whoever agreed to a profile for offers, the others as a count.

What somebody read or did is put beside a name only where that row of the record may make a profile for offers, and
never after "something changed"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, distinct, exists, func, select, true

from community.core.db import db
from community.insights.queries.counted import (
    active_ids,
    does,
    friend_number,
    is_answered,
    item_number,
    profiled,
    rows_of,
    serves,
    stands_at,
    with_a_stage,
)
from community.insights.queries.figures import moved_within
from community.insights.scope import WEEK, Scope
from community.items.models import Item, State, Visibility
from community.members.models import Member, MemberState, Purpose
from community.profiles.models import Child, Phase, PhaseChange, Standing
from community.sites.models import Site
from community.touchpoints.models import Touchpoint


@dataclass(frozen=True)
class Heads:
    """What is counted, by how many members, and how much of it stands below by name."""

    count: int
    member_count: int
    named_count: int
    named_member_count: int


Behind = Select  # of (member_id, may_name), a row for each thing that is counted


def heads(behind: Behind, sites: Sequence[Site]) -> Heads:
    """All of it in four numbers: one statement."""
    seen = behind.subquery()
    is_named = and_(seen.c.may_name, _may_be_named(sites))
    counts = (
        func.count(),
        func.count(distinct(seen.c.member_id)),
        func.count(case((is_named, 1))),
        func.count(distinct(case((is_named, seen.c.member_id)))),
    )
    query = select(*counts).select_from(seen).outerjoin(Member, Member.id == seen.c.member_id)
    return Heads(*db.session.execute(query).one())


def page_of(behind: Behind, sites: Sequence[Site], before: int | None, limit: int) -> list[Any]:
    """(member, standing, how often) of those who may be named, who joined last first."""
    seen = behind.subquery()
    times = select(seen.c.member_id, func.count().label("times")).where(seen.c.may_name)
    counted = times.group_by(seen.c.member_id).subquery()
    query = select(Member, Standing, counted.c.times).join(counted, counted.c.member_id == Member.id)
    query = query.outerjoin(Standing, Standing.member_id == Member.id).where(_may_be_named(sites))
    query = query.where(Member.id < before) if before else query
    return list(db.session.execute(query.order_by(Member.id.desc()).limit(limit)))


def _may_be_named(sites: Sequence[Site]) -> Any:
    return and_(
        Member.site.in_(sites),
        Member.state == MemberState.ACTIVE,
        Member.offers.is_(True),
        Member.guarded_since.is_(None),
    )


def _rows(*which: Any, who: Any = Touchpoint.member_id, may_name: Any = true()) -> Behind:
    may_name = and_(serves(Purpose.OFFERS), may_name)
    return select(who.label("member_id"), may_name.label("may_name")).where(*which)


def _is_for_all() -> Any:
    """What stands in a club, or is kept quiet, is put beside nobody's name."""
    seen_by_all = Item.visibility.in_((Visibility.PUBLIC, Visibility.MEMBERS))
    return and_(Item.state == State.LIVE, seen_by_all, Item.is_quiet.is_(False))


def _members(*which: Any) -> Behind:
    return select(Member.id.label("member_id"), true().label("may_name")).where(*which)


def _key(scope: Scope, column: str, of: str) -> Behind:
    return KEYS_BEHIND[of](scope if column == "now" else scope.before)


def _back(scope: Scope) -> Behind:
    earlier = active_ids(scope, scope.before.since, scope.since)
    return _rows(*rows_of(scope), does("active"), Touchpoint.member_id.in_(earlier))


def _topics(scope: Scope, *which: Any) -> Behind:
    rows = _rows(*rows_of(scope), does("topics"), *which, may_name=_is_for_all())
    return rows.join(Item, Item.id == item_number())


def _done(what: str) -> Callable[[Scope], Behind]:
    return lambda scope: _rows(*rows_of(scope), does(what))


KEYS_BEHIND: dict[str, Callable[[Scope], Behind]] = {
    "active": _done("active"),
    "back": _back,
    "joined": _done("joined"),
    "topics": _done("topics"),
    "answered": lambda scope: _topics(scope, is_answered()),
    "reviews": _done("reviews"),
    "orders": _done("orders"),
    "friends": lambda scope: _rows(*rows_of(scope), does("friends"), who=friend_number()),
}


def _hourglass(scope: Scope, column: str, of: str) -> Behind:
    if column == "came":
        moved = exists().where(PhaseChange.member_id == Member.id, PhaseChange.phase == of, *moved_within(scope))
        return _members(*profiled(scope), moved)
    phases = tuple(Phase)[tuple(Phase).index(Phase(of)) :] if column == "farther" else (of,)
    standing = exists().where(Standing.member_id == Member.id, Standing.phase.in_(phases))
    return _members(*profiled(scope), standing)


def _stages(scope: Scope, _column: str, of: str) -> Behind:
    return _members(*with_a_stage(scope), exists().where(Child.member_id == Member.id, stands_at(of, scope)))


def _weeks(scope: Scope, column: str, of: str) -> Behind:
    week = scope.week_of(of)
    rows = *rows_of(scope, week.since, week.until), does("active")
    if column == "active":
        return _rows(*rows)
    return _rows(*rows, Touchpoint.member_id.in_(active_ids(scope, _week_before(scope, week), week.since)))


def _week_before(scope: Scope, week: Any) -> Any:
    known = [other.since for other in scope.weeks if other.since < week.since]
    return known[-1] if known else week.since - WEEK


def _shop(scope: Scope, column: str, of: str) -> Behind:
    week = scope.week_of(of)
    return _rows(*rows_of(scope, week.since, week.until), does(column))


def _articles(scope: Scope, column: str, of: str) -> Behind:
    is_open = exists().where(Item.id == _number(of), _is_for_all())
    return _rows(*rows_of(scope), does(column), Touchpoint.about == of, may_name=is_open)


def _boards(scope: Scope, column: str, of: str) -> Behind:
    answered = (is_answered(),) if column == "answered" else ()
    return _topics(scope, Item.collection_id == _number(of), Item.state == State.LIVE, *answered)


def _ambassadors(scope: Scope, _column: str, of: str) -> Behind:
    return _rows(*rows_of(scope), does("friends"), Touchpoint.member_id == _number(of), who=friend_number())


def _number(key: str) -> int:
    return int(key.partition(":")[2])


BEHIND: dict[str, Callable[[Scope, str, str], Behind]] = {
    "key": _key,
    "hourglass": _hourglass,
    "stages": _stages,
    "weeks": _weeks,
    "articles": _articles,
    "boards": _boards,
    "ambassadors": _ambassadors,
    "shop": _shop,
}
