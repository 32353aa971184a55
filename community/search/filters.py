"""What an answer can be narrowed to: themes, boards, stars and months, with how many there are of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from community.search import queries
from community.search.answers import Answer

MOST_CHOICES = 12  # of a filter
STARS = (4, 3, 2)
SINCE = {"month": 1, "year": 12}  # months back


class Choice(NamedTuple):
    """One value of a filter, how it is called, and how many there are; a plus where there are more."""

    value: str
    label: str
    found_count: int
    is_chosen: bool


class Filter(NamedTuple):
    """A field of the form, and the values that narrow the answer."""

    field: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Narrowed:
    """What a reader narrowed the answer to, as the address says it."""

    theme: int | None = None
    board: int | None = None
    stars: int | None = None
    since: str = ""

    def marks(self, today: date) -> tuple[frozenset[str], ...]:
        """Of each of these at least one mark."""
        named = [
            frozenset({f"{kind}:{number}"}) for kind, number in (("tag", self.theme), ("in", self.board)) if number
        ]
        if self.stars:
            named.append(_stars_from(self.stars))
        return (*named, _months(SINCE[self.since], today)) if self.since else tuple(named)

    @property
    def is_any(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.theme or self.board or self.stars or self.since)


def filters_of(found: Answer, narrowed: Narrowed, today: date) -> tuple[Filter, ...]:
    """The filters of an answer that have any value; one statement for their names."""
    counts = found.counts
    names = queries.named([*counts, f"tag:{narrowed.theme}", f"in:{narrowed.board}"])
    stars = {str(count): (_("%(count)s stars and more", count=count), _stars_from(count)) for count in STARS}
    labels = {"month": _("This month and the last"), "year": _("The last twelve months")}
    since = {name: (label, _months(SINCE[name], today)) for name, label in labels.items()}
    choices = {
        "theme": _named("tag", counts, names, narrowed.theme),
        "board": _named("in", counts, names, narrowed.board),
        "stars": _summed(stars, counts, str(narrowed.stars)),
        "since": _summed(since, counts, narrowed.since),
    }
    return tuple(Filter(name, tuple(values)) for name, values in choices.items() if values)


def _summed(offered: Mapping[str, tuple[str, frozenset[str]]], counts: Mapping[str, int], chosen: str) -> list[Choice]:
    """Those of these values, each with its label and its marks, that hold anything, and what was chosen."""
    choices = (
        Choice(value, label, sum(counts.get(mark, 0) for mark in marks), value == chosen)
        for value, (label, marks) in offered.items()
    )
    return [choice for choice in choices if choice.found_count or choice.is_chosen]


def _named(kind: str, counts: Mapping[str, int], names: Mapping[str, str], chosen: int | None) -> list[Choice]:
    """Those that hold most, and what was chosen."""
    known = [mark for mark in names if mark.startswith(f"{kind}:")]
    known.sort(key=lambda mark: (mark != f"{kind}:{chosen}", -counts.get(mark, 0)))
    return [
        Choice(mark.partition(":")[2], names[mark], counts.get(mark, 0), mark == f"{kind}:{chosen}")
        for mark in known[:MOST_CHOICES]
    ]


def _stars_from(stars: int) -> frozenset[str]:
    return frozenset(f"stars:{number}" for number in range(stars, 6))


def _months(back: int, today: date) -> frozenset[str]:
    """This month and so many before it."""
    last = today.year * 12 + today.month - 1
    return frozenset(f"month:{month // 12}-{month % 12 + 1:02}" for month in range(last - back, last + 1))
