"""Customers who turn out to be members, and what their orders tell the profile."""

from collections.abc import Sequence

from community.members.models import Member
from community.shop import queries
from community.shop.models import Order, OrderState
from community.touchpoints.actions import record
from community.touchpoints.models import Verb


def know_member(member: Member) -> None:
    """What was bought under a member's address is theirs from the moment that it is confirmed."""
    customers = queries.customers_to_know(member.email)
    for customer in customers:
        customer.member = member
    if customers:
        tell(queries.orders_of_customers([customer.id for customer in customers]))


def tell(orders: Sequence[Order]) -> None:
    """Tell each order of a member once, and of what went back what was not told yet."""
    told = queries.told_about(orders)
    for order in orders:
        if order.customer is None or order.customer.member is None:
            continue
        if _is_purchase(order) and (order.key, Verb.ORDER_PLACED) not in told:
            _record(order, Verb.ORDER_PLACED, order.total_cents)
            told[order.key, Verb.ORDER_PLACED] = order.total_cents
        is_known = order.is_credit or (order.key, Verb.ORDER_PLACED) in told
        cents = order.returned_cents - told.get((order.key, Verb.ORDER_RETURNED), 0)
        if is_known and cents > 0:
            _record(order, Verb.ORDER_RETURNED, cents)


def _is_purchase(order: Order) -> bool:
    return order.total_cents >= 0 and order.state != OrderState.CANCELLED


def _record(order: Order, verb: Verb, cents: int) -> None:
    """At the moment of the order; of what went back, at the moment when its last line did."""
    assert order.customer is not None
    returned = [line.returned_at for line in order.lines if line.returned_at]
    at = max(returned, default=order.ordered_at) if verb == Verb.ORDER_RETURNED else order.ordered_at
    record(order.customer.member, verb, order, at=at, cents=cents)
