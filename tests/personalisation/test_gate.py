"""No list ever holds an item outside the gate, whatever the family."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import Item
from community.items.queries import Guard, StageDay
from community.members.models import Member
from community.personalisation import actions, queries
from community.profiles.models import Child, ChildKind
from community.profiles.queries import Family
from community.sites.models import SITES
from community.touchpoints.actions import project
from tests import makers

LEAD = 14
RANGES = [None, (-280, -1), (-119, -92), (-112, -106), (-98, -92), (-30, 60), (0, 30), (21, 90), (120, 240), (300, 700)]
DAYS = some.one_of(some.integers(-279, -1), some.integers(0, 800))


@some.composite
def children(draw: Any) -> Child:
    """A pregnancy, or a child that may have come early."""
    today, day = clock.today(), draw(DAYS)
    if day < 0:
        return Child(kind=ChildKind.PREGNANCY, due_on=today - timedelta(days=day), weeks_early=0)
    early = draw(some.sampled_from([0, 0, 4, 12]))
    return Child(kind=ChildKind.CHILD, born_on=today - timedelta(days=day), weeks_early=early)


def family_with(told: list[Child], is_guarded: bool, today: date) -> Family:
    shown = [(child, day) for child in told if (day := child.day(today)) is not None]
    days = tuple(day for _child, day in shown)
    guard = Guard(days) if is_guarded else None
    return Family(tuple(child for child, _day in shown), days, guard, has_told=bool(told))


def may_come(item: Item, family: Family) -> bool:
    """The gate once more, in the plainest words."""
    if item.stage_from is None:
        return True
    if family.is_guarded:
        return any(item.stage_from <= on_axis(item, day) <= (item.stage_to or 0) for day in family.days)
    if not family.has_told:
        return True
    return any(item.stage_from - LEAD <= on_axis(item, day) <= (item.stage_to or 0) for day in family.days)


def on_axis(item: Item, day: StageDay) -> int:
    return day.calendar if item.stage_basis == "calendar" else day.corrected


@pytest.fixture
def shelf(app: Flask, anna: Any) -> set[int]:
    """Items of every range and basis; two of them read, two refused, two on another site."""
    made = [makers.article(stage=stage, stage_basis=basis) for stage in RANGES for basis in ("corrected", "calendar")]
    makers.article(site="en")
    makers.article(site="en", stage=(-119, -92))
    out = made[:2] + made[6:8]
    for item in out[::2]:
        makers.read(item, anna)
    project()
    with unit_of_work():
        for item in out[1::2]:
            actions.dismiss(db.session.get_one(Member, anna.id), db.session.get_one(Item, item.id))
    return {item.id for item in made} - {item.id for item in out}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=some.lists(children(), max_size=3), is_guarded=some.booleans())
def test_no_list_holds_an_item_outside_the_gate(
    app: Flask, anna: Any, shelf: set[int], told: list[Child], is_guarded: bool
) -> None:
    today = clock.today()
    family = family_with(told, is_guarded, today)
    with app.test_request_context("/en/"):
        app.preprocess_request()
        found = queries.recommended_for(anna, SITES["nl"], family, 40, today)
    held = {one.item.id for one in found}
    assert held <= shelf
    expected = {item.id for item in db.session.query(Item).filter(Item.id.in_(shelf)) if may_come(item, family)}
    assert held == expected
    if is_guarded:
        words = " ".join(sentence for one in found for sentence in one.reasons)
        assert "You are in week" not in words
