"""`/account/orders`: a member's own orders, nobody else's, with what can be done about each line."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from community.core import clock
from community.core.db import db, unit_of_work
from community.shop.models import OrderLine, OrderState
from tests.shop import makers

ORDERS = "/account/orders"


def test_orders_stand_newest_first_with_what_was_bought(as_anna: Any, anna: Any) -> None:
    sling, cup = makers.product("Sling"), makers.product("Cup", cents=995)
    makers.order(anna, sling, at=clock.now() - timedelta(days=9))
    makers.order(anna, sling, cup)
    rows = [" ".join(row.text().split()) for row in as_anna.see(ORDERS).css(".list > li")]
    assert ["Sling, Cup" in rows[0], "34,95" in rows[0], "25,00" in rows[1]] == [True, True, True]


def test_each_line_can_be_reviewed_and_complained_of(as_anna: Any, anna: Any) -> None:
    sling = makers.product("Sling")
    order = makers.order(anna, sling)
    links = [link.attributes["href"] for link in as_anna.see(order.path).css("main a")]
    assert f"{sling.path}/reviews/new" in links
    assert f"/nl/contact?about=order:{order.id}" in links


def test_what_went_back_is_said_and_not_reviewed(as_anna: Any, anna: Any) -> None:
    sling = makers.product("Sling")
    order = makers.order(anna, sling)
    with unit_of_work():
        db.session.get_one(OrderLine, 1).returned_at = clock.now()
    page = as_anna.see(order.path)
    assert page.css_first(f"a[href='{sling.path}/reviews/new']") is None
    cancelled = makers.order(anna, sling, state=OrderState.CANCELLED)
    assert as_anna.see(cancelled.path).css_first("h1 .tag") is not None


def test_nobody_sees_the_order_of_somebody_else(as_bob: Any, as_anna: Any, anna: Any, visitor: Any) -> None:
    order = makers.order(anna, makers.product("Sling"))
    as_bob.see(order.path, status=404)
    assert "/sign-in" in visitor.get(order.path).location
    assert as_bob.see(ORDERS).css_first(".empty") is not None


def test_a_page_of_orders_costs_the_same_for_five_and_for_fifty(
    as_anna: Any, anna: Any, statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    things = [makers.product() for _ in range(3)]
    for _ in range(5):
        makers.order(anna, *things)
    few = len(statements(lambda: as_anna.see(ORDERS)))
    for _ in range(45):
        makers.order(anna, *things)
    assert len(statements(lambda: as_anna.see(ORDERS))) == few
    assert len(as_anna.see(f"{ORDERS}?page=3").css(".list > li")) == 10
