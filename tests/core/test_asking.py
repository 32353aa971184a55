"""Lists of numbers as one value of a statement."""

from typing import Any

import pytest
from sqlalchemy import select

from community.core.asking import numbers, rows_of
from community.members.models import Member
from tests import makers

NAMES = select(Member.name).where(Member.id.in_(numbers("ids"))).order_by(Member.id)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_those_are_found_whose_numbers_are_given(app: Any, count: int) -> None:
    asked = [makers.member(f"Parent {number}").id for number in range(3)][:count]
    assert [row.name for row in rows_of(NAMES, {"ids": asked})] == [f"Parent {number}" for number in range(count)]


def test_a_statement_reads_the_same_however_many_numbers_there_are(statements: Any) -> None:
    few, many = (statements(lambda ids=ids: rows_of(NAMES, {"ids": ids}).all()) for ids in ([1], range(500)))
    assert few == many
