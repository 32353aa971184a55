"""Reads of products, customers and orders."""

from sqlalchemy import select

from community.core.db import db
from community.members.models import Member
from community.shop.models import Customer, Order, OrderLine, OrderState, Product


def bought_line(member: Member, product: Product) -> OrderLine | None:
    """The newest line by which a member bought a product and kept it; none where all went back."""
    query = (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Customer, Customer.id == Order.customer_id)
        .where(
            Customer.member_id == member.id,
            OrderLine.product_id == product.id,
            OrderLine.quantity > 0,
            OrderLine.returned_at.is_(None),
            Order.state.in_((OrderState.PLACED, OrderState.COMPLETED)),
        )
        .order_by(Order.ordered_at.desc(), OrderLine.id.desc())
    )
    return db.session.scalar(query.limit(1))
