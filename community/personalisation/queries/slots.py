"""The one call by which every slot is filled: on a page, in a letter, on paper."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from community.core import clock
from community.core.db import db
from community.items.models import Item
from community.members.ledger import Use
from community.members.models import Visitor
from community.personalisation.models import person_of
from community.personalisation.policy import family_for, may_learn_from, may_look_up_orders
from community.personalisation.queries.candidates import Gate, most_read_ids
from community.personalisation.queries.plans import plan_of
from community.personalisation.queries.recommendations import (
    AMONG,
    Recommendation,
    cards_within,
    recommended_for,
    related,
)
from community.personalisation.slots import Channel, Choice, Offer, Place, Rules, chance_of
from community.personalisation.tiers import WORDS as TIER_WORDS
from community.personalisation.tiers import Tier, tier_of
from community.personalisation.words import GOES_WITH_THIS, GOES_WITH_YOURS
from community.profiles.queries import Family
from community.shop.queries.relations import Tied, tied_to

SPARE = 18  # so many more are looked for where not all that is found may come
WIDE = 200  # and so many, where a kind is owed more than was found
LEADS = 3  # so many of a session's last reads lead to others


class ByOrders(Recommendation):
    """A product that goes with what its reader bought."""


def offer_for(
    who: Any,
    place: Place,
    family: Family,
    today: date,
    without: Collection[int] = frozenset(),
    rules: Rules | None = None,
) -> Offer:
    """What a member, visitor or persona is offered in a place, with reasons; `rules` are tried instead of the slot's.

    Nothing stands beside a quiet item: who reads of a loss is offered no other page."""
    if place.beside is not None and place.beside.is_quiet:
        return Offer(place)
    family = family_for(place.use, who, family)
    person = person_of(who) if may_learn_from(who) else None
    choice = Choice(rules) if rules else plan_of(place.site).choice_for(person, place.slot)
    gate = Gate(place.site, who, family, person)
    chance = chance_of(person if choice.rules.goes_by_chance else None, place.site, clock.now())
    reach = choice.rules.count + len(without) + (SPARE if choice.rules.is_choosy or chance.is_taken else 0)
    mixed = partial(_mixed, gate, place, choice.rules, today, without)
    chosen, rest = mixed(reach)
    if choice.rules.is_owed(chosen):
        chosen, rest = mixed(WIDE)
    chance_at = chance.put_in(chosen, rest, choice.rules.free_places(chosen))
    is_by_orders = any(isinstance(one, ByOrders) for one in chosen)
    uses = (place.use, Use.SHOP) if is_by_orders else (place.use,)
    tiers = tuple(_tier_of(one, place) for one in chosen)
    if place.channel is Channel.WEB:
        words = {tier: str(TIER_WORDS[tier]) for tier in set(tiers)}
        chosen = [_saying(one, words[tier]) for one, tier in zip(chosen, tiers, strict=True)]
    return Offer(place, chosen, person, choice, chance_at, uses, tiers)


def offer_of_visit(visitor: Visitor, place: Place, read: Sequence[int]) -> Offer:
    """For somebody of whom nothing is kept: what goes with the last items of this visit, as the browser tells them."""
    gate, rules = Gate(place.site, visitor, Family()), plan_of(place.site).choice_for(None, place.slot).rules
    leads = _items([card.id for card in _shown(gate, place, read)[:LEADS]])
    found: dict[int, str] = {}
    for lead in leads:
        for one in related(lead, visitor, Family(), rules.count + len(read)):
            found.setdefault(one.item.id, _("You read “%(title)s” just now.", title=lead.title))
    new = [item_id for item_id in found if item_id not in read]
    chosen, _rest = rules.mixed(Recommendation(card, [found[card.id]], {}) for card in _shown(gate, place, new))
    return Offer(place, chosen)


def _tier_of(one: Recommendation, place: Place) -> Tier:
    return Tier.BEHAVIOUR if isinstance(one, ByOrders) else tier_of(one.weights, place.beside is not None)


def _saying(one: Recommendation, words: str) -> Recommendation:
    return replace(one, reasons=(*one.reasons, words))


def _mixed(
    gate: Gate, place: Place, rules: Rules, today: date, without: Collection[int], reach: int
) -> tuple[list[Any], list[Any]]:
    found = _most_read(gate, place, reach) if rules.is_plain else _chosen(gate, place, rules, today, reach)
    return rules.mixed(one for one in found if one.item.id not in without)


def _chosen(gate: Gate, place: Place, rules: Rules, today: date, reach: int) -> list[Recommendation]:
    """The pins that may come to this reader, products that go with something, then what the engine finds."""
    first = _pinned(gate, place, rules.pins) if rules.pins else []
    if rules.relations:
        pinned = {one.item.id for one in first}
        first += [one for one in _related(gate, place, rules.relations) if one.item.id not in pinned]
    known = {one.item.id for one in first}
    if place.beside is None:
        found = recommended_for(gate.who, place.site, gate.family, reach, today, place.slot)
    else:
        found = related(place.beside, gate.who, gate.family, reach)
    return first + [one for one in found if one.item.id not in known and rules.allows(one.weights)]


def _pinned(gate: Gate, place: Place, pins: Sequence[int]) -> list[Recommendation]:
    own = place.beside.id if place.beside else 0
    return [
        Recommendation(item, (_("Our editors chose this."),), {})
        for item in _shown(gate, place, pins)
        if item.id != own
    ]


def _related(gate: Gate, place: Place, kinds: Sequence[str]) -> list[Recommendation]:
    """Products that go with the one here; then with what the reader bought, where they want offers by it."""
    product_id = place.beside.id if place.beside and place.beside.kind == "product" else None
    buyer_id = gate.who.id if may_look_up_orders(gate.who) else None
    if product_id is None and buyer_id is None:
        return []
    tied = {one.other_id: one for one in reversed(tied_to(product_id, buyer_id, kinds)) if one.other_id != product_id}
    items = _shown(gate, place, list(reversed(tied))) if tied else []
    return [_goes_with(item, tied[item.id], product_id) for item in items]


def _goes_with(item: Any, tied: Tied, product_id: int | None) -> Recommendation:
    if tied.product_id == product_id:
        return Recommendation(item, (str(GOES_WITH_THIS[tied.kind]),), {})
    return ByOrders(item, (str(GOES_WITH_YOURS[tied.kind]) % {"product": tied.title},), {})


def _most_read(gate: Gate, place: Place, reach: int) -> list[Recommendation]:
    own = place.beside.id if place.beside else 0
    item_ids = [item_id for item_id in gate.ask(_by_reads) if item_id != own][:reach]
    return [Recommendation(item, (_("Much read here lately."),), {}) for item in _shown(gate, place, item_ids)]


def _by_reads(gate: Gate) -> Select[Any]:
    most = most_read_ids(gate.site, AMONG)
    query = gate.passes(select(Item.id).join(most, most.c.item_id == Item.id))
    return query.order_by(most.c.score.desc(), Item.id.desc())


def _shown(gate: Gate, place: Place, item_ids: Sequence[int]) -> list[Any]:
    """Those of these items that may come now, in their order: titles beside an item, else cards."""
    if place.beside is not None:
        titles = gate.titles(item_ids)
        return [titles[item_id] for item_id in dict.fromkeys(item_ids) if item_id in titles]
    found = cards_within(gate, item_ids)
    cards = (found[item_id] for item_id in dict.fromkeys(item_ids) if item_id in found)
    return [card for card in cards if card.path.startswith(place.site.path)]


def _items(item_ids: Sequence[int]) -> list[Item]:
    rows = db.session.scalars(select(Item).where(Item.id.in_(item_ids))) if item_ids else ()
    return sorted(rows, key=lambda item: item_ids.index(item.id))
