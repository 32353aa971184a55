"""The figures: each one or two statements, however much stands in the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import case, distinct, func, select

from community.core.db import db
from community.insights.queries.counted import (
    MONTHS,
    OF_VERB,
    WEEKS,
    does,
    is_answered,
    item_number,
    profiled,
    rows_of,
    serves,
    stands_at,
    with_a_stage,
)
from community.insights.scope import WEEK, Scope, Week
from community.insights.words import KEYS
from community.items.models import Collection, Item, State
from community.members.models import Member, Purpose
from community.profiles.models import Child, Phase, PhaseChange, Standing
from community.profiles.words import PHASES
from community.touchpoints.models import Touchpoint

MOST = 10  # articles, boards, ambassadors


@dataclass(frozen=True)
class Line:
    """One line of a figure. `of` names it where its members are asked for; empty where nobody may be shown."""

    of: str
    label: Any
    numbers: dict[str, int]
    path: str = ""
    short: str = ""  # the label where there is little room

    def share(self, part: str, whole: str) -> int:
        """One of its numbers in hundredths of another."""
        return round(100 * self.numbers[part] / self.numbers[whole]) if self.numbers[whole] else 0


def key_figures(scope: Scope) -> list[Line]:
    """What a marketer wants to know first, beside the same of the time before."""
    numbers = {**_visits(scope), **_deeds(scope)}
    return [
        Line(key, label, dict(zip(("now", "before"), numbers[key], strict=True))) for key, (label, _) in KEYS.items()
    ]


def hourglass(scope: Scope) -> list[Line]:
    """Members by phase, and who came to each in the period."""
    query = select(Standing.phase, func.count()).join(Member, Member.id == Standing.member_id)
    here = dict(db.session.execute(query.where(*profiled(scope), Standing.phase != "").group_by(Standing.phase)).all())
    moves = select(PhaseChange.phase, func.count(distinct(PhaseChange.member_id)))
    moves = moves.join(Member, Member.id == PhaseChange.member_id).where(*profiled(scope), *moved_within(scope))
    came = dict(db.session.execute(moves.group_by(PhaseChange.phase)).all())
    lines, farther = [], 0
    for phase in reversed(Phase):
        farther += here.get(phase, 0)
        numbers = {"here": here.get(phase, 0), "farther": farther, "came": came.get(phase, 0)}
        lines.append(Line(phase.value, PHASES[phase], numbers))
    return lines[::-1]


def stages_of(scope: Scope) -> list[Line]:
    """Members at each week of pregnancy and each month of age."""
    step = case(*((stands_at(key, scope), key) for key in (*WEEKS, *MONTHS))).label("step")
    query = select(step, func.count(distinct(Child.member_id))).join(Member, Member.id == Child.member_id)
    counts: dict[str, int] = dict(db.session.execute(query.where(*with_a_stage(scope)).group_by("step")).all())
    return [Line(key, _step_words(key), {"members": counts.get(key, 0)}) for key in (*WEEKS, *MONTHS)]


def weeks(scope: Scope) -> list[Line]:
    """Members active in each week, and those of them who were active in the seven days before it."""
    since = scope.weeks[0].since - WEEK
    number = _week_number(scope)
    rows = select(Touchpoint.member_id, number.label("week")).where(*rows_of(scope, since), does("active")).distinct()
    seen = rows.subquery()
    last = func.lag(seen.c.week).over(partition_by=seen.c.member_id, order_by=seen.c.week)
    steps = select(seen.c.week, (seen.c.week - last == 1).label("is_back")).subquery()
    query = select(steps.c.week, func.count(), func.count(case((steps.c.is_back, 1)))).group_by(steps.c.week)
    found = {week: numbers for week, *numbers in db.session.execute(query)}
    return _by_week(scope, ("active", "returning"), found)


def shop(scope: Scope) -> list[Line]:
    """Reviews and orders in each week."""
    number = _week_number(scope).label("week_number")
    columns = [func.count(case((does(what), 1))) for what in ("reviews", "orders")]
    wanted = does("reviews") | does("orders")
    found = db.session.execute(select(number, *columns).where(*rows_of(scope), wanted).group_by("week_number"))
    return _by_week(scope, ("reviews", "orders"), {week: numbers for week, *numbers in found})


def articles(scope: Scope) -> list[Line]:
    """The articles that were read most, and how often to the end."""
    reads, ends = (func.count(case((does(what), 1))) for what in ("reads", "ends"))
    of_articles = Touchpoint.about.startswith("article:"), does("reads") | does("ends")
    query = (
        select(func.coalesce(Touchpoint.about, ""), reads, ends)
        .where(*rows_of(scope), *of_articles)
        .group_by(Touchpoint.about)
    )
    found = db.session.execute(query.having(reads > 0).order_by(reads.desc(), Touchpoint.about).limit(MOST)).all()
    ids = [int(about.partition(":")[2]) for about, *_numbers in found]
    shown = {item.key: item for item in db.session.scalars(select(Item).where(Item.id.in_(ids)))}
    return [_article_line(about, shown.get(about), *numbers) for about, *numbers in found]


def boards(scope: Scope) -> list[Line]:
    """Boards on which most conversations began, and how many of these have an answer."""
    query = select(Collection, func.count(), func.count(case((is_answered(), 1))))
    query = query.select_from(Touchpoint).join(Item, Item.id == item_number())
    query = query.join(Collection, Collection.id == Item.collection_id)
    query = query.where(*rows_of(scope), does("topics"), Item.state == State.LIVE).group_by(Collection.id)
    found = db.session.execute(query.order_by(func.count().desc(), Collection.id).limit(MOST))
    return [
        Line(board.key, board.title, {"topics": topics, "answered": done}, board.path) for board, topics, done in found
    ]


def ambassadors(scope: Scope) -> list[Line]:
    """Who brought most friends; by name only who agreed to a profile."""
    is_named = Member.offers.is_(True) & Member.guarded_since.is_(None) & serves(Purpose.OFFERS)
    rows = select(case((is_named, Member.id)).label("who"), case((is_named, Member.name)).label("name"))
    rows = rows.join(Touchpoint, Touchpoint.member_id == Member.id).where(*rows_of(scope), does("friends"))
    who, name = rows.subquery().c
    query = select(who, name, func.count()).group_by(who, name)
    found = db.session.execute(query.order_by(who.is_(None), func.count().desc(), who).limit(MOST)).all()
    return [_ambassador_line(member_id, name, friends) for member_id, name, friends in found]


def moved_within(scope: Scope) -> tuple[Any, Any]:
    """Moves through the hourglass in the period."""
    return PhaseChange.at >= scope.since, PhaseChange.at < scope.until


FIGURES: dict[str, Callable[[Scope], list[Line]]] = {
    "key": key_figures,
    "hourglass": hourglass,
    "stages": stages_of,
    "weeks": weeks,
    "articles": articles,
    "boards": boards,
    "ambassadors": ambassadors,
    "shop": shop,
}


def _visits(scope: Scope) -> dict[str, tuple[int, int]]:
    """Who was here, and who of them in the period before as well: three periods in one statement."""
    periods = scope, scope.before, scope.before.before
    was_here = [
        func.max(case((_within(period), 1), else_=0)).label(name) for period, name in zip(periods, "abc", strict=True)
    ]
    seen = select(*was_here).where(*rows_of(scope, periods[2].since), does("active")).group_by(Touchpoint.member_id)
    now, before, earlier = seen.subquery().c
    numbers = now, before, now * before, before * earlier
    sums = db.session.execute(select(*(func.coalesce(func.sum(number), 0) for number in numbers))).one()
    return {"active": tuple(sums[:2]), "back": tuple(sums[2:])}


def _deeds(scope: Scope) -> dict[str, tuple[int, int]]:
    """What was done, now and before: one statement."""
    deeds = {key: does(key) for key in KEYS if key in OF_VERB}
    deeds["answered"] = does("topics") & is_answered()
    query = select(
        *(func.count(case((_within(period) & done, 1))) for done in deeds.values() for period in (scope, scope.before))
    )
    query = query.select_from(Touchpoint).outerjoin(Item, Item.id == item_number())
    is_one = Touchpoint.verb.in_([OF_VERB[key] for key in KEYS if key in OF_VERB])
    found = db.session.execute(query.where(*rows_of(scope, scope.before.since), is_one)).one()
    return dict(zip(deeds, zip(found[::2], found[1::2], strict=True), strict=True))


def _within(period: Scope) -> Any:
    return (Touchpoint.at >= period.since) & (Touchpoint.at < period.until)


def _week_number(scope: Scope) -> Any:
    """Which week of the period a row lies in; -1 before the first."""
    steps = ((Touchpoint.at < week.since, number - 1) for number, week in enumerate(scope.weeks))
    return case(*steps, else_=len(scope.weeks) - 1)


def _by_week(scope: Scope, names: tuple[str, str], found: dict[int, Any]) -> list[Line]:
    return [
        _week_line(week, dict(zip(names, found.get(number, (0, 0)), strict=True)))
        for number, week in enumerate(scope.weeks)
    ]


def _week_line(week: Week, numbers: dict[str, int]) -> Line:
    first, last = _short(week.first), _short(week.last)
    label = _("%(first)s to %(last)s", first=first, last=last)
    return Line(week.first.isoformat(), label, numbers, short=first)


def _short(day: Any) -> str:
    return str(format_skeleton("MMMd", day, locale=get_locale()))


def _step_words(step: str) -> str:
    kind, _dash, number = step.partition("-")
    return _("Week %(n)s", n=number) if kind == "week" else ngettext("%(num)s month", "%(num)s months", int(number))


def _article_line(about: str, item: Item | None, reads: int, ends: int) -> Line:
    title, path = (item.title, item.path) if item else (_("An article that is gone"), "")
    return Line(about, title, {"reads": reads, "ends": ends}, path)


def _ambassador_line(member_id: int | None, name: str | None, friends: int) -> Line:
    if member_id is None:
        return Line("", _("Others, counted without a name"), {"friends": friends})
    return Line(f"member:{member_id}", name, {"friends": friends}, f"/marketing/members/{member_id}")
