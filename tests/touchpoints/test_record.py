"""The record asks for consent, takes only the facts that a verb carries, and is read once and in order."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from community.core.db import db, unit_of_work
from community.members.models import Member, Purpose, Visitor
from community.touchpoints import actions
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

AGREED = Visitor(consents=frozenset({Purpose.PERSONALISATION}), visitor_id="abc")


def kept() -> list[tuple[str, int | None, str | None]]:
    db.session.expire_all()
    return [(t.verb, t.member_id, t.visitor_id) for t in db.session.query(Touchpoint).order_by(Touchpoint.id)]


def tell(who: Any, verb: Verb, about: Any, **facts: Any) -> None:
    with unit_of_work():
        actions.record(who, verb, about, **facts)


def test_a_read_is_kept_only_with_consent(app: Flask, anna: Member, bob: Member) -> None:
    item = makers.article()
    for who in (anna, bob, Visitor(), AGREED):
        tell(who, Verb.PAGE_READ, item)
    assert kept() == [(Verb.PAGE_READ, anna.id, None), (Verb.PAGE_READ, None, "abc")]


def test_a_deed_is_always_kept(app: Flask, bob: Member) -> None:
    tell(bob, Verb.COMMENT_WRITTEN, makers.article(), post_id=1)
    assert kept() == [(Verb.COMMENT_WRITTEN, bob.id, None)]


def test_facts_that_a_verb_does_not_carry_are_refused(app: Flask, anna: Member) -> None:
    with pytest.raises(ValueError, match="colour"):
        tell(anna, Verb.PAGE_READ, makers.article(), colour="red")


def test_withdrawal_keeps_deeds_and_forgets_reading(app: Flask, anna: Member) -> None:
    item = makers.article()
    tell(anna, Verb.PAGE_READ, item)
    tell(anna, Verb.COMMENT_WRITTEN, item, post_id=1)
    with unit_of_work():
        actions.forget_reading(anna.id)
    assert [verb for verb, _m, _v in kept()] == [Verb.COMMENT_WRITTEN]


def test_a_read_that_was_gathered_before_withdrawal_is_not_stored_after_it(app: Flask, anna: Member) -> None:
    row = actions.row_of(anna, Verb.PAGE_READ, makers.article(), None, {})
    with unit_of_work():
        db.session.get_one(Member, anna.id).personalisation = False
        db.session.get_one(Member, anna.id).analytics = False
    actions.gathered.add(row)
    actions.gathered.store()
    assert kept() == []


seen: list[int] = []


@pytest.fixture
def counting(app: Flask) -> Iterator[str]:
    """A projection that notes down what it reads."""
    seen.clear()

    @actions.projection("counting", forget=seen.clear)
    def note(touchpoints: list[Touchpoint]) -> None:
        seen.extend(t.id for t in touchpoints)

    yield "counting"
    del actions.PROJECTIONS["counting"]


def test_a_projection_reads_each_touchpoint_once_and_in_order(
    counting: str, anna: Member, run_jobs: Callable[[], int]
) -> None:
    item = makers.article()
    for _read in range(3):
        tell(anna, Verb.PAGE_READ, item)
    run_jobs()
    run_jobs()
    assert seen == sorted(set(seen))
    assert len(seen) == 3


def test_a_projection_that_fails_moves_no_bookmark(counting: str, anna: Member) -> None:
    tell(anna, Verb.PAGE_READ, makers.article())
    reader, forget = actions.PROJECTIONS[counting]

    def failing(touchpoints: list[Touchpoint]) -> None:
        raise RuntimeError("no")

    actions.PROJECTIONS[counting] = (failing, forget)
    with pytest.raises(RuntimeError):
        actions.read_on(counting)
    actions.PROJECTIONS[counting] = (reader, forget)
    assert actions.read_on(counting) == 1


def test_a_projection_is_rebuilt_from_nothing_by_the_command(app: Flask, counting: str, anna: Member) -> None:
    for _read in range(3):
        tell(anna, Verb.PAGE_READ, makers.article())
    actions.read_on(counting)
    result = app.test_cli_runner().invoke(args=["touchpoints", "rebuild", "counting", "--json"])
    assert result.exit_code == 0
    assert '{"read": {"counting": 3}}' in result.output
    assert len(seen) == 3


def test_an_unknown_projection_is_said_in_words(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["touchpoints", "rebuild", "nothing"])
    assert result.exit_code == 1
    assert "No projection" in result.output
