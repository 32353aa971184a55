"""What members bought: their orders, the line that makes a review verified, and what was told of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.members.models import Member
from community.shop.models import Customer, Order, OrderLine, OrderState, Product
from community.touchpoints.models import Touchpoint, Verb

STANDING = (OrderState.PLACED, OrderState.COMPLETED)


def bought_line(member: Member, product: Product) -> OrderLine | None:
    """The newest line by which a member bought a product and kept it; none where all went back."""
    query = (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Customer, Customer.id == Order.customer_id)
        .where(
            Customer.member_id == member.id,
            OrderLine.product_id == product.id,
            OrderLine.returned_at.is_(None),
            Order.state.in_(STANDING),
        )
        .order_by(Order.ordered_at.desc(), OrderLine.id.desc())
    )
    lines = list(db.session.scalars(query))
    kept = sum(line.quantity for line in lines)  # a credit note counts below zero
    return next((line for line in lines if line.quantity > 0), None) if kept > 0 else None


def count_of_orders(member: Member) -> int:
    """How many orders a member placed."""
    return db.session.scalar(_placed_by(member).with_only_columns(func.count())) or 0


def orders_of(member: Member, offset: int, limit: int) -> list[Order]:
    """A member's orders with their lines, the newest first."""
    query = _placed_by(member).options(selectinload(Order.lines))
    query = query.order_by(Order.ordered_at.desc(), Order.id.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def order_of(member: Member, order_id: int) -> Order | None:
    """One of a member's own orders, with its lines and their products."""
    query = _placed_by(member).where(Order.id == order_id)
    return db.session.scalar(query.options(selectinload(Order.lines).joinedload(OrderLine.product)))


def customers_to_know(email: str | None) -> list[Customer]:
    """Customers of any site who gave this address and are nobody's yet."""
    if not email:
        return []
    return list(db.session.scalars(select(Customer).where(Customer.email == email, Customer.member_id.is_(None))))


def orders_of_customers(customer_ids: Iterable[int]) -> list[Order]:
    """Orders with all that telling them needs, the oldest first."""
    query = select(Order).where(Order.customer_id.in_(list(customer_ids)))
    query = query.options(selectinload(Order.lines), joinedload(Order.customer).joinedload(Customer.member))
    return list(db.session.scalars(query.order_by(Order.ordered_at, Order.id)))


def told_about(orders: Sequence[Order]) -> dict[tuple[str, str], int]:
    """What was told of these orders: (order's key, verb) -> cents in all."""
    told: dict[tuple[str, str], int] = {}
    query = select(Touchpoint.about, Touchpoint.verb, Touchpoint.facts).where(
        Touchpoint.about.in_([order.key for order in orders]),
        Touchpoint.verb.in_((Verb.ORDER_PLACED, Verb.ORDER_RETURNED)),
    )
    for about, verb, facts in db.session.execute(query):
        told[about, verb] = told.get((about, verb), 0) + facts.get("cents", 0)
    return told


def _placed_by(member: Member) -> Select[Order]:
    return select(Order).join(Customer, Customer.id == Order.customer_id).where(Customer.member_id == member.id)
