"""Which items have the same readers: by the cosine between the columns of who read what; or, of few items, by how
far each tells of another one beside all others."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np

MOST = 50  # neighbours of an item
CAP = 200  # reads of a person, the latest
LEAST_READERS = 2  # in common: one reader alone would tell of a person
FEW_ITEMS = 4_000  # whose table takes seconds, and a quarter of a gigabyte
LEAST_EACH = 10  # reads of an item on average, for one to be told from all others
RIDGE = 500.0  # readers: what fewer share is hardly believed
MOST_TOLD = 100  # of an item, for and against others

Numbers = np.ndarray[Any, Any]


class Readers:
    """Who read what, as numbers in a row: so many fit that a night is long enough for all of them."""

    def __init__(self, persons: Numbers, items: Numbers) -> None:
        """Of reads in the order of time, with persons and items numbered from 0."""
        order = np.argsort(persons, kind="stable")
        persons, items = persons[order], items[order]
        lengths = np.bincount(persons) if len(persons) else np.zeros(0, int)
        ends = np.cumsum(lengths)
        kept = np.arange(len(items)) >= (ends[persons] - CAP if len(persons) else 0)
        self.items, persons = items[kept], persons[kept]
        self._lengths = np.minimum(lengths, CAP)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._weights = (1 / np.maximum(self._lengths, 1)).astype(np.float32)  # who reads everything says little
        by_item = np.argsort(self.items, kind="stable")
        self._persons = persons[by_item].astype(np.int32)
        self.count = int(self.items.max()) + 1 if len(self.items) else 0
        self._bounds = np.concatenate(([0], np.cumsum(np.bincount(self.items, minlength=self.count))))
        weight_of_read = self._weights[persons] if len(persons) else np.zeros(0)
        self._norms = np.sqrt(np.bincount(self.items, weight_of_read, self.count)) + 1e-12

    def nearest(self, item: int) -> list[tuple[int, float]]:
        """The nearest others of an item."""
        readers = self._persons[self._bounds[item] : self._bounds[item + 1]]
        others = self.items[self._places(readers)]
        loudness = np.repeat(self._weights[readers], self._lengths[readers])
        shared = np.bincount(others, loudness, self.count)
        shared[np.bincount(others, minlength=self.count) < LEAST_READERS] = 0
        shared[item] = 0
        return best_of(shared / (self._norms * self._norms[item]), MOST)

    def shared(self, item: int) -> Numbers:
        """How many readers an item shares with each."""
        readers = self._persons[self._bounds[item] : self._bounds[item + 1]]
        return np.bincount(self.items[self._places(readers)], minlength=self.count)

    def _places(self, readers: Numbers) -> Numbers:
        """Where the reads of these persons stand."""
        lengths = self._lengths[readers]
        before = np.cumsum(lengths) - lengths
        return np.repeat(self._starts[readers] - before, lengths) + np.arange(lengths.sum())


class Regression:
    """What each item tells of every other one, beside all that others tell of it (a ridge regression in one step,
    known as EASE): better than the cosine, for a table of so few items that it can be turned around."""

    def __init__(self, readers: Readers) -> None:
        self.count = readers.count
        shared = np.array([readers.shared(item) for item in range(self.count)], np.float32)
        inverse = np.linalg.inv(shared + RIDGE * np.eye(self.count, dtype=np.float32))
        self._told = -inverse / np.diag(inverse)
        self._told[(shared < LEAST_READERS) & (self._told > 0)] = 0
        np.fill_diagonal(self._told, 0)

    def nearest(self, item: int) -> list[tuple[int, float]]:
        """Those that an item speaks most for, and most against."""
        told = self._told[item]
        return [(other, float(told[other])) for other, _size in best_of(np.abs(told), MOST_TOLD)]


def best_of(values: Numbers, most: int) -> list[tuple[int, float]]:
    """The places of the greatest values above nothing, with their values."""
    found = np.argpartition(-values, most)[:most] if len(values) > most else np.arange(len(values))
    return [(int(place), float(values[place])) for place in found[np.argsort(-values[found])] if values[place] > 0]


class Found(Sequence[tuple[int, list[tuple[int, float]]]]):
    """The neighbours of all items by their own numbers, found one by one as they are asked for."""

    def __init__(self, readers: Readers | Regression, numbers: Numbers) -> None:
        self._readers, self._numbers = readers, numbers

    def __len__(self) -> int:
        return self._readers.count

    def __getitem__(self, place: Any) -> Any:
        others = self._readers.nearest(range(self._readers.count)[place])
        return int(self._numbers[place]), [(int(self._numbers[other]), strength) for other, strength in others]


def neighbours_in(reads: Iterable[tuple[str, int]], count: int) -> Found:
    """The neighbours of all items by so many reads (person, item), the first reads first."""
    numbers: dict[str, int] = {}
    flat = (number for person, item in reads for number in (numbers.setdefault(person, len(numbers)), item))
    table = np.fromiter(islice(flat, 2 * count), np.int64).reshape(-1, 2)
    items, places = np.unique(table[:, 1], return_inverse=True)
    return Found(_told_by(Readers(table[:, 0], places)), items)


def neighbours_of(histories: Sequence[Sequence[int]]) -> dict[int, list[tuple[int, float]]]:
    """All neighbours by the histories of all persons, each in the order of time."""
    lengths = [len(history) for history in histories]
    persons = np.repeat(np.arange(len(histories)), lengths)
    items = np.fromiter((item for history in histories for item in history), np.int64, sum(lengths))
    readers = _told_by(Readers(persons, items))
    return {item: readers.nearest(item) for item in range(readers.count)}


def _told_by(readers: Readers) -> Readers | Regression:
    is_much_read = len(readers.items) >= LEAST_EACH * readers.count
    return Regression(readers) if is_much_read and readers.count <= FEW_ITEMS else readers
