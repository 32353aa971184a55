"""What a reader could read now, and why: gate, candidates, weights, variety, reasons, cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from community.core import clock
from community.core.db import db
from community.core.memory import Memory
from community.items.models import Item
from community.items.queries import Guard, StageDay, as_cards, offered, visible_to
from community.items.queries.shown import titles
from community.personalisation.models import person_of
from community.personalisation.policy import may_learn_from
from community.personalisation.queries import reasons, scoring
from community.personalisation.queries.candidates import Gate, Somebody, Wish, candidates, most_read_ids
from community.personalisation.queries.scoring import Measure, Part, Scored
from community.personalisation.queries.signals import Signals, signals_of
from community.profiles.queries import Family
from community.sites.models import Site

AMONG = 100  # of the most read, those are looked for that a reader may see
_for_visitors: Memory[list[Scored]] = Memory(seconds=300, most=5_000)  # as old as a page in the cache may be


@dataclass(frozen=True)
class Recommendation:
    """An item as a card, why it is shown, and how much each part weighed."""

    item: Any  # an Item as a card, or a Title
    reasons: Sequence[str]
    weights: dict[Part, float]


def recommended_for(who: Any, site: Site, family: Family, limit: int, today: date) -> list[Recommendation]:
    """The best for a member or visitor, with reasons: four statements, whatever is known."""
    now = clock.now()
    signals = signals_of(who, family.guard, now)
    gate = Gate(site, who, family, signals.person, signals.unwanted or None)
    wishes = [Wish(day=day) for day in family.days]
    wishes += [Wish(after=item_id) for item_id in signals.titles] + [Wish(about=tag) for tag in signals.subjects]
    found = scoring.scored(candidates(gate, wishes, now), _measures(signals, family, now), signals.unwanted)
    chosen = scoring.varied(found, limit)
    return [
        Recommendation(card, reasons.reasons_for(one, signals, family, today), one.weights)
        for one, card in _with_cards(chosen, who)
    ]


def related(item: Item, member: Any, family: Family, limit: int) -> list[Recommendation]:
    """What goes with an item, for the end of its page: two statements. For visitors alike, whatever they read.

    Nothing goes with a quiet item: who reads of a loss is offered no other page."""
    if item.is_quiet:
        return []
    if member.is_member:
        chosen = _chosen_beside(item, member, family.guard, limit)
    else:
        chosen = _for_visitors.of((item.id, limit), lambda: _chosen_beside(item, member, None, limit))
    found = titles([one.candidate.id for one in chosen], member)
    shown = [(one, found[one.candidate.id]) for one in chosen if one.candidate.id in found]
    return [Recommendation(title, tuple(reasons.related_reasons(one, title)), one.weights) for one, title in shown]


def most_read(site: Site, member: Any, guard: Guard | None, limit: int) -> list[Item]:
    """What is read most of late, as cards."""
    most = most_read_ids(site, AMONG)
    query = offered(select(Item).join(most, most.c.item_id == Item.id), member, guard)
    query = query.where(Item.is_quiet.is_(False)).order_by(most.c.score.desc(), Item.id.desc())
    return list(db.session.scalars(as_cards(query).limit(limit)))


def _chosen_beside(item: Item, member: Any, guard: Guard | None, limit: int) -> list[Scored]:
    now = clock.now()
    person = person_of(member) if member.is_member and may_learn_from(member) else None
    gate = Gate(item.site, member, Family(guard=guard), person)
    wishes = [Wish(after=item.id), *(Wish(day=day) for day in _middle_of(item))]
    wishes += [Wish(about=item.theme_id)] if item.theme_id else []
    others = [one for one in candidates(gate, wishes, now) if one.id != item.id]
    return scoring.varied(scoring.scored(others, _related_measures(item, now), frozenset()), limit)


def _measures(signals: Signals, family: Family, now: datetime) -> dict[Part, Measure]:
    return {
        Part.STAGE: scoring.by_stage(family.days),
        Part.LEARNED: scoring.by_subject(signals.learned),
        Part.CHOSEN: scoring.by_subject(dict.fromkeys(signals.chosen, 1.0)),
        Part.NEXT: scoring.by_next,
        Part.POPULAR: scoring.by_popularity,
        Part.FRESH: scoring.by_freshness(now),
    }


def _related_measures(item: Item, now: datetime) -> dict[Part, Measure]:
    return {
        Part.NEXT: scoring.by_next,
        Part.THEME: lambda other: float(other.theme_id is not None and other.theme_id == item.theme_id),
        Part.STAGE: scoring.by_shared_time(item),
        Part.POPULAR: scoring.by_popularity,
        Part.FRESH: scoring.by_freshness(now),
    }


def _middle_of(item: Item) -> tuple[StageDay, ...]:
    """The stage day for which an item is most."""
    days = scoring.range_of(item)
    middle = sum(days) // 2 if days else 0
    return (StageDay(middle, middle),) if days else ()


def _with_cards(chosen: list[Scored], who: Any) -> list[tuple[Scored, Item]]:
    """Each with its card, where the reader may still see it."""
    asked = {"ids": [one.candidate.id for one in chosen], "reader_id": who.id, "group_ids": list(who.group_ids)}
    found = {card.id: card for card in db.session.scalars(_cards(who.is_member), asked)}
    return [(one, found[one.candidate.id]) for one in chosen if one.candidate.id in found]


@lru_cache
def _cards(is_member: bool) -> Select[Any]:
    query = select(Item).where(Item.id.in_(bindparam("ids", expanding=True)), Item.is_quiet.is_(False))
    return as_cards(visible_to(query, Somebody(is_member)))
