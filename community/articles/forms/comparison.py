"""Two versions of an article side by side: which fields differ, and where in them."""

from dataclasses import dataclass
from typing import Any

from community.articles.forms.studio import ArticleForm
from community.core.comparison import Row, rows_between

NOT_COMPARED = ("version", "publish_at")


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


def _compared(fields: dict[str, Any]) -> list[str]:
    return [name for name in fields if name not in NOT_COMPARED]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
