"""Reads of a site's members as rows, with all that is counted of them: a record of a million reads takes an hour."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, insert, select

from community.core import clock
from community.core.db import Model, db, unit_of_work
from community.items.models import Item, State
from community.members.models import Member
from community.personalisation.models import BEGINNING, HALF_LIFE, LONG_HALF_LIFE, CoRead, Popularity, Read
from community.personalisation.queries.counting import NEIGHBOURS
from community.personalisation.training import count_all
from community.profiles.models import Child
from community.sites.models import Site

DAYS = 400  # that the reads are spread over
OWN_STAGE, SPREAD = 0.6, 60  # of reads; items to each side of where a reader's child is
AT_ONCE = 100_000
DAY = 86_400
Numbers = np.ndarray[Any, Any]


class Reads(NamedTuple):
    """Who read what and how many days ago, sorted by reader and time; readers and items by their places."""

    readers: Numbers
    items: Numbers
    ago: Numbers


def add_reads(site: Site, count: int) -> None:
    """So many reads of the live items of a site, by its members who agreed to be read."""
    readers, items = db.session.execute(_readers(site)).all(), db.session.execute(_items(site)).all()
    stages = np.array([item.middle for item in items])
    reads = _reads(np.array([(clock.today(site.zone) - reader.birth).days for reader in readers]), stages, count)
    numbers, now = np.array([item.id for item in items]), clock.now()
    with unit_of_work():
        db.session.connection().exec_driver_sql("PRAGMA cache_size = -1000000")  # the indexes grow in it
        _keep(Read, _as_rows(reads, [f"m{reader.id}" for reader in readers], numbers, now))
        _keep(Popularity, _popularities(reads, numbers, site, now))
        _keep(CoRead, _pairs(reads, numbers))
    count_all()


def _readers(site: Site) -> Any:
    birth = func.min(func.coalesce(Child.born_on, Child.due_on)).label("birth")
    query = select(Member.id, birth).join(Child, Child.member_id == Member.id).group_by(Member.id)
    return query.where(Member.site == site, Member.personalisation).order_by(Member.id)


def _items(site: Site) -> Any:
    """In the order of the stage for which they are."""
    middle = func.coalesce((Item.stage_from + Item.stage_to) / 2, Item.id % 1_200 - 280).label("middle")
    live = Item.site == site, Item.state == State.LIVE, Item.is_quiet.is_(False)
    return select(Item.id, middle).where(*live).order_by(middle, Item.id)


def _reads(stages_now: Numbers, stages: Numbers, count: int) -> Reads:
    """Some read much more than others; what is read is near the reader's stage at that time, or much read by all."""
    chance = np.random.default_rng(7)
    much = chance.lognormal(0, 1, len(stages_now))
    wanted = round(1.2 * count)  # some come twice
    readers = np.sort(chance.choice(len(much), wanted, p=much / much.sum()))
    ago = DAYS * chance.random(wanted)
    near = np.searchsorted(stages, stages_now[readers] - ago) + chance.normal(0, SPREAD, wanted).astype(int)
    by_all = chance.permutation(len(stages))[(len(stages) * chance.random(wanted) ** 3).astype(int)]
    items = np.where(chance.random(wanted) < OWN_STAGE, np.clip(near, 0, len(stages) - 1), by_all)
    _once, first = np.unique(readers * len(stages) + items, return_index=True)
    kept = np.sort(chance.permutation(first)[:count])
    kept = kept[np.lexsort((-ago[kept], readers[kept]))]
    return Reads(readers[kept], items[kept], ago[kept])


def _as_rows(reads: Reads, persons: list[str], numbers: Numbers, now: datetime) -> Iterator[dict[str, Any]]:
    """The first reads first."""
    for place in np.argsort(-reads.ago):
        moment = now - timedelta(days=float(reads.ago[place]))
        read = {"person": persons[reads.readers[place]], "item_id": int(numbers[reads.items[place]])}
        yield read | {"last_at": moment, "seconds": 60, "share": 0.5}


def _popularities(reads: Reads, numbers: Numbers, site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    """As `count_popularity()` adds them up."""
    age = (now - BEGINNING) / timedelta(days=1) - reads.ago
    score, lasting = (
        np.bincount(reads.items, 2 ** (age / (half / timedelta(days=1))), len(numbers))
        for half in (HALF_LIFE, LONG_HALF_LIFE)
    )
    for place in np.flatnonzero(score):
        told = {"score": float(score[place]), "lasting": float(lasting[place]), "newcomers": float(lasting[place] / 10)}
        yield {"item_id": int(numbers[place]), "site": site, **told}


def _pairs(reads: Reads, numbers: Numbers) -> Iterator[dict[str, Any]]:
    """As `count_co_reads()` adds them up: each read with those before it, the nearest most."""
    keys, weights = [], []
    for distance in range(NEIGHBOURS):
        before, after = slice(None, -distance - 1), slice(distance + 1, None)
        same = reads.readers[before] == reads.readers[after]
        keys.append((reads.items[before] * len(numbers) + reads.items[after])[same])
        weights.append(np.full(same.sum(), (NEIGHBOURS - distance) / NEIGHBOURS, np.float32))
    pairs, places = np.unique(np.concatenate(keys), return_inverse=True)
    onward = np.bincount(places, np.concatenate(weights))
    back = pairs % len(numbers) * len(numbers) + pairs // len(numbers)
    both, places = np.unique(np.concatenate((pairs, back)), return_inverse=True)
    weight = np.bincount(places, np.concatenate((onward, onward)))
    forth = np.bincount(places[: len(pairs)], onward, len(both))
    for key, of_both, of_forth in zip(both, weight, forth, strict=True):
        one, other = divmod(int(key), len(numbers))
        pair = {"item_id": int(numbers[one]), "other_id": int(numbers[other])}
        yield pair | {"weight": float(of_both), "onward": float(of_forth)}


def _keep(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        db.session.connection().execute(insert(model), some)
