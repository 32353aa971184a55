"""What is counted and learned at night: neighbours, weights taken up only where lists gain, and the way back."""

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from community.core import clock, memory
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.personalisation import queries, training
from community.personalisation.engine.blend import Blend
from community.personalisation.engine.scoring import USUAL, Part
from community.personalisation.models import LearnedWeights, Neighbours, Read, Shown
from community.personalisation.queries import logs, weights
from community.personalisation.slots import Slot
from community.profiles.queries import family_of
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers

NL = SITES["nl"]


def others_of(item: Any) -> list[int]:
    db.session.rollback()
    row = db.session.get(Neighbours, item.id)
    return [int(other) for other, strength in row.others if strength > 0] if row else []


def read_all(name: str, items: list[Any]) -> None:
    reader = makers.member(name, consents=("personalisation",))
    for item in items:
        makers.read(item, reader)


def learned(stage: float, slot: Slot | None = None) -> None:
    tier = {**{part.value: weight for part, weight in USUAL.items()}, "stage": stage}
    row = LearnedWeights(site=NL, slot=slot, tiers=[tier] * 3, quality=0.2, quality_before=0.1, learned_at=clock.now())
    with unit_of_work():
        training._put_in_force(NL, slot, row)


def stage_weight(slot: Slot | None = None) -> float:
    return weights.blend_of(NL, slot).at(3)[Part.STAGE]


def test_items_with_the_same_readers_are_neighbours_but_one_reader_makes_none(app: Flask) -> None:
    first, second, lone = (makers.article() for _ in range(3))
    for name in ("Cleo", "Dora"):
        read_all(name, [first, second])
    read_all("Emma", [first, lone])
    project()
    assert training.count_neighbours() == 3
    assert (others_of(first), others_of(second), others_of(lone)) == ([second.id], [first.id], [])


def test_a_recount_forgets_who_withdrew(app: Flask) -> None:
    first, second = makers.article(), makers.article()
    for name in ("Cleo", "Dora"):
        read_all(name, [first, second])
    project()
    training.count_neighbours()
    with unit_of_work():
        db.session.query(Read).delete()
    training.count_neighbours()
    assert db.session.query(Neighbours).count() == 0


def test_a_recount_leaves_out_the_staff_and_who_reads_like_a_machine(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MACHINE", 3)
    first, second, third, *more = (makers.article() for _ in range(6))
    for name in ("Cleo", "Dora"):
        read_all(name, [first, second])
    for editor in (makers.member(role="editor", consents=("personalisation",)) for _ in range(2)):
        for item in (first, third):
            makers.read(item, editor)
    for name in ("Robot", "Spider"):
        read_all(name, [first, *more, third])
    project()
    training.count_neighbours()
    assert others_of(first) == [second.id]


def test_of_many_reads_new_items_have_neighbours_within_minutes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "QUICKLY_COUNTED", 6)
    old, other = makers.article(), makers.article()
    for name in ("Cleo", "Dora"):
        read_all(name, [old, other])
    project()
    new, newer = makers.article(), makers.article()
    for name in ("Emma", "Fien"):
        read_all(name, [old, new, newer])
    project()
    with unit_of_work():
        before = clock.now() - timedelta(days=9)
        db.session.query(Item).filter(Item.id.in_((old.id, other.id))).update({"published_at": before})
    training.count_again()
    assert {old.id, newer.id} <= set(others_of(new))
    assert others_of(old) == []  # tonight
    training.count_all()
    assert {other.id, new.id, newer.id} <= set(others_of(old))


def test_a_neighbour_comes_with_its_reason(anna: Any) -> None:
    with_readers = [makers.article(f"Sleep {number}") for number in range(14)]
    first, last = with_readers[0], with_readers[-1]
    for name in ("Cleo", "Dora", "Emma"):
        read_all(name, with_readers)
    makers.read(first, anna)
    project()
    training.count_neighbours()
    memory.forget_all()
    found = queries.recommended_for(anna, NL, family_of(anna, clock.today()), 20, clock.today())
    why = {one.item.id: one for one in found}
    assert Part.NEAR in why[last.id].weights
    assert "Parents who read “Sleep 0” read this too." in why[last.id].reasons


def test_weights_in_force_are_those_of_the_last_change_and_there_is_a_way_back(app: Flask) -> None:
    assert weights.blend_of(NL) == Blend()
    for stage in (1.0, 2.0):
        learned(stage)
    assert stage_weight() == 2.0
    for expected in (1.0, USUAL[Part.STAGE], USUAL[Part.STAGE]):
        with unit_of_work():
            training.go_back(NL)
        assert stage_weight() == expected
    assert db.session.query(LearnedWeights).count() == 2


def test_a_slot_has_its_own_weights_and_falls_back_to_those_of_the_site(app: Flask) -> None:
    learned(1.0)
    learned(2.0, Slot.HOME)
    assert (stage_weight(Slot.HOME), stage_weight(Slot.MAIL), stage_weight()) == (2.0, 1.0, 1.0)
    with unit_of_work():
        training.go_back(NL, Slot.HOME)
    assert (stage_weight(Slot.HOME), stage_weight()) == (1.0, 1.0)


def test_too_short_a_log_teaches_nothing(app: Flask) -> None:
    assert training.learn_weights(NL) == []


def test_a_site_learns_from_its_own_log(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "ENOUGH", 10)
    items = [makers.article() for _ in range(16)]
    for number in range(9):
        read_all(f"Reader{number}", [items[(number * 5 + step) % 16] for step in range(8)])
    project()
    for change in training.learn_weights(NL):
        assert change.quality > change.quality_before
        assert weights.in_force(NL, change.slot) is not None


def test_a_slot_learns_from_the_reads_that_came_of_its_lists(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list on the home page what is newest is read, of a list in a letter what all read."""
    monkeypatch.setattr(training, "ENOUGH", 10)
    monkeypatch.setattr(training, "ENOUGH_OF_LISTS", 20)
    chance, began = random.Random(6), clock.now() - timedelta(days=60)
    items = [makers.article(f"Item {number}").id for number in range(40)]
    with unit_of_work():
        for number, item in enumerate(items):
            db.session.get_one(Item, item).published_at = began + timedelta(days=number)
        for number in range(10, 120):
            at, newest = began + timedelta(hours=8 * number), number // 3
            slot, last = (Slot.HOME, newest) if number % 2 else (Slot.MAIL, 0)
            for step, place in enumerate((*chance.sample(range(1, newest), 2), last)):
                read = Read(person=f"v{number}", item_id=items[place], last_at=at + timedelta(minutes=step))
                db.session.add(read)
            shown = {"person": f"v{number}", "slot": slot, "item_id": items[last], "channel": "web"}
            db.session.add(Shown(**shown, first_at=at, last_at=at, position=4, version=0))
    changes = {change.slot: change for change in training.learn_weights(NL)}
    assert changes[Slot.HOME].quality > changes[Slot.HOME].quality_before
    now = {slot: weights.blend_of(NL, slot).at(2) for slot in (Slot.HOME, Slot.MAIL)}
    assert now[Slot.HOME][Part.FRESH] > 5 * max(USUAL[Part.FRESH], now[Slot.MAIL][Part.FRESH])
    assert now[Slot.HOME][Part.STAGE] == USUAL[Part.STAGE]  # of which no log tells


def test_the_command_counts_and_says_how_many(app: Flask) -> None:
    makers.read(makers.article(), makers.member("Cleo", consents=("personalisation",)))
    project()
    result = app.test_cli_runner().invoke(args=["recommend", "train", "--json"])
    assert '{"items": 1, "changed": []}' in result.stdout, result.output
    assert db.session.query(Item).count() == 1
