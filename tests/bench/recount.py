"""`python -m tests.bench.recount`: what the nightly recount of 10,000,000 reads costs, in a process of its own.

`BENCH_DATA` is the data folder (default `build/bench-recount`, filled at the first start), `BENCH_READS` how many reads
it is filled with."""

import os
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select

from community.app import create_app
from community.core import clock
from community.core.db import Model, db, unit_of_work
from community.items.models import Item
from community.members.models import Member
from community.personalisation.models import Read
from community.personalisation.queries.logs import read_count
from community.personalisation.training import count_all
from tests.bench.__main__ import fill, say
from tests.running import ROOT, Running

DATA = Path(os.environ.get("BENCH_DATA") or ROOT / "build" / "bench-recount").resolve()
READS = int(os.environ.get("BENCH_READS") or 10_000_000)
SIZES = {"members": 10_000, "articles": 2_000, "topics": 20_000, "posts": 20_000, "touchpoints": 10_000}
EACH = 40  # reads of a person, on average
DAYS = 400
STEP = 100_000


def main() -> None:
    """Fill here, count in a process that has done nothing else."""
    if "count" in sys.argv:
        count()
    else:
        fill(Running(DATA), DATA, SIZES)
        with create_app(DATA_DIR=str(DATA), LOG_LEVEL="ERROR").app_context():
            if read_count() < READS:
                say("adding the reads\n")
                add_reads()
        subprocess.run([sys.executable, "-m", "tests.bench.recount", "count"], cwd=ROOT, check=True)


def count() -> None:
    """What the worker does every night, and what it took."""
    with create_app(DATA_DIR=str(DATA), LOG_LEVEL="ERROR").app_context():
        began, reads = time.monotonic(), read_count()
        items = count_all()
        seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    say(f"{reads} reads, {items} items with neighbours: {seconds:.0f} s, ")
    say(f"{used.ru_utime + used.ru_stime:.0f} s of CPU, {used.ru_maxrss / 1024:.0f} MiB at most\n")


def add_reads() -> None:
    """Reads of the members and of many visitors: few items are read by most, and few readers read most."""
    items = np.array(db.session.scalars(select(Item.id)).all())
    persons = [f"m{member_id}" for member_id in db.session.scalars(select(Member.id))]
    persons += [f"v{number:032x}" for number in range(READS // EACH + READS // 400)]  # some come twice
    chance = np.random.default_rng(7)
    readers = np.repeat(np.arange(len(persons)), chance.geometric(1 / EACH, len(persons)))
    chosen = (len(items) * chance.random(len(readers)) ** 3).astype(int)
    places = chance.permutation(np.unique(readers * len(items) + chosen))[:READS]
    ago = [timedelta(days=DAYS) * (1 - number / len(places)) for number in range(0, len(places), STEP)]
    with unit_of_work():
        db.session.connection().exec_driver_sql("PRAGMA cache_size = -2000000")  # three indexes grow in it
        db.session.query(Read).delete()
        for some, before in zip(np.split(places, range(STEP, len(places), STEP)), ago, strict=True):
            read = {"last_at": clock.now() - before, "seconds": 0, "share": 0.0}
            rows = ({"person": persons[n // len(items)], "item_id": int(items[n % len(items)]), **read} for n in some)
            db.session.execute(insert(Model.metadata.tables["reads"]), list(rows))


if __name__ == "__main__":
    main()
