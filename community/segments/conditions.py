"""The tree of an audience: clauses, and groups of which all or any must hold; each may be turned round.

Stored as plain JSON: `{"all": [{"field": "week", "is": "between", "low": 20, "high": 30}, {"any": [...]}]}`, with
`"not": true` where it is turned round. Which fields there are says `fields.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any

DEEPEST, MOST = 3, 40  # groups within groups, and clauses in all


@dataclass(frozen=True)
class Clause:
    """One condition: a field, how it is asked, and with which values."""

    field: str
    operator: str
    values: dict[str, Any] = made_by(default_factory=dict)
    is_not: bool = False


@dataclass(frozen=True)
class Group:
    """Several conditions of which all, or any, must hold. An empty group holds for everybody."""

    parts: tuple["Clause | Group", ...] = ()
    is_any: bool = False
    is_not: bool = False


Tree = Clause | Group


def as_json(tree: Tree) -> dict[str, Any]:
    """How a tree is stored."""
    turned = {"not": True} if tree.is_not else {}
    if isinstance(tree, Clause):
        return {"field": tree.field, "is": tree.operator, **tree.values, **turned}
    return {"any" if tree.is_any else "all": [as_json(part) for part in tree.parts], **turned}


def of_json(stored: dict[str, Any]) -> Tree:
    """The tree that was stored; ValueError where it is none."""
    if "field" in stored:
        values = {name: value for name, value in stored.items() if name not in ("field", "is", "not")}
        return Clause(str(stored["field"]), str(stored["is"]), values, bool(stored.get("not")))
    joined = "any" if "any" in stored else "all"
    if joined not in stored:
        raise ValueError("neither a clause nor a group")
    return Group(tuple(of_json(part) for part in stored[joined]), joined == "any", bool(stored.get("not")))


def clauses_of(tree: Tree) -> Iterator[Clause]:
    """Every clause, wherever it stands."""
    if isinstance(tree, Clause):
        yield tree
    else:
        for part in tree.parts:
            yield from clauses_of(part)


def depth_of(tree: Tree) -> int:
    """How many groups stand within each other."""
    return 0 if isinstance(tree, Clause) else 1 + max((depth_of(part) for part in tree.parts), default=0)
