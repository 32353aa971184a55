"""A world of which the truth is known: what readers like, and that one way has them read 5 % more. The engine finds
the one again in its log, the report the other in what came of real lists."""

import random
from typing import Any

import pytest
from sqlalchemy import insert, update

from community.core import clock
from community.core.db import db, unit_of_work
from community.members.models import Member, Purpose, Visitor
from community.personalisation import slots_actions as actions
from community.personalisation.engine.blend import TIERS, Blend
from community.personalisation.engine.evaluation import taught
from community.personalisation.engine.log import Log, LoggedRead
from community.personalisation.engine.readership import Readership
from community.personalisation.engine.scoring import USUAL, Part, scored
from community.personalisation.experiments import Way
from community.personalisation.models import Experiment, Read, Trial
from community.personalisation.queries import plans
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Place, Rules, Slot
from community.profiles.queries import Family
from community.sites.models import SITES
from tests import makers

NL = SITES["nl"]
UPLIFT = 0.05
PERSONS, ITEMS, THEMES = 3_000, 24, 4
LOVED, OTHER = 0.45, 0.15  # how often an item of the loved theme is read of a list, and any other
HOUR = 3_600.0
PLANTED = dict.fromkeys(USUAL, 0.0) | {Part.FRESH: 4.0, Part.LEARNED: 2.0, Part.POPULAR: 0.2}


def test_learned_weights_come_near_to_those_by_which_readers_chose() -> None:
    """Each read is chosen by the planted weights and some whim, among what the engine itself would weigh."""
    planted = Blend((PLANTED,) * len(TIERS))
    log = chosen_by(PLANTED, whim=0.5)
    lesson, usual = taught(log, planted), taught(log, Blend())
    assert lesson.quality >= 0.95 * lesson.quality_before  # by the planted weights, which nothing can beat for long
    assert lesson.quality > 1.2 * usual.quality_before
    now = lesson.blend.at(8)
    assert now[Part.FRESH] > now[Part.LEARNED] > now[Part.POPULAR]
    assert now[Part.FRESH] > 5 * USUAL[Part.FRESH]


def chosen_by(weights: dict[Part, float], whim: float) -> Log:
    """A log of 150 readers of 12 items each, of 60 that come one after the other."""
    chance = random.Random(11)
    tags = {item: frozenset({100 + item % 5}) for item in range(60)}
    log = Log([], tags=tags, published={item: item * 30 * HOUR for item in tags})
    readership, reads = Readership(Log([LoggedRead("", 0, 0.0)], tags, published=log.published)), list[LoggedRead]()
    for step in range(1_800):
        at, person = step * HOUR, f"r{chance.randrange(150)}"
        newest = min(59, int(at / (30 * HOUR)))
        if step % 40 == 0:
            readership.refresh()
        evidence = readership.evidence(person)
        found = scored(readership.candidates(person, evidence), evidence.measures, weights)
        worth = {one.candidate.id: one.total + whim * chance.gauss(0, 1) for one in found}
        new = newest not in readership.histories[person] and chance.random() < 0.1
        item = newest if new or not worth else max(worth, key=worth.__getitem__)
        reads.append(LoggedRead(person, item, at))
        readership.learn(reads[-1:])
    return Log(reads, tags=tags, published=log.published)


@pytest.fixture
def experiment(app: Any) -> int:
    """Half of all see the home list in another way."""
    staff = makers.member("Eva", role="editor", role_site="nl")
    with unit_of_work():
        by = db.session.get_one(Member, staff.id)
        return actions.begin_experiment(NL, Slot.HOME, "Planted", 50, Rules(6, goes_by_chance=False), by).id


def test_the_report_of_real_lists_covers_a_planted_uplift(app: Any, experiment: int) -> None:
    chance = random.Random(20_261_122)
    theme_of = {makers.article(f"Item {n}", theme=f"Theme {n % THEMES}").id: n % THEMES for n in range(ITEMS)}
    loved = {number: chance.randrange(THEMES) for number in range(PERSONS)}
    first = [next(item for item, theme in theme_of.items() if theme == loved[number]) for number in range(PERSONS)]
    keep({f"v{number}": [item] for number, item in enumerate(first)})
    hits, of_list = 0, 0
    with app.test_request_context("/en/"):
        app.preprocess_request()
        offers = [offer_to(number) for number in range(PERSONS)]
    with unit_of_work():
        actions.keep_offers(offer.as_log(clock.now()) for offer in offers)
    read: dict[str, list[int]] = {}
    for number, offer in enumerate(offers):
        more = 1 + UPLIFT * (offer.choice.arm == Way.OTHER)
        shown = [one.item.id for one in offer.recommended]
        liked = [theme_of[item] == loved[number] for item in shown]
        hits, of_list = hits + sum(liked), of_list + len(shown)
        read[offer.person or ""] = [
            item
            for item, is_liked in zip(shown, liked, strict=True)
            if chance.random() < (LOVED if is_liked else OTHER) * more
        ]
    assert hits / of_list > 1.5 / THEMES  # one read told the engine what each likes
    keep(read)
    with unit_of_work():
        db.session.execute(update(Trial).values(began_at=clock.now() - actions.FOLLOWED))
    actions.count_outcomes()
    report = plans.report_of(db.session.get_one(Experiment, experiment))
    assert report.usual.person_count + report.other.person_count == PERSONS
    assert report.uplift is not None
    assert report.uplift.low < UPLIFT < report.uplift.high
    assert report.uplift.high - report.uplift.low < 0.15


def offer_to(number: int) -> Any:
    visitor = Visitor(frozenset({Purpose.PERSONALISATION}), str(number))
    return offer_for(visitor, Place(Slot.HOME, NL), Family(), clock.today(NL.zone))


def keep(reads: dict[str, list[int]]) -> None:
    now = clock.now()
    rows = [
        {"person": person, "item_id": item, "last_at": now, "seconds": 0, "share": 0.0}
        for person, items in reads.items()
        for item in items
    ]
    with unit_of_work():
        db.session.execute(insert(Read), rows)
