"""A folder of tables of interactions, items and persons as CSV (packed or not), read into a log; nothing is stored."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from community.personalisation.engine.log import Log, LoggedRead

TABLES = ("interactions", "users", "items")
SPAN = 180 * 86_400.0  # of a log that names no moments: its rows are spread over half a year
LISTS = ("tags", "entities")  # columns of items that name several subjects, parted by |
FEW = 50  # different values at most that a trait may have; numbers are put into groups
GROUPS = 5
Row = dict[str, str]


def read_folder(folder: Path) -> Log:
    """The log of a folder: dates, items or persons may be missing."""
    interactions, users, items = (_table(folder, name) for name in TABLES)
    numbers = _numbered(row["item_id"] for row in interactions)
    is_dated = bool(interactions) and "timestamp" in interactions[0]
    step = SPAN / max(1, len(interactions))
    dated = [(float(row["timestamp"]) if is_dated else n * step, n, row) for n, row in enumerate(interactions)]
    first: dict[tuple[str, str], LoggedRead] = {}
    for at, _n, row in sorted(dated, key=lambda one: one[:2]):
        first.setdefault((row["user_id"], row["item_id"]), LoggedRead(row["user_id"], numbers[row["item_id"]], at))
    subjects = {row["item_id"]: _subjects(row) for row in items}
    of_subjects = _numbered(subject for found in subjects.values() for subject in found)
    return Log(
        list(first.values()),
        tags={
            numbers[item]: frozenset(of_subjects[subject] for subject in found)
            for item, found in subjects.items()
            if item in numbers
        },
        traits={row["user_id"]: traits for row, traits in zip(users, _traits(users), strict=True)},
        names=tuple(numbers),
    )


def _table(folder: Path, name: str) -> list[Row]:
    for path, opened in ((folder / f"{name}.csv.gz", gzip.open), (folder / f"{name}.csv", open)):
        if path.exists():
            with opened(path, "rt", encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
    return []


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _subjects(row: Row) -> list[str]:
    return [subject for column in LISTS for subject in (row.get(column) or "").split("|") if subject]


def _traits(users: list[Row]) -> list[list[str]]:
    """For each person what they share with many: columns of few values, and numbers in groups."""
    groups: list[list[str]] = [[] for _ in users]
    for column in (name for name in (users[0] if users else ()) if name != "user_id"):
        values = [row[column] or "" for row in users]
        for own, value in zip(groups, _grouped(values), strict=True):
            own += [f"{column}={value}"] if value else []
    return groups


def _grouped(values: list[str]) -> list[str]:
    if all(value.replace(".", "", 1).lstrip("-").isdecimal() for value in values if value):
        return _in_groups([float(value) if value else None for value in values])
    return values if len(set(values)) <= FEW else [""] * len(values)


def _in_groups(values: list[Any]) -> list[str]:
    """Numbers by the group of about the same size that they fall into."""
    known = sorted(value for value in values if value is not None)
    bounds = [known[len(known) * group // GROUPS] for group in range(1, GROUPS)] if known else []
    return ["" if value is None else str(sum(value >= bound for bound in bounds)) for value in values]
