"""Nothing about a person is stored that the export, the erasure and the privacy page do not know of."""

import pytest
from sqlalchemy import JSON, String, Text

from community.core.db import Model
from community.operations.personal import NOBODYS, PERSONAL, Erased
from community.operations.queries.personal import people_in
from community.sites.models import SiteColumn

TABLES = sorted(Model.metadata.tables)
KNOWN = {
    table: set(NOBODYS.get(table, ()))
    | {name for held in PERSONAL if held.table == table for name in (held.key, *held.words, *held.secrets)}
    for table in TABLES
}


def has_text(column):
    return isinstance(column.type, String | Text | JSON) and not isinstance(column.type, SiteColumn)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_member_stands_in_the_registry(table):
    keys = {(held.table, held.key) for held in PERSONAL}
    missing = {name for name in people_in(Model.metadata.tables[table]) if (table, name) not in keys}
    assert missing == set(), f"say in operations/personal.py what {table} holds about this person"


@pytest.mark.parametrize("table", TABLES)
def test_every_column_with_text_is_somebodys_or_nobodys(table):
    texts = {column.name for column in Model.metadata.tables[table].columns if has_text(column)}
    assert texts - KNOWN[table] == set(), f"say in operations/personal.py whose words {table} holds"


def test_the_registry_names_no_table_or_column_that_is_gone():
    named = {(held.table, name) for held in PERSONAL for name in (held.key, *held.words, *held.secrets, *held.shows)}
    named |= {(table, name) for table, names in NOBODYS.items() for name in names}
    there = {(table, column.name) for table in TABLES for column in Model.metadata.tables[table].columns}
    assert named - there == set()


def test_what_is_found_through_other_rows_is_erased_before_them():
    tables = [held.table for held in PERSONAL if held.erased is not Erased.PLACE]
    late = [
        held.table for number, held in enumerate(PERSONAL, -1) if held.through in tables
        and held.through != held.table and max(i for i, t in enumerate(tables) if t == held.through) < number
    ]  # fmt: skip
    assert late == []
