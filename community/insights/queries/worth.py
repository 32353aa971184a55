"""What one article is worth: who reads it to the end, what is asked before and after it, and what its readers do in
the month after, beside members who are held out of everything that is chosen for others.

Members alone, and only by rows of the record that may count in figures. What may not be known yet is not counted: of
whom less than a month has passed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log, sqrt
from statistics import fmean, variance
from typing import Any

from sqlalchemy import String, case, cast, func, select

from community.core import clock
from community.core.db import db
from community.insights.queries.counted import does, serves
from community.items.models import Item, State
from community.members.models import Member, Purpose
from community.personalisation.experiments import Outcome, Uplift, Way, uplift_of
from community.personalisation.models import Experiment, Trial
from community.profiles.models import Phase, PhaseChange
from community.sites.models import Site
from community.touchpoints.models import Touchpoint

MONTH, LOOKED_BACK = timedelta(days=30), timedelta(days=180)
MOST = 20_000  # readers, and as many who are held out: the latest
SURE = 1.96  # standard errors on both sides hold 95 in 100
Start = tuple[int, datetime]  # a member, and from when on it is looked what they do


@dataclass(frozen=True)
class Share:
    """So many of a number, and between which shares the truth lies with 95 in 100 (Wilson's interval)."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its ends; none where there is nobody."""
        if not self.whole:
            return None
        share, square = self.part / self.whole, SURE**2 / self.whole
        middle = (share + square / 2) / (1 + square)
        margin = SURE * sqrt(share * (1 - share) / self.whole + square / (4 * self.whole)) / (1 + square)
        return max(0.0, middle - margin), min(1.0, middle + margin)


@dataclass(frozen=True)
class Questions:
    """Conversations about the same theme in the month before an article and in the month after."""

    before: int
    after: int

    @property
    def change(self) -> Uplift | None:
        """By which share they became more or fewer; none where there are none on one side."""
        if not (self.before and self.after):
            return None
        ratio, margin = self.after / self.before, SURE * sqrt(1 / self.before + 1 / self.after)
        return Uplift(ratio - 1, exp(log(ratio) - margin) - 1, exp(log(ratio) + margin) - 1)


@dataclass(frozen=True)
class Beside:
    """How often readers did something within a month, and how often those who are held out did."""

    readers: Outcome
    held_out: Outcome

    @property
    def uplift(self) -> Uplift | None:
        """What readers do more; none before it can be told."""
        return uplift_of(self.readers, self.held_out)


@dataclass(frozen=True)
class Worth:
    """All that can be said of one article."""

    ends: Share
    questions: Questions | None  # none where its month is not over, or it has no theme
    moves: Beside
    orders: Beside


def worth_of(article: Item) -> Worth:
    """Counted now: eight statements, however much stands in the record."""
    held_out = _held_out(article.site)
    silent = {member_id for member_id, _at in held_out}
    readers = [start for start in _readers(article) if start[0] not in silent]
    return Worth(
        ends=_ends(article),
        questions=_questions(article),
        moves=Beside(*(_outcome(_profiled(starts), _moves(starts)) for starts in (readers, held_out))),
        orders=Beside(*(_outcome(starts, _orders(starts)) for starts in (readers, held_out))),
    )


def article_by_id(article_id: int) -> Item | None:
    """A live article."""
    query = select(Item).where(Item.id == article_id, Item.kind == "article", Item.state == State.LIVE)
    return db.session.scalar(query)


def _readers(article: Item) -> list[Start]:
    """Members who may count, by when they first read it."""
    now, first = clock.now(), func.min(Touchpoint.at)
    query = select(Touchpoint.member_id, first).where(*_may_count(article), does("reads"))
    query = query.group_by(Touchpoint.member_id).having(first >= now - LOOKED_BACK, first <= now - MONTH)
    return _starts(query.order_by(first.desc()))


def _held_out(site: Site) -> list[Start]:
    """Members who see what is read most wherever lists are chosen for others, by when that began."""
    now = clock.now()
    query = select(Member.id, Trial.began_at).join(Trial, Trial.person == "m" + cast(Member.id, String))
    query = query.join(Experiment, Experiment.id == Trial.experiment_id).where(Member.analytics.is_(True))
    query = query.where(Experiment.site == site, Experiment.slot.is_(None), Trial.arm == Way.OTHER)
    query = query.where(Trial.began_at.between(now - LOOKED_BACK, now - MONTH))
    return _starts(query.order_by(Trial.began_at.desc()))


def _starts(query: Any) -> list[Start]:
    return [(member_id, at) for member_id, at in db.session.execute(query.limit(MOST))]


def _ends(article: Item) -> Share:
    ended, read = (func.count(Touchpoint.member_id.distinct()).filter(does(what)) for what in ("ends", "reads"))
    row = db.session.execute(select(ended.label("ended"), read.label("read")).where(*_may_count(article))).one()
    return Share(min(row.ended, row.read), row.read)


def _questions(article: Item) -> Questions | None:
    at = article.published_at
    if article.theme_id is None or at is None or at > clock.now() - MONTH:
        return None
    is_after = Item.published_at >= at
    query = select(func.count().filter(~is_after), func.count().filter(is_after)).where(
        Item.site == article.site,
        Item.kind == "topic",
        Item.state == State.LIVE,
        Item.theme_id == article.theme_id,
        Item.published_at.between(at - MONTH, at + MONTH),
    )
    return Questions(*db.session.execute(query).one())


def _orders(starts: Sequence[Start]) -> Counter[int]:
    query = select(Touchpoint.member_id, Touchpoint.at).where(does("orders"), serves(Purpose.ANALYTICS))
    return _within_month(starts, query, Touchpoint.member_id, Touchpoint.at)


def _moves(starts: Sequence[Start]) -> Counter[int]:
    place = {phase.value: number for number, phase in enumerate(Phase, 1)}
    before, after = (case(place, value=column, else_=0) for column in (PhaseChange.before, PhaseChange.phase))
    query = select(PhaseChange.member_id, PhaseChange.at).where(after > before)
    return _within_month(starts, query, PhaseChange.member_id, PhaseChange.at)


def _profiled(starts: Sequence[Start]) -> list[Start]:
    """Those who agree to a profile: nobody else has phases."""
    query = select(Member.id).where(Member.offers.is_(True), Member.guarded_since.is_(None))
    agreed = set(db.session.scalars(query.where(Member.id.in_([member_id for member_id, _at in starts]))))
    return [start for start in starts if start[0] in agreed]


def _within_month(starts: Sequence[Start], query: Any, member_id: Any, at: Any) -> Counter[int]:
    """How often each did it within a month of their start."""
    began, counts = dict(starts), Counter[int]()
    if not began:
        return counts
    query = query.where(at > min(began.values()), at <= max(began.values()) + MONTH)
    for who, when in db.session.execute(query):
        if who in began and began[who] < when <= began[who] + MONTH:
            counts[who] += 1
    return counts


def _outcome(starts: Iterable[Start], counts: Counter[int]) -> Outcome:
    values = [counts[member_id] for member_id, _at in starts]
    if len(values) < 2:
        return Outcome(len(values), float(sum(values)))
    return Outcome(len(values), fmean(values), variance(values))


def _may_count(article: Item) -> tuple[Any, ...]:
    is_members = Touchpoint.member_id.is_not(None)
    return Touchpoint.about == article.key, is_members, serves(Purpose.ANALYTICS)
