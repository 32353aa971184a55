"""What an article is worth: each figure beside who is held out, with an interval that holds the truth."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from community.core import clock
from community.core.db import db, unit_of_work
from community.insights.queries.worth import Questions, Share, worth_of
from community.items.models import Item
from community.members.models import Member
from community.personalisation.experiments import Way
from community.personalisation.models import Experiment, Trial
from community.profiles.models import PhaseChange
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers

NL, PEOPLE, PLANTED, DAYS_AGO = SITES["nl"], 6_000, 0.05, 60


@pytest.fixture
def article(app: Any) -> Item:
    return makers.article("Sleep", theme="Sleep")


def populate(count: int) -> list[int]:
    """Members who agreed to everything: half of them are to read, half are held out."""
    now = clock.now()
    same = {"password_hash": "", "site": NL, "state": "active", "analytics": True, "offers": True, "joined_at": now}
    rows = [{**same, "id": 1_000 + n, "name": f"P{n}", "role_names": [], "group_ids": []} for n in range(count)]
    db.session.execute(insert(Member), rows)
    return [row["id"] for row in rows]


def hold_out(people: list[int]) -> None:
    began = clock.now() - timedelta(days=DAYS_AGO)
    made = Experiment(site=NL, slot=None, name="Holdout", percent=50, rules={}, began_at=began)
    db.session.add(made)
    db.session.flush()
    same = {"experiment_id": made.id, "arm": Way.OTHER, "began_at": began, "read_count": 0}
    db.session.execute(insert(Trial), [{**same, "person": f"m{one}"} for one in people])


def told(who: int, verb: Verb, about: str, days_ago: float, **facts: Any) -> dict[str, Any]:
    at = clock.now() - timedelta(days=days_ago)
    row = {"member_id": who, "verb": verb, "about": about, "at": at, "site": NL, "channel": "web"}
    return {**row, "allows": "pao", "facts": facts}


def test_a_planted_uplift_of_five_in_a_hundred_lies_in_the_interval(article: Item) -> None:
    chance, rows, moves = random.Random(11), [], []
    with unit_of_work():
        people = populate(PEOPLE)
        readers, others = people[: PEOPLE // 2], people[PEOPLE // 2 :]
        hold_out(others)
        for who in people:
            is_reader = who in range(readers[0], readers[-1] + 1)
            if is_reader:
                rows.append(told(who, Verb.PAGE_READ, article.key, DAYS_AGO))
            for number in range(4):
                if chance.random() < 0.4 * (1 + PLANTED * is_reader):
                    day = DAYS_AGO - chance.uniform(1, 29)
                    rows.append(told(who, Verb.ORDER_PLACED, f"order:{who}{number}", day, cents=100))
            rows.append(told(who, Verb.ORDER_PLACED, f"order:{who}9", 5, cents=100))  # after its month
            if chance.random() < 0.3:
                at = clock.now() - timedelta(days=DAYS_AGO - 3)
                moves.append({"member_id": who, "before": "know", "phase": "like", "at": at, "touchpoint_id": who})
        db.session.execute(insert(Touchpoint), rows)
        db.session.execute(insert(PhaseChange), moves)
    worth = worth_of(article)
    assert worth.orders.readers.person_count == worth.orders.held_out.person_count == PEOPLE // 2
    assert worth.orders.held_out.mean == pytest.approx(1.6, abs=0.05)
    orders, closer = worth.orders.uplift, worth.moves.uplift
    assert orders is not None
    assert closer is not None
    assert orders.low < PLANTED < orders.high
    assert orders.high - orders.low < 0.15
    assert closer.low < 0 < closer.high


def test_reads_to_the_end_and_questions_before_and_after_are_counted(article: Item, anna: Member, bob: Member) -> None:
    with unit_of_work():
        db.session.get_one(Item, article.id).published_at = clock.now() - timedelta(days=40)
        rows = [told(anna.id, Verb.PAGE_READ, article.key, 9), told(bob.id, Verb.PAGE_READ, article.key, 9)]
        rows.append(told(anna.id, Verb.PAGE_LEFT, article.key, 9, seconds=60, share=1.0))
        for row in rows:
            db.session.add(Touchpoint(**row))
    board = makers.board("Talk")
    for days_ago in (50, 45, 42, 30, 2):
        asked = makers.topic(board, bob)
        with unit_of_work():
            topic = db.session.get_one(Item, asked.id)
            topic.theme_id, topic.published_at = article.theme_id, clock.now() - timedelta(days=days_ago)
    worth = worth_of(db.session.get_one(Item, article.id))
    assert worth.ends == Share(1, 2)
    assert worth.questions == Questions(before=3, after=1)
    assert worth.orders.uplift is None


def test_intervals_hold_what_they_should() -> None:
    low, high = Share(8, 10).interval or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)  # Wilson's, as tables give it
    change = Questions(100, 50).change
    assert change is not None
    assert change.share == -0.5
    assert change.low < -0.5 < change.high < 0
    assert Share(0, 0).interval is None
    assert Questions(0, 4).change is None


def test_a_marketer_sees_it_and_nobody_else(article: Item, as_marketer: Any, as_anna: Any) -> None:
    path = f"/marketing/insights/articles/{article.id}"
    assert "Too early to say" in as_marketer.see(path).text()
    assert as_anna.get(path).status_code == 403
    assert as_marketer.get(f"/marketing/insights/articles/{makers.article(site='en').id}").status_code == 403


def test_it_costs_the_same_whatever_there_is(article: Item, statements: Any) -> None:
    worth_of(article)
    with unit_of_work():
        people = populate(40)
        hold_out(people[20:])
        for who in people[:20]:
            db.session.add(Touchpoint(**told(who, Verb.PAGE_READ, article.key, DAYS_AGO)))
    shown = db.session.get_one(Item, article.id)
    assert shown.key
    assert len(statements(lambda: worth_of(shown))) <= 10
