"""Which rows of the record, and which members, a number counts. Figures and lists of members ask these alike.

Deeds and reading count where their person had agreed to figures at that moment (`a` in `allows`), whoever it was;
phases and life stages are parts of a profile, and count members who agree to one now."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, select

from community.core import clock, stages
from community.insights.scope import Scope
from community.items.models import Item
from community.members.ledger import DataKind, Use, lets
from community.members.models import Member, MemberState, Purpose
from community.profiles.models import Child, ChildKind
from community.segments.conditions import of_json
from community.segments.queries.asking import born_by
from community.segments.queries.audience import members_in
from community.touchpoints.models import LETTERS, Touchpoint, Verb

Condition = ColumnElement[bool]
TO_THE_END = 0.9  # of a page, as the beacon tells it
# What we did, what happened to somebody, and "something changed", which counts nowhere.
NOT_THEIRS = (Verb.ARTICLE_PUBLISHED, Verb.CASE_ANSWERED, Verb.CASE_SOLVED, Verb.FRIEND_CAME, Verb.PREGNANCY_CHANGED)
OF_VERB = {
    "joined": Verb.MEMBER_REGISTERED,
    "topics": Verb.TOPIC_STARTED,
    "reviews": Verb.REVIEW_WRITTEN,
    "orders": Verb.ORDER_PLACED,
    "friends": Verb.FRIEND_CAME,
    "reads": Verb.PAGE_READ,
}


def rows_of(scope: Scope, since: Any = None, until: Any = None) -> tuple[Condition, ...]:
    """Rows of the sites, the period and the audience that may count."""
    return (
        Touchpoint.site.in_(scope.sites),
        Touchpoint.at >= (since or scope.since),
        Touchpoint.at < (until or scope.until),
        serves(Purpose.ANALYTICS),
        *in_segment(scope, Touchpoint.member_id),
    )


def serves(purpose: Purpose) -> Condition:
    """Rows whose person had agreed to this."""
    return Touchpoint.allows.contains(LETTERS[purpose])


def in_segment(scope: Scope, member_id: Any) -> tuple[Condition, ...]:
    """Only of members who fit the audience now."""
    if scope.segment is None:
        return ()
    return (member_id.in_(members_in(of_json(scope.segment.conditions), scope.segment.site, Use.FIGURES)),)


def does(what: str) -> Condition:
    """Rows that are this deed."""
    if what == "active":
        return and_(Touchpoint.member_id.is_not(None), Touchpoint.verb.not_in(NOT_THEIRS))
    if what == "ends":
        share = Touchpoint.facts["share"].as_float()
        return case((Touchpoint.verb == Verb.PAGE_LEFT, share >= TO_THE_END), else_=False).is_(True)
    if what == "orders":
        silent = select(Member.id).where(~lets(Use.FIGURES, [DataKind.ORDERS]))
        return and_(Touchpoint.verb == Verb.ORDER_PLACED, Touchpoint.member_id.not_in(silent))
    return Touchpoint.verb == OF_VERB[what]


def active_ids(scope: Scope, since: Any, until: Any) -> Any:
    """Members who did something between two moments."""
    return select(Touchpoint.member_id).where(*rows_of(scope, since, until), does("active"))


def item_number() -> ColumnElement[int]:
    """The number in `about`, of rows about a topic."""
    return case((Touchpoint.about.startswith("topic:"), cast(func.substr(Touchpoint.about, 7), Integer)))


def friend_number() -> ColumnElement[int]:
    """The friend, of rows that tell of one."""
    return case((Touchpoint.verb == Verb.FRIEND_CAME, cast(func.substr(Touchpoint.about, 8), Integer)))


def is_answered() -> Condition:
    """Somebody wrote below the opening."""
    return Item.post_count > 1


def profiled(scope: Scope) -> tuple[Condition, ...]:
    """Members who agree to a profile for offers now."""
    is_here = Member.site.in_(scope.sites), Member.state == MemberState.ACTIVE, Member.offers.is_(True)
    return *is_here, *in_segment(scope, Member.id)


def with_a_stage(scope: Scope) -> tuple[Condition, ...]:
    """Of them, those whom nothing changed for."""
    return *profiled(scope), Member.guarded_since.is_(None), lets(Use.FIGURES, [DataKind.STAGE])


WEEKS = [f"week-{week}" for week in range(stages.FIRST_WEEK, stages.LAST_WEEK + 1)]
MONTHS = [f"month-{month}" for month in range(stages.LAST_MONTH + 1)]


def stands_at(step: str, scope: Scope) -> Condition:
    """Pregnancies in a week, or children of so many completed months; none that was stopped."""
    kind, _dash, number = step.partition("-")
    today = clock.today(str(scope.zone))
    here = _is_in_week(int(number), today) if kind == "week" else _is_of_age(int(number), today)
    return and_(Child.stopped_at.is_(None), here)


def _is_in_week(week: int, today: date) -> Condition:
    last = today + timedelta(days=stages.PREGNANCY_DAYS - 7 * week)
    return and_(Child.kind == ChildKind.PREGNANCY, Child.due_on.between(last - timedelta(days=6), last))


def _is_of_age(months: int, today: date) -> Condition:
    born = Child.born_on > born_by(months + 1, today), Child.born_on <= born_by(months, today)
    return and_(Child.kind != ChildKind.PREGNANCY, *born)
