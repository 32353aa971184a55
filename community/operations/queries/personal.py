"""Everything that is stored about one member, read by the registry of `personal.py` alone."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, Table, func, select
from sqlalchemy.sql.elements import ColumnElement

from community.core.db import Model, db
from community.items.models import Collection, Item, Tag
from community.members.models import Member
from community.operations.personal import PERSONAL, Held

NAMED = {"item": Item, "tag": Tag, "collection": Collection, "person": Member}
NAMES = {Item: Item.title, Tag: Tag.name, Collection: Collection.title, Member: Member.name}


def table_of(held: Held) -> Table:
    """The table that a line of the registry is about."""
    return Model.metadata.tables[held.table]


def is_about(held: Held, member_id: int) -> ColumnElement[bool]:
    """The condition that finds a member's rows, through as many tables as it takes."""
    column = table_of(held).c[held.key]
    if not held.through:
        return column == (held.written.format(member_id) if held.written != "{}" else member_id)
    ways = [other for other in PERSONAL if other.table == held.through and other.is_exported]
    found = [select(table_of(way).c[held.by]).where(is_about(way, member_id)) for way in ways]
    return column.in_(found[0].union(*found[1:]) if len(found) > 1 else found[0])


def nothing_in(column: Column[Any]) -> Any:
    """What a column holds that says nothing."""
    return None if column.nullable else {} if isinstance(column.type, JSON) else ""


def counts_about(member_id: int) -> dict[str, int]:
    """How many rows of each table are about a member."""
    counts: dict[str, int] = {}
    for held in PERSONAL:
        query = select(func.count()).select_from(table_of(held)).where(is_about(held, member_id))
        counts[held.table] = counts.get(held.table, 0) + (db.session.scalar(query) or 0)
    return {table: count for table, count in counts.items() if count}


def everything_about(member: Member) -> dict[str, list[dict[str, Any]]]:
    """All that is stored under a member, by table; what is somebody else's, and what opens a door, is left out."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for held in PERSONAL:
        if held.is_exported:
            part = parts.setdefault(held.table, [])
            part += [row for row in _rows(held, member.id) if row not in part]
    for thing, model in NAMED.items():
        _name([row for part in parts.values() for row in part], thing, model)
    return parts


def labels() -> dict[str, Any]:
    """What each table holds, in words for the member; the first line of a table names it."""
    return {held.table: held.what for held in reversed(PERSONAL) if held.is_exported}


def _rows(held: Held, member_id: int) -> list[dict[str, Any]]:
    table = table_of(held)
    shown = [column for column in table.columns if column.name not in _left_out(held, table)]
    return [dict(row) for row in db.session.execute(select(*shown).where(is_about(held, member_id))).mappings()]


def _left_out(held: Held, table: Table) -> set[str]:
    secrets = {name for other in PERSONAL if other.table == held.table for name in other.secrets}
    return secrets | set(people_in(table)) - {held.key, *held.shows}


def people_in(table: Table) -> Iterator[str]:
    """The columns of a table that hold a member's number."""
    return (key.parent.name for key in table.foreign_keys if key.column.table is Member.__table__)


def _name(rows: list[dict[str, Any]], thing: str, model: Any) -> None:
    """Write beside the number of each thing what it is called."""
    rows = [row for row in rows if row.get(f"{thing}_id")]
    query = select(model.id, NAMES[model]).where(model.id.in_({row[f"{thing}_id"] for row in rows}))
    names = {row[0]: row[1] for row in db.session.execute(query)}
    for row in rows:
        row[thing] = names.get(row[f"{thing}_id"])
