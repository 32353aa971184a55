"""Files of reviews, told by their heads: with the product's name, with a clothing number, or WooCommerce's."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser

from community.core.imports import Unreadable, digest_of, public_name
from community.core.sheets import Row, heads_of, rows_of, text_of

_TAG = re.compile(r"<[^>]{1,80}>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(['\"])")
LONGEST_TITLE, LONGEST_BODY = 120, 10_000


@dataclass(frozen=True)
class ToldReview:
    """One line of a file as a review. `product` is its number there or its name; `sku` where a shop gave one."""

    line: int
    key: str
    product: str
    title_of_product: str
    stars: int | None
    title: str = ""
    body: str = ""
    author_name: str = ""
    at: datetime | None = None
    sku: str = ""
    why_not: str = ""  # why its own site does not show it

    @property
    def digest(self) -> str:
        """Over what it says, wherever it stands in the file."""
        return digest_of({**asdict(self), "line": 0})


@dataclass(frozen=True)
class ReviewFile:
    """All reviews of one file, and the kind of site that it came from."""

    source: str
    reviews: list[ToldReview]


def read(path: Path) -> ReviewFile:
    """The reviews of a file; `Unreadable` where it is none that we know."""
    text = text_of(path)
    heads = set(heads_of(text))
    for source, needed, told in LAYOUTS:
        if needed <= heads:
            return ReviewFile(source, list(_numbered(told(row) for row in rows_of(text))))
    raise Unreadable("Its first line is not that of a file of reviews that we know.")


def _numbered(reviews: Iterator[ToldReview]) -> Iterator[ToldReview]:
    """A key that stands twice in a file is two reviews all the same."""
    seen: dict[str, int] = {}
    for told in reviews:
        seen[told.key] = seen.get(told.key, 0) + 1
        again = {"key": f"{told.key} {seen[told.key]}"} if seen[told.key] > 1 else {}
        yield ToldReview(**{**asdict(told), **again})


def _by_name(row: Row) -> ToldReview:
    name = _plain(row.first("name"))
    body = _plain(row.first("review"))
    return ToldReview(row.line, _key(row.first(""), name), name, name, _stars(row), body=body)


def _of_clothing(row: Row) -> ToldReview:
    number, kind = row.first("clothing id"), row.first("class name", "department name")
    return ToldReview(
        row.line,
        _key(row.first(""), number),
        number,
        f"{kind} {number}".strip(),
        _stars(row),
        title=_plain(row.first("title"))[:LONGEST_TITLE],
        body=_plain(row.first("review text")),
    )


def _of_woocommerce(row: Row) -> ToldReview:
    number, sku = row.first("comment post id"), row.first("product sku")
    return ToldReview(
        row.line,
        row.first("comment id") or _key(str(row.line), number),
        sku or number,
        sku or number,
        _stars(row),
        body=_plain(row.first("comment content")),
        author_name=public_name(row.first("comment author")),
        at=_moment(row.first("comment date gmt", "comment date")),
        sku=sku,
        why_not="" if row.first("comment approved") in ("", "1") else "It was not approved where it comes from.",
    )


Layout = tuple[str, set[str], Callable[[Row], ToldReview]]
LAYOUTS: tuple[Layout, ...] = (
    ("reviews of WooCommerce", {"comment content", "rating", "comment post id"}, _of_woocommerce),
    ("reviews of clothing", {"clothing id", "review text", "rating"}, _of_clothing),
    ("reviews by product name", {"name", "review", "rating"}, _by_name),
)


def _key(number: str, product: str) -> str:
    return digest_of([number, product])


def _stars(row: Row) -> int | None:
    """From 1 to 5; none where nothing, or something else, stands there."""
    written = row.first("rating")
    return int(written) if written in ("1", "2", "3", "4", "5") else None


def _plain(written: str) -> str:
    """The words without escapes and tags."""
    text = _BREAK.sub("\n", html.unescape(_ESCAPED.sub(r"\1", written)))
    return _TAG.sub("", text).strip()[:LONGEST_BODY]


def _moment(written: str) -> datetime | None:
    try:
        return parser.parse(written).replace(tzinfo=UTC) if written else None
    except (ValueError, OverflowError):
        return None
