"""Two versions of an article side by side: which fields differ, and where in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from community.articles.forms.studio import ArticleForm

MOST_LINES, MOST_WORDS = 2_000, 2_000  # beyond these a change is shown whole: comparing takes the square
NOT_COMPARED = ("version", "publish_at")


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


@dataclass(frozen=True)
class Difference:
    """A field that two versions hold differently."""

    name: str
    label: str
    rows: list[Row]
    changed_by_both: bool = False
    is_others: bool = False  # only the other editor changed it


def differences(form: ArticleForm, before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What changed from one version to another, in the order of the form."""
    return [
        Difference(name, str(form[name].label.text), rows_between(_shown(before[name]), _shown(after[name])))
        for name in _compared(before)
        if _shown(before[name]) != _shown(after[name])
    ]


def conflicts(
    form: ArticleForm, base: dict[str, Any] | None, stored: dict[str, Any], mine: dict[str, Any]
) -> list[Difference]:
    """Where what I typed differs from what is stored now; `base` is what I began from, if it is known."""
    found = []
    for name in _compared(stored):
        theirs, own = _shown(stored[name]), _shown(mine[name])
        if theirs == own:
            continue
        began = None if base is None else _shown(base[name])
        rows = rows_between(theirs, own)
        label = str(form[name].label.text)
        found.append(Difference(name, label, rows, began not in (theirs, own), began == own))
    return found


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


def _compared(fields: dict[str, Any]) -> list[str]:
    return [name for name in fields if name not in NOT_COMPARED]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
