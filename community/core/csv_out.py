"""Comma-separated files as they leave: no cell runs as a formula in somebody's spreadsheet (`security.md`)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """The text of a file, with a mark at the front by which spreadsheets know its letters."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def harmless(cell: Any) -> Any:
    """Numbers as they are; a text that a spreadsheet would calculate stands behind an apostrophe."""
    if cell is None or isinstance(cell, int | float):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip().startswith(FORMULAS) or text.startswith(FORMULAS) else text
