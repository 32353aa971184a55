"""Statements that are asked often: without what costs more than the database's own work."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Integer, Select, String, bindparam, column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from community.core.db import db


def rows_of(query: Any, values: dict[str, Any] | None = None) -> Any:
    """What a statement of columns alone finds. A session would add nothing but work, and would first store what is
    pending: this is for pages, not for deeds."""
    return db.session.connection().execute(query, values)


def numbers(name: str) -> Select[int]:
    """The numbers that are given under this name, for `in_()`: one value, so that the statement reads the same however
    many there are."""
    each = _Each(bindparam(name, type_=_Numbers())).alias("value")
    return select(column("value", Integer)).select_from(each)


class _Numbers(TypeDecorator[Iterable[int]]):
    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Iterable[int] | None, dialect: Any) -> Any:
        found = list(value or ())
        return found if dialect.name == "postgresql" else json.dumps(found)


class _Each(FunctionElement[int]):
    inherit_cache = True


@compiles(_Each)
def _each(each: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(each.clauses, **options)})"


@compiles(_Each, "postgresql")
def _each_of_array(each: Any, compiler: Any, **options: Any) -> str:
    return f"unnest({compiler.process(each.clauses, **options)})"
