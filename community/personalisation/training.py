"""What is counted and learned in the background: neighbours of items, and how much each part weighs."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, update

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import every, job
from community.personalisation.models import LearnedWeights, Neighbours
from community.personalisation.queries import logs, weights
from community.sites.models import SITES, Site

QUICKLY_COUNTED = 300_000  # reads that take a few seconds to count
ENOUGH = 2_000  # reads, before a log says more than what is usual
BATCH = 1_000
Told = Callable[[int, int], None]
Others = list[tuple[int, float]]


def _tell_nobody(_done: int, _total: int) -> None:
    """For those who watch no progress."""


def count_neighbours(told: Told = _tell_nobody) -> int:
    """Find the neighbours of all items anew; how many items have any. Read on meanwhile: each batch is one commit."""
    found, count = _neighbours(), 0
    for total, batch in _batches(found):
        with unit_of_work():
            _keep_neighbours(batch)
        count += len(batch)
        told(count, total)
    with unit_of_work():
        db.session.execute(delete(Neighbours).where(Neighbours.item_id.not_in(logs.read_items())))
    return count


def learn_weights(site: Site, told: Told = _tell_nobody) -> LearnedWeights | None:
    """Let a site's own log teach how much each part weighs; taken up only where lists gain by it."""
    log = logs.log_of(site)
    if len(log.reads) < ENOUGH:
        return None
    lesson = import_module("community.personalisation.engine.evaluation").taught(log, weights.blend_of(site), told)
    if lesson.quality <= lesson.quality_before:
        return None
    with unit_of_work():
        row = LearnedWeights(
            site=site,
            tiers=[dict(tier) for tier in lesson.blend.tiers],
            quality=lesson.quality,
            quality_before=lesson.quality_before,
            learned_at=clock.now(),
        )
        _put_in_force(site, row)
    return row


def go_back(site: Site) -> LearnedWeights | None:
    """Undo the last change of a site's weights: the one before it counts again; before the first, the usual ones."""
    now = weights.in_force(site)
    earlier = weights.before(now) if now else None
    _put_in_force(site, earlier)
    return earlier


@every(600)
@job
def count_again() -> None:
    """Neighbours every few minutes, where there are not too many reads for that."""
    if logs.read_count() <= QUICKLY_COUNTED:
        count_neighbours()


@every(86_400)
@job
def train_all() -> None:
    """Every night: neighbours of all items, and the weights of each site."""
    count_neighbours()
    for site in SITES.values():
        learn_weights(site)


def _put_in_force(site: Site, change: LearnedWeights | None) -> None:
    db.session.execute(update(LearnedWeights).where(LearnedWeights.site == site).values(is_in_force=False))
    if change is not None:
        change.is_in_force = True
        db.session.add(change)


def _neighbours() -> Any:
    """numpy is for those who count, not for every page process that knows these jobs."""
    counted = import_module("community.personalisation.engine.neighbours")
    return counted.neighbours_in(logs.reads_in_order(), logs.read_count())


def _batches(found: Any) -> Iterator[tuple[int, list[tuple[int, Others]]]]:
    pairs = iter(found)
    while batch := list(islice(pairs, BATCH)):
        yield len(found), batch


def _keep_neighbours(batch: Iterable[tuple[int, Others]]) -> None:
    others = dict(batch)
    known = logs.still_there(list(others))
    db.session.execute(delete(Neighbours).where(Neighbours.item_id.in_(others)))
    if known:
        db.session.execute(insert(Neighbours), [{"item_id": item_id, "others": others[item_id]} for item_id in known])
