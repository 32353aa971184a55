"""What the registry of fields is made of: a field, the ways to ask it, and the values to fill in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from community.segments.queries.asking import Asked, Condition, Values
from community.segments.queries.choices import Offer


@dataclass(frozen=True)
class Input:
    """A value to fill in: a whole number, or one of a list."""

    name: str
    label: Any
    least: int = 0
    most: int = 100_000
    choices: str = ""


MEMBER, RELATION, DEEDS = _l("Who they are"), _l("Where they stand"), _l("What they do")
SHOP, REST = _l("Orders"), _l("More")
GROUPS = (MEMBER, RELATION, DEEDS, SHOP, REST)  # in the order in which a page offers them
DAYS = (Input("days", _l("days"), 1, 3_650),)
TIMES = (Input("number", _l("times"), 1, 1_000),)


@dataclass(frozen=True)
class Operator:
    """One way to ask a field."""

    label: Any
    inputs: tuple[Input, ...]
    says: Callable[[Values, Offer], str]
    asks: Callable[[Asked, Values], Condition]


@dataclass(frozen=True)
class Field:
    """Something that can be asked of a member."""

    label: Any
    group: Any
    operators: dict[str, Operator]


def a_number(label: Any, least: int = 1, most: int = 100_000) -> tuple[Input, ...]:
    """A whole number."""
    return (Input("number", label, least, most),)


def from_to(most: int) -> tuple[Input, ...]:
    """Two whole numbers."""
    return Input("low", _l("from"), 0, most), Input("high", _l("to"), 0, most)


def one_of(name: str, label: Any) -> tuple[Input, ...]:
    """One of a list."""
    return (Input("value", label, choices=name),)


def named(text: Callable[..., str], choices: str) -> Callable[[Values, Offer], str]:
    """A sentence with the name of what was chosen."""
    return lambda values, offer: text(offer.words(choices, values["value"]))
