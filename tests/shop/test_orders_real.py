"""Orders that others took: every fact of their `facts.json` that an import can show, twice."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from community.core.db import db
from community.shop.models import Customer, Order, OrderLine
from tests.conftest import SHARED
from tests.shop.conftest import Run, only

ORDERS = SHARED / "data" / "orders"
FACTS: dict[str, dict[str, Any]] = json.loads((ORDERS / "facts.json").read_text()) if ORDERS.exists() else {}
pytestmark = pytest.mark.skipif(not FACTS, reason="the orders of other people's shops are not beside this project")


def total(of: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(of), 0)).where(*conditions)) or 0


def count(of: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(of).where(*conditions)) or 0


def test_invoices_come_with_their_credit_notes_and_without_customers(run: Run) -> None:
    name = "uci-online-retail-II-invoices.csv"
    facts, said = FACTS[name], run("orders", ORDERS / name)
    assert said["found"] == {"orders": facts["invoices"], "lines": facts["rows"], "customers": facts["customers"]}
    assert only(said, "created")
    assert said["status"] == 0
    assert total(Order.total_cents) == pytest.approx(facts["revenue"] * 100, abs=5), "each line is rounded to a cent"
    nameless = select(Order.id).where(Order.customer_id.is_(None))
    assert count(OrderLine, OrderLine.order_id.in_(nameless)) == facts["without_customer"]
    assert only(run("orders", ORDERS / name), "unchanged")


def test_lines_of_invoices_come_with_their_products_and_returns(run: Run) -> None:
    name = "uci-online-retail-lines-head.csv"
    facts, said = FACTS[name], run("orders", ORDERS / name)
    assert said["found"] == {"orders": facts["invoices"], "lines": facts["rows"], "customers": facts["customers"]}
    assert only(said, "created")
    assert total(Order.total_cents) == round(facts["net_revenue"] * 100)
    assert total(OrderLine.quantity) == facts["units"]
    assert count(OrderLine, OrderLine.quantity < 0) == facts["negative_quantity"]
    assert db.session.scalar(select(func.count(func.distinct(OrderLine.sku)))) == facts["products"]
    assert only(run("orders", ORDERS / name), "unchanged")


def test_a_file_without_heads_is_known_by_its_columns(run: Run) -> None:
    name = "CDNOW_sample.txt"
    facts, said = FACTS[name], run("orders", ORDERS / name)
    rows = facts["transactions"]
    assert said["found"] == {"orders": rows, "lines": rows, "customers": facts["customers"]}
    assert only(said, "created")
    assert total(Order.total_cents) == round(facts["revenue"] * 100)
    assert total(OrderLine.quantity) == facts["quantity"]
    assert count(Order, Order.total_cents == 0) == facts["zero_amount"]
    times = db.session.scalars(select(func.count(Order.id)).group_by(Order.customer_id)).all()
    assert len(times) == facts["customers"] == count(Customer)
    assert times.count(1) == facts["one_time_customers"]
    assert only(run("orders", ORDERS / name), "unchanged")


def test_a_file_that_tells_no_amounts_is_refused_with_what_is_missing(run: Run) -> None:
    said = run("orders", ORDERS / "example_transactions.csv", "--map", "id=customer")
    assert (said["status"], "--map head=amount" in said["words"]) == (2, True)
