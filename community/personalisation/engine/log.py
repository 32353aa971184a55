"""A log of reads, wherever it comes from: a site's own, or a folder of tables that somebody else made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple


class LoggedRead(NamedTuple):
    """A person's first contact with an item, at a moment in seconds."""

    person: str
    item: int
    at: float


@dataclass(frozen=True)
class Log:
    """All reads in the order of time, and what is known of items and persons."""

    reads: Sequence[LoggedRead]
    tags: Mapping[int, frozenset[int]] = field(default_factory=dict)  # of items
    traits: Mapping[str, Sequence[str]] = field(default_factory=dict)  # of persons: what they share with others
    published: Mapping[int, float] = field(default_factory=dict)  # of items, in seconds; else by the first read
    names: Sequence[str] = ()  # of items, by their numbers, where they have others

    def by_person(self) -> dict[str, list[LoggedRead]]:
        """Each person's reads in the order of time."""
        found: defaultdict[str, list[LoggedRead]] = defaultdict(list)
        for read in self.reads:
            found[read.person].append(read)
        return dict(found)

    def only(self, reads: Iterable[LoggedRead]) -> "Log":
        """The same with these reads alone, put in the order of time."""
        return replace(self, reads=sorted(reads, key=lambda read: read.at))

    def name_of(self, item: int) -> str:
        """How its source names an item."""
        return self.names[item] if self.names else str(item)
