"""No list of any slot ever holds an item outside the gate: whatever the family, the rules, the channel and the lot."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from community.core import clock
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import Item, Stance, State, Tag
from community.members.models import Member, Visitor
from community.personalisation import actions, training
from community.personalisation.models import Shown
from community.personalisation.queries import slots
from community.personalisation.slots import BESIDE, KINDS, ONE_LIST_IN, Chance, Channel, Place, Rules, Slot
from community.personalisation.words import PARTS
from community.profiles import actions as profiles
from community.profiles.queries import Family
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers
from tests.personalisation.test_gate import RANGES, children, family_with, may_come

NL = SITES["nl"]
counts = some.dictionaries(some.sampled_from(KINDS), some.integers(0, 4), max_size=3)
lots = some.one_of(some.just(1), some.integers(0, 40).map(lambda number: number * ONE_LIST_IN))


class Shelf(NamedTuple):
    """What there is: for all, for a club, for nobody at all, and what Anna alone may not be offered."""

    public: set[int]
    of_club: set[int]
    hidden: set[int]
    not_for_anna: set[int]
    by_id: dict[int, Item]


@pytest.fixture
def mia(app: Flask) -> Member:
    return makers.member("Mia", consents=("personalisation",))


@pytest.fixture
def cleo(app: Flask) -> Member:
    return makers.member("Cleo")


@pytest.fixture
def shelf(app: Flask, anna: Member, mia: Member, bob: Member, cleo: Member) -> Shelf:
    """Anna read, refused, muted, blocked, wrote or was shown five times some of what there is; Mia is in a club."""
    muted_theme, another = (makers.article(name, theme="Money") for name in ("Rent", "Benefits"))
    open_ones = [makers.article(stage=stage, theme=f"Theme {number % 3}") for number, stage in enumerate(RANGES)]
    refused, read, often = (makers.article(name) for name in ("Refused", "Read", "Shown often"))
    board, club = makers.board("Talk"), makers.club(members=[mia])
    muted, own, blocked = (makers.topic(board, by) for by in (bob, anna, cleo))
    talk = [makers.topic(board, bob), makers.story(bob)]
    in_club = makers.topic(makers.board(club=club), mia)
    hidden = [
        makers.article("Taken away", state=State.HIDDEN),
        makers.article("A loss", is_quiet=True),
        makers.article("Elsewhere", site="en"),
    ]
    makers.read(read, anna)
    for item in (*open_ones[:3], refused, often):
        makers.read(item, makers.member(consents=("personalisation",)))
    project()
    training.count_neighbours()
    with unit_of_work():
        anna_ = db.session.get_one(Member, anna.id)
        actions.dismiss(anna_, db.session.get_one(Item, refused.id))
        items.follow(anna_, db.session.get_one(Item, muted.id), Stance.MUTE)
        items.follow(anna_, db.session.get_one(Member, cleo.id), Stance.BLOCK)
        profiles.set_interest(anna_, db.session.get_one(Tag, muted_theme.theme_id), -1)
        for slot in ("home", "mail"):
            row = Shown(person=f"m{anna.id}", slot=slot, item_id=often.id, channel="web", position=1, version=0)
            row.first_at = row.last_at = clock.now()
            row.times = 5
            db.session.add(row)
    not_for_anna = {one.id for one in (refused, read, often, muted, own, blocked, muted_theme, another)}
    public = {one.id for one in (*open_ones, *talk)} | not_for_anna
    by_id = {one.id: one for one in db.session.query(Item)}
    return Shelf(public, {in_club.id}, {one.id for one in hidden}, not_for_anna, by_id)


@some.composite
def rules(draw: Any) -> Rules:
    """Any that the form takes; pins are numbered by their places among the items of the site."""
    parts = tuple(draw(some.lists(some.sampled_from(sorted(PARTS)), max_size=2)))
    pins = tuple(draw(some.lists(some.integers(0, 25), max_size=4)))
    return Rules(draw(some.integers(1, 12)), draw(counts), draw(counts), parts, pins, is_plain=draw(some.booleans()))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=some.lists(children(), max_size=3),
    is_guarded=some.booleans(),
    who=some.sampled_from(("anna", "mia", "visitor")),
    slot=some.sampled_from(Slot),
    channel=some.sampled_from(Channel),
    tried=rules(),
    lot=lots,
)
def test_no_list_of_any_slot_steps_over_the_gate(
    app: Flask,
    anna: Member,
    mia: Member,
    shelf: Shelf,
    told: Any,
    is_guarded: bool,
    who: str,
    slot: Slot,
    channel: Channel,
    tried: Rules,
    lot: int,
) -> None:
    today = clock.today(NL.zone)
    reader: Any = {"anna": anna, "mia": mia, "visitor": Visitor()}[who]
    family = family_with(told, is_guarded, today) if who != "visitor" else Family()
    numbered = sorted(number for number, item in shelf.by_id.items() if item.site == NL)
    tried = replace(tried, pins=tuple(numbered[place % len(numbered)] for place in tried.pins))
    beside = shelf.by_id[min(shelf.public)] if slot in BESIDE else None
    with app.test_request_context("/en/"), pytest.MonkeyPatch.context() as patch:
        app.preprocess_request()
        patch.setattr(slots, "chance_of", lambda *_asked: Chance(lot))
        offer = slots.offer_for(reader, Place(slot, NL, beside, channel), family, today, rules=tried)
    held = [one.item.id for one in offer.recommended]
    allowed = shelf.public | (shelf.of_club if who == "mia" else set())
    allowed -= shelf.not_for_anna if who == "anna" else set()
    allowed -= {beside.id} if beside else set()
    assert len(held) == len(set(held)) <= tried.count
    assert set(held) <= allowed
    for one in offer.recommended:
        item = shelf.by_id[one.item.id]
        assert one.reasons
        assert may_come(item, family) or (beside and not is_guarded)
        assert not (family.is_guarded and item.kind == "topic")
    of_kind = [shelf.by_id[item_id].kind for item_id in held]
    assert all(of_kind.count(kind) <= most for kind, most in tried.most.items())
