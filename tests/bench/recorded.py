"""`python -m tests.bench.recorded`: what a read costs, by how much its reader has read.

In a copy of the data folder (`BENCH_DATA`, default `build/bench`); told are the milliseconds that one process computed
for each of a thousand reads: to store it, and to bring up to it all that is derived of the record."""

import random
import shutil
import statistics
import tempfile
import time
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from community.app import create_app
from community.core import clock
from community.core.db import Model, db, unit_of_work
from community.members.models import Member, Purpose
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import LETTERS, Touchpoint, Verb
from tests.bench.__main__ import DATA, SIZES, fill, say
from tests.running import Running

HISTORIES = (5, 15, 45, 60)  # reads of a reader in the latest thirty days
READERS, READS, ROUNDS = 50, 1_000, 3
HALF_A_DAY = timedelta(hours=11)
_IS_READ = Touchpoint.verb == Verb.PAGE_READ


def main() -> None:
    """Fill, copy, read."""
    fill(Running(DATA), DATA, SIZES)
    with tempfile.TemporaryDirectory(dir=DATA.parent) as folder:
        shutil.copy(DATA / "community.db", folder)
        with create_app(DATA_DIR=folder, LOG_LEVEL="ERROR").app_context():
            project()
            tell(random.Random(7))


def tell(chance: random.Random) -> None:
    """The median of some rounds, each by members who have read nothing else of late; they read as all do, so what is
    read much comes often."""
    members = iter(db.session.scalars(select(Member.id).where(Member.id.not_in(_read_of_late()))).all())
    read = [about or "" for about in db.session.scalars(select(Touchpoint.about).where(_IS_READ))]
    spent: dict[int, list[float]] = {history: [] for history in HISTORIES}
    for _round in range(ROUNDS):
        for history, found in spent.items():
            readers = list(islice(members, READERS))
            spent_on([_read(who, chance.choice(read), ago) for ago in range(history, 0, -1) for who in readers])
            found.append(spent_on([_read(chance.choice(readers), chance.choice(read)) for _time in range(READS)]))
    for history, found in spent.items():
        say(f"after {history} reads in thirty days: {statistics.median(found) / READS:.3f} ms\n")


def spent_on(rows: list[dict[str, Any]]) -> float:
    """Milliseconds for reads."""
    began = time.process_time()
    with unit_of_work():
        db.session.execute(insert(Model.metadata.tables["touchpoints"]), rows)
    project()
    return 1000 * (time.process_time() - began)


def _read_of_late() -> Any:
    recently = Touchpoint.at > clock.now() - timedelta(days=30)
    return select(Touchpoint.member_id).where(_IS_READ, recently, Touchpoint.member_id.is_not(None))


def _read(who: int, about: str, ago: int = 0) -> dict[str, Any]:
    allows = LETTERS[Purpose.PERSONALISATION] + LETTERS[Purpose.ANALYTICS]
    read = {"verb": Verb.PAGE_READ, "site": SITES["nl"], "channel": "web", "facts": {}, "allows": allows}
    return read | {"at": clock.now() - ago * HALF_A_DAY, "member_id": who, "visitor_id": None, "about": about}


if __name__ == "__main__":
    main()
