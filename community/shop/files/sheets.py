"""Comma-separated files as they come: any of the usual separators, UTF-8 or what old spreadsheets write."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from community.core.imports import Unreadable
from community.core.text import is_storable

MOST_BYTES = 256 * 1024 * 1024
LONGEST_CELL = 1024 * 1024
SEPARATORS = ",;\t|"
_LETTERS = re.compile(r"[^a-z0-9]+")
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Row:
    """One line of a file by its heads; `line` is where it begins."""

    line: int
    cells: dict[str, str]
    is_crooked: bool = False  # it has more cells than there are heads

    def first(self, *heads: str) -> str:
        """What stands under the first of these heads that says anything."""
        return next((self.cells[head] for head in heads if self.cells.get(head)), "")


def text_of(path: Path) -> str:
    """All of a file; `Unreadable` where it is no text."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    content = path.read_bytes()
    for code in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if is_storable(text):
            return text
    raise Unreadable("This is no text file.")


def heads_of(text: str) -> list[str]:
    """The words of the first line, as `plain_head` makes them."""
    first = next(csv.reader(io.StringIO(text), delimiter=separator_of(text)), [])
    return [plain_head(head) for head in first]


def rows_of(text: str) -> Iterator[Row]:
    """Each line below the first; empty ones are none."""
    reader = csv.reader(io.StringIO(text), delimiter=separator_of(text))
    heads = [plain_head(head) for head in next(reader, [])]
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                told = dict(zip(heads, (cell.strip() for cell in cells), strict=False))
                yield Row(line, told, any(cells[len(heads) :]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} cannot be read ({error}).") from error


def separator_of(text: str) -> str:
    """What stands between the heads."""
    first = text.partition("\n")[0]
    return max(SEPARATORS, key=first.count)


def plain_head(head: str) -> str:
    """A head in small letters and single spaces: `Variant SKU`, `variant_sku` and `variantSku`'s kin are one."""
    return _LETTERS.sub(" ", head.casefold()).strip()
