"""Two versions of a text side by side: which lines differ, and which words in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES, MOST_WORDS = 2_000, 2_000  # beyond these a change is shown whole: comparing takes the square


@dataclass(frozen=True)
class Part:
    """A stretch of one version, and whether the other one lacks it."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """Changed lines as they were and as they are."""

    before: list[Part]
    after: list[Part]


def rows_between(before: str, after: str) -> list[Row]:
    """The stretches of lines that differ, each with the words that differ in it."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > MOST_LINES:
        return [_row(before, after)]
    return [
        _row("\n".join(old[first:last]), "\n".join(new[new_first:new_last]))
        for tag, first, last, new_first, new_last in _opcodes(old, new)
        if tag != "equal"
    ]


def _row(before: str, after: str) -> Row:
    old, new = re.findall(r"\w+|\s+|[^\w\s]", before), re.findall(r"\w+|\s+|[^\w\s]", after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return Row([Part(before, True)] if before else [], [Part(after, True)] if after else [])
    row = Row([], [])
    for tag, first, last, new_first, new_last in _opcodes(old, new):
        for parts, words in ((row.before, old[first:last]), (row.after, new[new_first:new_last])):
            if words:
                parts.append(Part("".join(words), tag != "equal"))
    return row


def _opcodes(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new).get_opcodes()
