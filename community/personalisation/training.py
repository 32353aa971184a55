"""What is counted and learned in the background: neighbours of items, and how much each part weighs in each slot."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from importlib import import_module
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import delete, insert, update

from community.core import audit, clock
from community.core.db import after_commit, db, insert_into, unit_of_work
from community.core.jobs import every, job
from community.members.models import Member
from community.personalisation.engine.candidate import lift_of
from community.personalisation.engine.evidence import HISTORY
from community.personalisation.engine.log import Log
from community.personalisation.models import LearnedWeights, Neighbours, PeerLift
from community.personalisation.queries import logs, peers, weights
from community.personalisation.slots import BESIDE, Slot
from community.sites.models import SITES, Site

QUICKLY_COUNTED = 300_000  # reads that take a few seconds to count
ENOUGH = 2_000  # reads, before a log says more than what is usual
ENOUGH_OF_LISTS = 500  # reads that came of the lists of a slot, before it learns for itself
MOST_OF_LISTS = 5_000  # the latest: more teach no more
BATCH = 1_000
PEERS_SINCE = timedelta(days=60)
LEAST_LIFT = 0.05  # about a tenth more or less than all: what is smaller tells nothing
Told = Callable[[int, int], None]
Others = list[tuple[int, float]]


def _tell_nobody(_done: int, _total: int) -> None:
    """For those who watch no progress."""


def _tell_log(done: int, total: int) -> None:
    structlog.get_logger().info("neighbours counted", done=done, total=total)


def count_neighbours(told: Told = _tell_nobody) -> int:
    """Find the neighbours of all items anew; how many items have any. Read on meanwhile: each batch is one commit."""
    found, count = _neighbours(0, logs.read_count()), 0
    for total, batch in _batches(found):
        with unit_of_work():
            _keep_neighbours(batch)
        count += len(batch)
        told(count, total)
    with unit_of_work():
        db.session.execute(delete(Neighbours).where(Neighbours.item_id.not_in(logs.read_items())))
    return count


def count_new_neighbours() -> int:
    """Where there are too many reads to count all of them: those of items that came during the latest, by these."""
    begin = logs.begin_of_latest(QUICKLY_COUNTED)
    new = logs.published_since(begin.last_at) if begin else set()
    if begin is None or not new:
        return 0
    found = [(item_id, others) for item_id, others in _neighbours(begin.id, QUICKLY_COUNTED) if item_id in new]
    with unit_of_work():
        _keep_neighbours(found)
    return len(found)


def learn_weights(site: Site, told: Told = _tell_nobody) -> list[LearnedWeights]:
    """Let a site's own log teach how much each part weighs, and the reads that came of a slot's lists how much it
    weighs there; taken up only where lists gain by it."""
    log = logs.log_of(site)
    if len(log.reads) < ENOUGH:
        return []
    came = logs.rows_of_lists(site, log)
    enough = [slot for slot in Slot if len(came[slot]) >= ENOUGH_OF_LISTS]
    learned = [_learned(site, log, told), *(_learned(site, log, told, slot, came[slot]) for slot in enough)]
    return [change for change in learned if change is not None]


def go_back(site: Site, slot: Slot | None = None, actor: Member | None = None) -> LearnedWeights | None:
    """Undo the last change of weights: the one before it counts again; before the first the site's count in a slot,
    and the usual ones at a site."""
    now = weights.in_force(site, slot)
    if now is None:
        return None
    earlier = weights.before(now)
    _put_in_force(site, slot, earlier)
    audit.keep("weights.returned", f"slot:{slot or '*'}", actor.id if actor else None, site=site.code, left=now.id)
    return earlier


def count_peers(site: Site) -> None:
    """Count anew what parents at the same time read more, or less, than all: of what enough of them read."""
    today, since = clock.today(site.zone), clock.now() - PEERS_SINCE
    of_all: dict[int, int] = dict(iter(db.session.execute(peers.all_counts(site, since))))
    bands: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for band, item_id, count in db.session.execute(peers.reader_counts(site, today, since)):
        bands[band][item_id] = count
    rows = [
        {"item_id": item_id, "band": band, "site": site, "lift": lift}
        for band, of_band in bands.items()
        for item_id, lift in _lifts(of_band, of_all)
    ]
    with unit_of_work():
        db.session.execute(delete(PeerLift).where(PeerLift.site == site))
        if rows:
            db.session.execute(insert_into(PeerLift).on_conflict_do_nothing(), rows)
        after_commit(peers.forget_lifts)


@every(600)
@job
def count_again() -> None:
    """Every few minutes: all that is counted; of many reads the neighbours of new items alone, the rest at night."""
    if logs.read_count() <= QUICKLY_COUNTED:
        count_all()
    else:
        count_new_neighbours()


@every(86_400)
@job
def train_all() -> None:
    """Every night: what goes with what, and the weights of each site."""
    count_all(_tell_log)
    for site in SITES.values():
        learn_weights(site)


def count_all(told: Told = _tell_nobody) -> int:
    """All that is counted of reads anew; how many items have neighbours."""
    count = count_neighbours(told)
    for site in SITES.values():
        count_peers(site)
    return count


def _learned(
    site: Site, log: Log, told: Told, slot: Slot | None = None, rows: Collection[int] | None = None
) -> LearnedWeights | None:
    """A list beside an item follows from that item alone."""
    engine = import_module("community.personalisation.engine.evaluation")
    latest = None if rows is None else sorted(rows)[-MOST_OF_LISTS:]
    lesson = engine.taught(log, weights.blend_of(site, slot), told, latest, 1 if slot in BESIDE else HISTORY)
    if lesson.quality <= lesson.quality_before:
        return None
    change = LearnedWeights(
        site=site,
        slot=slot,
        tiers=[dict(tier) for tier in lesson.blend.tiers],
        quality=lesson.quality,
        quality_before=lesson.quality_before,
        learned_at=clock.now(),
    )
    with unit_of_work():
        _put_in_force(site, slot, change)
    return change


def _lifts(of_band: dict[int, int], of_all: dict[int, int]) -> Iterator[tuple[int, float]]:
    share = sum(of_band.values()) / max(1, sum(of_all.values()))
    lifts = ((item_id, lift_of(of_band.get(item_id, 0), count, share)) for item_id, count in of_all.items())
    return ((item_id, round(lift, 4)) for item_id, lift in lifts if abs(lift) >= LEAST_LIFT)


def _put_in_force(site: Site, slot: Slot | None, change: LearnedWeights | None) -> None:
    own = LearnedWeights.site == site, LearnedWeights.slot.is_not_distinct_from(slot)
    db.session.execute(update(LearnedWeights).where(*own).values(is_in_force=False))
    if change is not None:
        change.is_in_force = True
        db.session.add(change)
    after_commit(weights.forget_weights)


def _neighbours(after: int, count: int) -> Any:
    """By so many reads after one of this number. numpy is for those who count, not for every page process that knows
    these jobs."""
    counted = import_module("community.personalisation.engine.neighbours")
    return counted.neighbours_in(logs.reads_in_order(after), count)


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
