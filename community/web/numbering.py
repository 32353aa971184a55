"""Numbered pages of a list: 20 a page, up to page 100; deeper lists go by `?before=`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, request
from werkzeug.routing import BaseConverter, IntegerConverter, Map

A_PAGE = 20
LAST_PAGE = 100
MOST_NUMBERED = A_PAGE * LAST_PAGE
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """Where in a list the reader is."""

    number: int
    item_count: int
    per_page: int = A_PAGE

    @property
    def count(self) -> int:
        """How many pages there are to number."""
        return min(LAST_PAGE, max(1, -(-self.item_count // self.per_page)))

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.per_page

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.number < self.count

    @property
    def has_previous(self) -> bool:
        """Whether a page goes before."""
        return self.number > 1

    @property
    def window(self) -> list[int | None]:
        """The numbers to show; None where some are left out."""
        near = {1, self.count, *range(self.number - 1, self.number + 2)}
        shown: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= self.count):
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown


class RowNumber(IntegerConverter):
    """`<int:...>` in an address: a number that a row can have, else the address is not ours."""

    def __init__(self, url_map: Map, **limits: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **limits})


class MonthOfYear(BaseConverter):
    """`<month:...>` in an address: `2027-03`, as text."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"


def asked_number(name: str) -> int | None:
    """The number that `?name=` asks for; None where it is not there, 404 where it is none that we count."""
    asked = request.args.get(name)
    if asked is None:
        return None
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 11 else 0
    if not 1 <= number <= LARGEST_ID:
        abort(404)
    return number


def asked_page(item_count: int, per_page: int = A_PAGE) -> Page:
    """The page that `?page=` asks for; 404 where there is none."""
    page = Page(asked_number("page") or 1, item_count, per_page)
    if page.number > page.count:
        abort(404)
    return page


@dataclass(frozen=True)
class Stretch:
    """The part of a long list that a request asks for: by number, or beyond the last number by `?before=`."""

    rows: list[Any]
    place: Page | None  # none beyond the last number
    older_path: str  # where the list goes on without a number; empty where it does not


def asked_stretch(
    count: Callable[[int], int],
    numbered: Callable[[int, int], list[Any]],
    before: Callable[[int, int], list[Any]],
    id_of: Callable[[Any], int],
) -> Stretch:
    """A page of a list that is counted to a limit and read by (offset, limit) or by (id before, limit)."""
    asked = asked_number("before")
    place = None if asked else asked_page(count(MOST_NUMBERED + 1))
    rows = numbered(place.offset, A_PAGE + 1) if place else before(asked or 0, A_PAGE + 1)
    if not rows and place is None:
        abort(404)
    shown = rows[:A_PAGE]
    older_path = ""
    if len(rows) > A_PAGE and (place is None or place.number == LAST_PAGE):
        kept = {name: value for name, value in request.args.items() if name not in ("page", "before")}
        older_path = address(request.path, {**kept, "before": id_of(shown[-1])})
    return Stretch(shown, place, older_path)


def path_of_page(number: int) -> str:
    """The present address at another page."""
    arguments = {name: value for name, value in request.args.items() if name != "page"}
    if number > 1:
        arguments["page"] = str(number)
    return address(request.path, arguments)


def address(path: str, arguments: dict[str, Any]) -> str:
    """A path with its query."""
    return f"{path}?{urlencode(arguments)}" if arguments else path
