"""The worker is killed while it counts neighbours anew: lists keep coming, and what is counted is whole afterwards."""

import random
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import JobRow, JobState
from community.items.models import Item
from community.personalisation import training
from community.personalisation.models import Neighbours, Read
from tests import makers
from tests.faults.people import running, until

pytestmark = [pytest.mark.faults, pytest.mark.only_on("sqlite")]
ITEMS, PERSONS, EACH, KILLS = 2_100, 1_000, 15, 2
SECONDS = 200  # on a machine that has other things to do


def test_a_recount_that_is_killed_again_and_again_ends_whole(app: Flask, browser_of: Any, tmp_path: Path) -> None:
    shown = made_of_reads()
    as_kate = browser_of(makers.member("Kate", site="en"))  # whose own reads are not counted
    with unit_of_work():
        training.count_again.later()
    db.session.remove()
    with running(Path(app.config["DATA_DIR"]), log=tmp_path / "log") as site:
        for _kill in range(KILLS):
            before = counted()
            site.start("worker")
            until(lambda least=before: counted() > least or is_done(), SECONDS)  # type: ignore[misc]
            site.kill("worker")
            assert len(as_kate.see("/en/home").css("[aria-labelledby=for-you] .item-card")) == 6
            assert as_kate.get(shown).status_code == 200
            let_lease_end()
        site.start("worker")
        until(is_done, SECONDS)
    db.session.remove()
    found = {row.item_id: row.others for row in db.session.query(Neighbours)}
    whole = dict(training._neighbours(0, PERSONS * EACH))
    assert found.keys() == whole.keys()
    assert [item for item in whole if strongest(found[item]) != pytest.approx(strongest(whole[item]), abs=1e-3)] == []


def strongest(others: Any) -> list[float]:
    """How near the nearest are: several processors do not sum up to the last digit alike."""
    return [strength for _other, strength in others][:20]


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Neighbours)) or 0


def is_done() -> bool:
    """Whether the recount has come to its end."""
    db.session.rollback()
    ours = JobRow.name == training.count_again.name
    return db.session.scalar(select(JobRow.id).where(ours, JobRow.state == JobState.DONE)) is not None


def let_lease_end() -> None:
    """As if the minute and a half had passed after which the work of a dead worker is taken up again."""
    with unit_of_work():
        past = clock.real_now().replace(year=2000)
        db.session.execute(update(JobRow).where(JobRow.state == JobState.RUNNING).values(lease_until=past))


def made_of_reads() -> str:
    """Items by copying one, and persons who read some of them; the address of the first."""
    first = makers.article("Item", site="en")
    chance, now = random.Random(8), clock.now()
    columns = [column.name for column in Item.__table__.columns if column.name not in ("id", "slug", "path", "title")]
    with unit_of_work():
        one = db.session.get_one(Item, first.id)
        row = {name: getattr(one, name) for name in columns}
        named = ({"title": f"Item {n}", "slug": f"item-{n}", "path": f"/en/articles/item-{n}"} for n in range(1, ITEMS))
        db.session.execute(insert(Item.__table__), [{**row, **name} for name in named])
        ids = [item_id for (item_id,) in db.session.query(Item.id)]
        reads = (
            {"person": f"v{person}", "item_id": item, "last_at": now, "seconds": 0, "share": 0.0}
            for person in range(PERSONS)
            for item in chance.sample(ids, EACH)
        )
        db.session.execute(insert(Read), list(reads))
    return first.path
