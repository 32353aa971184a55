"""Numbered pages of a list: 20 a page, up to page 100; deeper lists go by `?before=`."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, request

A_PAGE = 20
LAST_PAGE = 100


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


def asked_page(item_count: int, per_page: int = A_PAGE) -> Page:
    """The page that `?page=` asks for; 404 where there is none."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    page = Page(number, item_count, per_page)
    if not 1 <= number <= page.count:
        abort(404)
    return page


def path_of_page(number: int) -> str:
    """The present address at another page."""
    arguments = {name: value for name, value in request.args.items() if name != "page"}
    if number > 1:
        arguments["page"] = str(number)
    return address(request.path, arguments)


def address(path: str, arguments: dict[str, Any]) -> str:
    """A path with its query."""
    return f"{path}?{urlencode(arguments)}" if arguments else path
