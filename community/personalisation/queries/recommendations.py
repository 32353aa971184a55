"""What a reader could read now, and why: gate, candidates, weights, variety, reasons, cards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Select

from community.core import clock
from community.core.asking import numbers
from community.core.memory import Memory
from community.items.models import Item
from community.items.models.cards import Card
from community.items.models.shown import Title
from community.items.queries import Guard, StageDay, as_card, card_rows, cards_by, offered
from community.personalisation.engine import scoring
from community.personalisation.engine.blend import Blend
from community.personalisation.engine.candidate import Candidate
from community.personalisation.engine.evidence import Evidence, nearest
from community.personalisation.engine.scoring import Measure, Part, Scored
from community.personalisation.models import person_of
from community.personalisation.policy import family_for, may_learn_from
from community.personalisation.queries import reasons
from community.personalisation.queries.candidates import (
    Found,
    Gate,
    Wish,
    candidates,
    candidates_within,
    most_read_ids,
)
from community.personalisation.queries.facts import facts_of
from community.personalisation.queries.near import near_to
from community.personalisation.queries.peers import lifts_at, peers_of
from community.personalisation.queries.signals import Signals, signals_of
from community.personalisation.queries.weights import blend_of
from community.personalisation.slots import use_in
from community.profiles.queries import Family
from community.sites.models import Site

AMONG = 100  # of the most read, those are looked for that a reader may see
MORE = 10  # than are wanted are looked up: all others only where too few of these may come
LIKELY = 3  # of so many times what is to come, the first are asked: the rest only where too few of them may come
EACH = 8  # so many of the best of each reason are asked at a reader's gate, to find a few that come
_beside: Memory[list[Scored]] = Memory(seconds=300, most=5_000)  # as old as a page in the cache may be


@dataclass(frozen=True)
class Recommendation:
    """An item as a card, why it is shown, and how much each part weighed."""

    item: Any  # a Card, or a Title; an Item as a card where somebody pinned it
    reasons: Sequence[str]
    weights: dict[Part, float]


class Chosen(NamedTuple):
    """An item that was chosen, why, and how much each part weighed."""

    item_id: int
    reasons: Sequence[str]
    weights: dict[Part, float]


class Choice(NamedTuple):
    """What was chosen for a reader, and by what was known of them then."""

    told: tuple[Any, ...]
    chosen: list[Chosen]


_choices: Memory[Choice] = Memory(seconds=60, most=500)  # as old as what a wish finds may be


def recommended_for(
    who: Any, site: Site, family: Family, limit: int, today: date, slot: str | None = None
) -> list[Recommendation]:
    """The best for a member or visitor, with reasons: three statements, whatever is known, and what is
    the same for all readers where it is not known yet. Who has read most of what all are offered costs three more.

    Who comes back within a minute, and of whom nothing new is known, is offered the same for three statements: as
    long as all of it may still come."""
    use = use_in(slot)
    signals, family = signals_of(who, family.guard, clock.now(), use), family_for(use, who, family)
    gate, blend = Gate(site, who, family, signals.person), blend_of(site, slot)
    asked = gate.circle, who.id, signals.person, slot, limit
    told = signals.told, *_told_of(family), list(who.group_ids), today, blend, lifts_at(site)
    kept = _choices.find(asked)
    chosen = kept.chosen if kept and kept.told == told else []
    cards = cards_within(gate, (one.item_id for one in chosen)) if chosen else {}
    if not chosen or len(cards) < len(chosen):
        chosen, cards = _choose(gate, signals, blend, limit, today)
        _choices.keep(asked, Choice(told, chosen))
    return [Recommendation(cards[one.item_id], one.reasons, one.weights) for one in chosen]


def _told_of(family: Family) -> tuple[Any, ...]:
    """What of a family decides what it is offered."""
    born = [(child.is_pregnancy, child.born_on) for child in family.children]
    return family.days, family.guard, family.has_told, born


def _choose(
    gate: Gate, signals: Signals, blend: Blend, limit: int, today: date
) -> tuple[list[Chosen], dict[int, Card]]:
    """The best that may come, with their cards: these are asked for a few more than are wanted, as one or another of
    the best may not come to this reader."""
    now, family = clock.now(), gate.family
    wishes = [Wish(day=day) for day in family.days] + [Wish(club=club) for club in gate.who.group_ids]
    wishes += [Wish(after=item_id) for item_id in signals.titles] + [Wish(about=tag) for tag in signals.subjects]
    near = near_to(signals.history)
    found = candidates(gate.circle, wishes)
    worth_it = found.item_ids.union(nearest(signals.history, near, found.item_ids)) - signals.read
    evidence_of = partial(Evidence, near=near, peers=peers_of(gate.site, family), days=family.days)
    weigh = partial(_weighed, evidence_of=evidence_of, signals=signals, blend=blend)
    weighed, evidence = weigh(found, facts_of(gate.site, worth_it, now))
    best = scoring.varied(scoring.shortlist(weighed, max(EACH, 2 * limit)), limit + MORE)
    cards = cards_within(gate, (one.candidate.id for one in best))
    left = [one for one in best if one.candidate.id in cards]
    if len(left) < limit < len(weighed):
        left = _allowed(gate, weighed)
    if len(left) < limit and len(found.item_ids) >= EACH:
        found = candidates_within(gate, wishes)
        left, evidence = weigh(found, facts_of(gate.site, found.item_ids, now))
    chosen = scoring.varied(left, limit)
    if missing := [one.candidate.id for one in chosen if one.candidate.id not in cards]:
        cards |= cards_within(gate, missing)
    return [
        Chosen(one.candidate.id, reasons.reasons_for(one, signals, evidence, family, today), one.weights)
        for one in chosen
        if one.candidate.id in cards
    ], cards


def related(item: Item, member: Any, family: Family, limit: int) -> list[Recommendation]:
    """What goes with an item, for the end of its page: one statement. For visitors alike, whatever they read.

    Nothing goes with a quiet item: who reads of a loss is offered no other page."""
    if item.is_quiet:
        return []
    person = person_of(member) if member.is_member and may_learn_from(member) else None
    gate = Gate(item.site, member, Family(guard=family.guard), person)
    best = _beside.of((gate.circle, item.id), lambda: _best_beside(item, partial(candidates, gate.circle)))
    found = _titles(gate, best[: LIKELY * limit])
    if len(found) < limit and len(best) > LIKELY * limit:
        found = _titles(gate, best)
    if len(found) < limit and len(best) >= EACH:
        best = _best_beside(item, partial(candidates_within, gate))
        found = _titles(gate, best)
    shown = scoring.varied([one for one in best if one.candidate.id in found], limit)
    return [_beside_it(one, found[one.candidate.id]) for one in shown]


def most_read(site: Site, member: Any, guard: Guard | None, limit: int) -> list[Card]:
    """What is read most of late, as cards."""
    most = most_read_ids(site, AMONG)
    query = offered(card_rows().join(most, most.c.item_id == Item.id), member, guard)
    query = query.where(Item.is_quiet.is_(False)).order_by(most.c.score.desc(), Item.id.desc())
    return cards_by(query.limit(limit))


def _allowed(gate: Gate, found: Sequence[Scored]) -> list[Scored]:
    allowed = gate.allows(one.candidate.id for one in found)
    return [one for one in found if one.candidate.id in allowed]


def _weighed(
    found: Found, facts: list[Candidate], evidence_of: Callable[..., Evidence], signals: Signals, blend: Blend
) -> tuple[list[Scored], Evidence]:
    evidence = evidence_of(
        history=signals.history,
        next=found.next,
        beside=found.beside,
        learned=signals.learned,
        chosen=signals.chosen,
    )
    weights = blend.at(len(signals.history))
    return scoring.scored(facts, evidence.measures, weights, signals.unwanted), evidence


def _titles(gate: Gate, found: Sequence[Scored]) -> dict[int, Title]:
    return gate.titles(one.candidate.id for one in found)


def _best_beside(item: Item, find: Callable[[list[Wish]], Found]) -> list[Scored]:
    """The best of each reason, in the order in which they would come."""
    wishes = [Wish(after=item.id), *(Wish(day=day) for day in _middle_of(item))]
    wishes += [Wish(about=item.theme_id)] if item.theme_id else []
    wishes += [Wish(club=item.group_id)] if item.group_id else []
    found = find(wishes)
    others = facts_of(item.site, found.item_ids - {item.id}, clock.now())
    evidence = Evidence(history=[item.id], next=found.next, beside=found.beside)
    weights = blend_of(item.site, item.kind).at(0)
    best = scoring.shortlist(scoring.scored(others, _beside_measures(item, evidence), weights), EACH)
    return scoring.varied(best, len(best))


def _beside_it(one: Scored, title: Title) -> Recommendation:
    return Recommendation(title, tuple(reasons.related_reasons(one, title)), one.weights)


def _beside_measures(item: Item, evidence: Evidence) -> dict[Part, Measure]:
    return {
        **evidence.measures,
        Part.THEME: scoring.by_theme(item.theme_id),
        Part.STAGE: scoring.by_shared_time(item),
    }


def _middle_of(item: Item) -> tuple[StageDay, ...]:
    """The stage day for which an item is most."""
    days = scoring.range_of(item)
    middle = sum(days) // 2 if days else 0
    return (StageDay(middle, middle),) if days else ()


def cards_within(gate: Gate, item_ids: Iterable[int]) -> dict[int, Card]:
    """The cards of those of these items that may come now: one statement."""
    return {row.id: as_card(row) for row in gate.rows(_cards, item_ids=list(item_ids))}


def _cards(gate: Gate) -> Select[Any]:
    return gate.passes(card_rows().where(Item.id.in_(numbers("item_ids"))))
