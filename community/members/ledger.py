"""What each kind of data may be used for: a purpose in one channel, kind by kind.

A purpose is agreed to first; of what it may use, a member withholds what they like. What is withheld stands on the
member's own row, so that whoever chooses, asks or counts has it at hand; when it was said stands in `consents`."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, cast, true

from community.members.models import Member, Purpose


class DataKind(StrEnum):
    """What we know of somebody, by where it comes from."""

    STAGE = "stage"  # weeks of pregnancy and ages of children
    INTERESTS = "interests"  # that they chose
    READING = "reading"  # and what they do here
    ORDERS = "orders"


class Use(StrEnum):
    """A purpose in one channel."""

    PAGES = "pages"  # recommendations here
    LETTER = "letter"  # recommendations in the weekly letter
    SHOP = "shop"  # products on pages, by what was bought
    MAILS = "mails"  # offers by mail: who is in an audience
    LISTS = "lists"  # audiences that leave the house, as a file or a message to another system
    FIGURES = "figures"


class Terms(NamedTuple):
    """Which purpose must be agreed to, and which data a use may then have beside what the purpose itself names."""

    purpose: Purpose
    kinds: tuple[DataKind, ...]


TERMS = {
    Use.PAGES: Terms(Purpose.PERSONALISATION, (DataKind.STAGE, DataKind.INTERESTS)),
    Use.LETTER: Terms(Purpose.MAIL, (DataKind.STAGE, DataKind.INTERESTS, DataKind.READING)),
    Use.SHOP: Terms(Purpose.OFFERS, (DataKind.ORDERS,)),
    Use.MAILS: Terms(Purpose.OFFERS, tuple(DataKind)),
    Use.LISTS: Terms(Purpose.OFFERS, tuple(DataKind)),
    Use.FIGURES: Terms(Purpose.ANALYTICS, (DataKind.STAGE, DataKind.ORDERS)),
}


def line_of(use: Use, kind: DataKind) -> str:
    """How the ledger names one use of one kind."""
    return f"{use}:{kind}"


LINES = frozenset(line_of(use, kind) for use, terms in TERMS.items() for kind in terms.kinds)


def withholds(who: Any, use: Use, kind: DataKind) -> bool:
    """Whether somebody said no to this."""
    return line_of(use, kind) in who.withheld


def lets(use: Use, kinds: Collection[DataKind]) -> ColumnElement[bool]:
    """Members who withhold none of these from a use: to be put into another query."""
    withheld = cast(Member.withheld, Text)
    return and_(true(), *(~withheld.contains(f'"{line_of(use, kind)}"') for kind in sorted(kinds)))
