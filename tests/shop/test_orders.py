"""`flask import orders` on files of our own, and what the profile learns of what members bought."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.accounts import actions as accounts
from community.core.db import db, unit_of_work
from community.core.generation import number_of
from community.members.actions import make_token
from community.members.models import Member, TokenUse
from community.members.queries import member_by_email
from community.operations.actions.leaving import erase
from community.shop.models import Customer, Order, OrderState, Product
from community.shop.queries import bought_line
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.shop.conftest import FILES, Run, sums

ORDERS = FILES / "orders.csv"
HEADS = "order,customer,date,sku,quantity,amount\n"


def order(number: str) -> Order:
    query = select(Order).where(Order.number == number).options(selectinload(Order.lines), joinedload(Order.customer))
    return db.session.scalars(query).one()


def told(of: Member) -> list[tuple[str, str | None, int]]:
    """What the record holds of somebody's orders."""
    query = select(Touchpoint).where(Touchpoint.member_id == of.id, Touchpoint.verb.like("order.%"))
    return [(each.verb, each.about, each.facts["cents"]) for each in db.session.scalars(query.order_by(Touchpoint.id))]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """A file of orders with these lines below the usual heads, or as it is."""

    def written(text: str) -> Path:
        path = tmp_path / "orders.csv"
        path.write_text(text if "order" in text.partition("\n")[0].lower() else HEADS + text)
        return path

    return written


def changed_copy(file: Callable[[str], Path], old: str, new: str) -> Path:
    text = ORDERS.read_text()
    assert old in text
    return file(text.replace(old, new))


def test_orders_lines_and_customers_are_counted_and_bad_lines_named(run: Run) -> None:
    said = run("orders", ORDERS)
    assert said["created"] == {"orders": 4, "lines": 5, "customers": 2}
    assert said["found"] == {"orders": 4, "lines": 8, "customers": 2} == sums(said)
    assert {problem["where"]: problem["why"] for problem in said["problems"]} == {
        "line 7": "Its date cannot be read: 'yesterday'.",
        "line 8": "Its quantity cannot be read: 'many'.",
        "line 9": "It has no order number.",
    }
    assert said["status"] == 3
    first = order("1001")
    assert (first.total_cents, first.ordered_at) == (12895, datetime(2026, 3, 2, 9, 15, tzinfo=UTC))
    assert first.customer is not None
    assert (first.customer.name, first.customer.member_id) == ("Anna de Vries", None)
    assert order("1004").customer is None
    again = run("orders", ORDERS)
    assert again["unchanged"] == {"orders": 4, "lines": 5, "customers": 2}
    assert again["problems"] == said["problems"]


def test_a_dry_run_counts_and_changes_nothing(run: Run) -> None:
    assert run("orders", ORDERS, "--dry-run")["created"] == {"orders": 4, "lines": 5, "customers": 2}
    assert db.session.scalars(select(Order)).all() == []


def test_what_a_member_bought_is_told_once_at_its_own_time(run: Run, anna: Any) -> None:
    run("orders", ORDERS)
    run("orders", ORDERS)
    assert told(anna) == [(Verb.ORDER_PLACED, order("1001").key, 12895)], "what was cancelled was no purchase"
    touch = db.session.scalars(select(Touchpoint).where(Touchpoint.verb == Verb.ORDER_PLACED)).one()
    assert touch.at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def test_a_line_and_then_the_whole_order_that_went_back_are_told_once_each(
    run: Run, anna: Any, file: Callable[[str], Path]
) -> None:
    run("orders", ORDERS)
    line = "BS-1;Bath seat;2;19,50;completed;"
    said = run("orders", changed_copy(file, line, f"{line}2026-03-20 09:00"))
    assert said["updated"] == {"orders": 1, "lines": 1, "customers": 0}
    run("orders", changed_copy(file, line, f"{line}2026-03-20 09:00"))
    run(
        "orders",
        changed_copy(file, "10:15;SC-1;Soft carrier;1;89,95;completed", "10:15;SC-1;Soft carrier;1;89,95;refunded"),
    )
    assert order("1001").state == OrderState.RETURNED
    key = order("1001").key
    assert told(anna)[1:] == [(Verb.ORDER_RETURNED, key, 3900), (Verb.ORDER_RETURNED, key, 8995)]


def test_a_customer_becomes_a_member_as_soon_as_the_address_is_confirmed(run: Run) -> None:
    someone = makers.member("Someone", confirmed=False)
    run("orders", ORDERS)
    assert told(someone) == []
    with unit_of_work():
        member = db.session.get_one(Member, someone.id)
        member.username = None
        token = make_token(member, TokenUse.CONFIRM)
    with unit_of_work():
        accounts.confirm(token)
    assert told(someone) == [(Verb.ORDER_PLACED, order("1002").key, 8995)]


def test_a_changed_address_brings_the_orders_of_that_address(run: Run, bob: Any) -> None:
    run("orders", ORDERS)
    with unit_of_work():
        member = db.session.get_one(Member, bob.id)
        accounts.ask_new_email(member, "Someone@example.org")
        token = make_token(member, TokenUse.NEW_EMAIL)
    with unit_of_work():
        accounts.take_new_email(token)
    assert told(bob) == [(Verb.ORDER_PLACED, order("1002").key, 8995)]


def test_a_product_is_bought_by_who_kept_it(run: Run, anna: Any, bob: Any, file: Callable[[str], Path]) -> None:
    run("products", FILES / "shopify.csv")
    run("orders", ORDERS)
    carrier = db.session.scalars(select(Product).where(Product.slug == "soft-carrier")).one()
    anna, bob = (member_by_email(f"{name}@example.org") for name in ("anna", "bob"))
    line, pages = bought_line(anna, carrier), number_of("nl")
    assert line is not None
    assert line.order_id == order("1001").id
    assert bought_line(bob, carrier) is None
    run(
        "orders",
        changed_copy(
            file,
            "SC-1;Soft carrier;1;89,95;completed;\n1001",
            "SC-1;Soft carrier;1;89,95;completed;2026-03-09 09:00\n1001",
        ),
    )
    assert bought_line(anna, carrier) is None
    assert number_of("nl") > pages  # the badge of a review goes with it


def test_a_credit_note_is_money_back_and_takes_the_product_back(
    run: Run, anna: Any, file: Callable[[str], Path]
) -> None:
    run("products", FILES / "shopify.csv")
    text = "Order,Email,Date,SKU,Quantity,Amount\n7,anna@example.org,3/14/26 9:00,SC-1,1,89.95\n"
    run("orders", file(text))
    run("orders", file(f"{text}C8,anna@example.org,3/20/26 9:00,SC-1,-1,-89.95\n"))
    assert told(anna) == [(Verb.ORDER_PLACED, order("7").key, 8995), (Verb.ORDER_RETURNED, order("C8").key, 8995)]
    assert bought_line(anna, db.session.scalars(select(Product).where(Product.slug == "soft-carrier")).one()) is None


def test_columns_with_heads_of_their_own_are_named_by_hand(run: Run, file: Callable[[str], Path]) -> None:
    path = file("order_ref,Klant,Wanneer,Bedrag\nA1,5,14-03-26,10\nA2,5,02-04-26,20\n")
    assert run("orders", path)["status"] == 2
    said = run("orders", path, "--map", "order_ref=number,Klant=customer,Wanneer=date,Bedrag=amount")
    assert said["created"] == {"orders": 2, "lines": 2, "customers": 1}
    assert order("A2").ordered_at.astimezone().month == 4
    assert run("orders", path, "--map", "Klant=buyer")["status"] == 2
    assert run("orders", path, "--map", "Nobody=customer")["status"] == 2


def test_the_same_numbers_of_two_shops_stay_apart(run: Run, file: Callable[[str], Path]) -> None:
    path = file("1,5,2026-01-01,X,1,10\n")
    run("orders", path, "--shop", "Amsterdam")
    assert run("orders", path, "--shop", "Utrecht")["created"]["orders"] == 1
    assert len(db.session.scalars(select(Customer)).all()) == 2


def test_who_left_is_not_brought_back_by_the_next_import(run: Run, anna: Any, file: Callable[[str], Path]) -> None:
    run("orders", ORDERS)
    with unit_of_work():
        erase(db.session.get_one(Member, anna.id), with_posts=True)
    said = run("orders", ORDERS)
    assert (said["skipped"]["customers"], said["unchanged"]["orders"]) == (1, 4)
    assert order("1001").customer is None
    assert [each.email for each in db.session.scalars(select(Customer))] == ["someone@example.org"]


def test_a_customer_who_gives_another_address_is_known_by_it(run: Run, bob: Any, file: Callable[[str], Path]) -> None:
    heads = "Order,Customer,Email,Date,Amount\n"
    run("orders", file(f"{heads}1,77,old@example.org,2026-01-05,10\n"))
    said = run("orders", file(f"{heads}1,77,bob@example.org,2026-01-05,10\n"))
    assert (said["updated"]["customers"], said["unchanged"]["orders"]) == (1, 1)
    assert told(bob) == [(Verb.ORDER_PLACED, order("1").key, 1000)]
