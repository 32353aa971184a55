"""Ways to hold part of a log back and ask for it: by the person, by time, for newcomers, or before every read."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import ceil
from typing import NamedTuple

from community.personalisation.engine.log import Log, LoggedRead

LEAST_HISTORY = 5
HELD = 0.2
ASKED_OF_NEWCOMERS = 10
ROLLING = "rolling"
BEGIN, PER_PERSON = 0.7, 5  # of the rolling test: from where it asks, and how often a person


class Split(NamedTuple):
    """What is known, and what each person read after it."""

    known: Log
    held: Mapping[str, Sequence[int]]


def share_of(name: str, salt: str) -> float:
    """A lot between 0 and 1 that is always the same for a name."""
    return int(hashlib.sha256(f"{salt}/{name}".encode()).hexdigest()[:12], 16) / float(16**12)


def asked_rows(log: Log, begin: float = BEGIN, most: int = PER_PERSON, end: float = 1.0) -> set[int]:
    """Rows of known items before which a list is asked for: some of each person between two shares of the log."""
    first, last, known = int(begin * len(log.reads)), int(end * len(log.reads)), set[int]()
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for number, read in enumerate(log.reads[:last]):
        if number >= first and read.item in known:
            rows[read.person].append(number)
        known.add(read.item)
    return {
        number
        for person, own in rows.items()
        for number in sorted(own, key=lambda number: share_of(f"{person}/{number}", "roll"))[:most]
    }


def _last(log: Log, salt: str, count_of: Callable[[int], int], is_shuffled: bool = False) -> Split:
    known, held = [], {}
    for person, reads in log.by_person().items():
        if len(reads) < LEAST_HISTORY:
            known += reads
            continue
        if is_shuffled:
            reads = sorted(reads, key=lambda read: share_of(f"{read.person},{log.name_of(read.item)}", salt))
        count = count_of(len(reads))
        known += reads[:-count]
        held[person] = [read.item for read in reads[-count:]]
    return Split(log.only(known), held)


def _fifth(count: int) -> int:
    return max(1, ceil(HELD * count))


def _one(_count: int) -> int:
    return 1


def _by_time(log: Log, _salt: str) -> Split:
    cut = log.reads[int((1 - HELD) * len(log.reads))].at
    known = [read for read in log.reads if read.at < cut]
    before, held = {read[:2] for read in known}, defaultdict[str, list[int]](list)
    for read in log.reads:
        if read.at >= cut and read[:2] not in before:
            held[read.person].append(read.item)
    return Split(log.only(known), dict(held))


def _newcomers(log: Log, salt: str, told: int) -> Split:
    """A fifth of the persons, of whom only the first reads are told."""
    known: list[LoggedRead] = []
    held = {}
    for person, reads in log.by_person().items():
        if share_of(person, salt) < HELD and len(reads) >= told + 2:
            known += reads[:told]
            held[person] = [read.item for read in reads[told : told + ASKED_OF_NEWCOMERS]]
        else:
            known += reads
    return Split(log.only(known), held)


Protocol = Callable[[Log, str], Split]
# Each with the salt of its lots; the same question is asked within what is known, by other lots, to learn from.
PROTOCOLS: dict[str, tuple[Protocol, str]] = {
    "last20": (partial(_last, count_of=_fifth), ""),
    "last1": (partial(_last, count_of=_one), ""),
    "random20": (partial(_last, count_of=_fifth, is_shuffled=True), "random20"),
    "time": (_by_time, ""),
    "cold0": (partial(_newcomers, told=0), "cold"),
    "cold1": (partial(_newcomers, told=1), "cold"),
    "cold3": (partial(_newcomers, told=3), "cold"),
}


def pieces(log: Log, count: int) -> Iterator[Sequence[LoggedRead]]:
    """A log in so many pieces of about the same length."""
    size = max(1, ceil(len(log.reads) / count))
    for begin in range(0, len(log.reads), size):
        yield log.reads[begin : begin + size]
