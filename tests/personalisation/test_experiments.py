"""Experiments: who sees which way, what may be said of the difference, and a planted difference found again."""

import random
from datetime import timedelta
from statistics import fmean, variance
from typing import Any

import pytest
from sqlalchemy import insert, select

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.personalisation import slots_actions as actions
from community.personalisation.experiments import FEWEST, Outcome, Way, uplift_of, way_of
from community.personalisation.models import Experiment, Read, Shown, Trial
from community.personalisation.queries import plans
from community.personalisation.slots import Plan, Rules, Running, Slot
from community.sites.models import SITES
from tests import makers

NL = SITES["nl"]
PERSONS, ITEMS = 6_000, 6
PLANTED = 0.05


def outcome(values: list[float]) -> Outcome:
    return Outcome(len(values), fmean(values), variance(values))


def _of_yes_and_no(persons: int, yes: int) -> Outcome:
    mean = yes / persons
    return Outcome(persons, mean, mean * (1 - mean) * persons / (persons - 1))


def test_a_person_sees_the_same_way_each_time_and_ways_are_shared_out_as_asked() -> None:
    ways = [way_of(f"m{number}", 7, 20) for number in range(10_000)]
    assert ways == [way_of(f"m{number}", 7, 20) for number in range(10_000)]
    assert 0.18 < ways.count(Way.OTHER) / len(ways) < 0.22
    other = [way_of(f"m{number}", 8, 20) for number in range(10_000)]
    both = sum(one == two == Way.OTHER for one, two in zip(ways, other, strict=True))
    assert 0.03 < both / len(ways) < 0.05  # the arms of two experiments have nothing to do with each other


def test_nothing_is_said_of_a_few_or_of_nothing_read() -> None:
    few, many = Outcome(FEWEST - 1, 1.0, 1.0), Outcome(1_000, 1.0, 1.0)
    assert uplift_of(few, many) is None
    assert uplift_of(many, few) is None
    assert uplift_of(many, Outcome(1_000)) is None


def test_whoever_looks_each_day_and_stops_when_it_says_something_is_seldom_wrong() -> None:
    """300 experiments without any difference, looked at 40 times each: a plain interval of 95 % is wrong in a third."""
    chance = random.Random(20261122)
    stopped = 0
    for _experiment in range(300):
        read = [0, 0]
        for look in range(1, 41):
            for arm in (0, 1):
                read[arm] += sum(chance.random() < 0.4 for _person in range(50))
            new, base = (_of_yes_and_no(50 * look, count) for count in read)
            uplift = uplift_of(new, base)
            if uplift is not None and uplift.is_sure:
                stopped += 1
                break
    assert stopped <= 15


def test_a_great_difference_is_found_soon() -> None:
    chance = random.Random(5)
    new = outcome([chance.random() * 3 for _person in range(400)])
    base = outcome([chance.random() * 2 for _person in range(400)])
    uplift = uplift_of(new, base)
    assert uplift is not None
    assert uplift.low > 0
    assert uplift.low < 0.5 < uplift.high


def test_who_is_held_out_takes_part_in_nothing_else() -> None:
    rules = Rules(3)
    plan = Plan({}, (Running(1, None, 50, None), Running(2, "home", 50, rules)))
    for number in range(200):
        choice = plan.choice_for(f"m{number}", Slot.HOME)
        is_out = way_of(f"m{number}", 1, 50) is Way.OTHER
        assert choice.rules.is_plain == is_out
        assert [one for one, _way in choice.trials] == ([1] if is_out else [1, 2])
        is_tried = not is_out and way_of(f"m{number}", 2, 50) is Way.OTHER
        assert (choice.rules == rules) == is_tried
        assert plan.choice_for(f"m{number}", Slot.MAIL).rules != rules
    assert plan.choice_for(None, Slot.HOME).trials == ()


@pytest.fixture
def experiment(app: Any) -> int:
    staff = makers.member("Eva", role="editor", role_site="nl")
    with unit_of_work():
        by = db.session.get_one(Member, staff.id)
        return actions.begin_experiment(NL, Slot.HOME, "Planted", 50, Rules(4), by).id


def test_a_planted_uplift_of_five_in_a_hundred_lies_in_the_interval(experiment: int) -> None:
    """Each prefers one of three themes, sees a list and reads of it; the other way has them read 5 % more."""
    chance = random.Random(4)
    items = [makers.article(f"Item {number}", theme=f"Theme {number % 3}").id for number in range(ITEMS)]
    began = clock.now() - timedelta(days=8)
    shown, reads, trials = [], [], []
    for number in range(PERSONS):
        person, loved = f"v{number}", chance.randrange(3)
        way = way_of(person, experiment, 50)
        trials.append(
            {"experiment_id": experiment, "person": person, "arm": way, "began_at": began, "read_count": None}
        )
        more = 1 + PLANTED * (way is Way.OTHER)
        for place, item in enumerate(items):
            log = {"first_at": began, "last_at": began, "times": 1, "channel": "web", "version": 0, "arm": way}
            shown.append({"person": person, "slot": "home", "item_id": item, "position": place + 1, **log})
            if chance.random() < (0.8 if place % 3 == loved else 0.1) * more:
                at = began + timedelta(days=chance.randrange(7))
                reads.append({"person": person, "item_id": item, "last_at": at, "seconds": 0, "share": 0.0})
    with unit_of_work():
        for table, rows in ((Trial, trials), (Shown, shown), (Read, reads)):
            db.session.execute(insert(table), rows)
    actions.count_outcomes()
    report = plans.report_of(db.session.get_one(Experiment, experiment))
    assert report.usual.person_count + report.other.person_count == PERSONS
    assert report.usual.mean == pytest.approx(2.0, abs=0.05)  # 2 loved items by 0.8, 4 others by 0.1
    uplift = report.uplift
    assert uplift is not None
    assert uplift.low < PLANTED < uplift.high
    assert uplift.high - uplift.low < 0.12
    assert uplift.low < uplift.share < uplift.high


def test_only_reads_after_the_first_list_and_of_the_slot_count(experiment: int, anna: Any) -> None:
    before, shown, elsewhere = (makers.article(title).id for title in ("Before", "Shown", "Elsewhere"))
    began, person = clock.now() - timedelta(days=8), f"m{anna.id}"
    with unit_of_work():
        db.session.add(Trial(experiment_id=experiment, person=person, arm="other", began_at=began))
        for item, slot in ((before, "home"), (shown, "home"), (elsewhere, "topic")):
            row = Shown(person=person, slot=slot, item_id=item, first_at=began, last_at=began, channel="web")
            row.position, row.version = 1, 0
            db.session.add(row)
        for item, days in ((before, -1), (shown, 1), (elsewhere, 1)):
            db.session.add(Read(person=person, item_id=item, last_at=began + timedelta(days=days)))
    actions.count_outcomes()
    assert db.session.scalars(select(Trial.read_count)).all() == [1]


def test_a_week_that_is_not_over_is_not_counted(experiment: int, anna: Any) -> None:
    with unit_of_work():
        trial = Trial(experiment_id=experiment, person=f"m{anna.id}", arm="usual", began_at=clock.now())
        db.session.add(trial)
    actions.count_outcomes()
    report = plans.report_of(db.session.get_one(Experiment, experiment))
    assert (report.usual.person_count, report.open_count, report.uplift) == (0, 1, None)
