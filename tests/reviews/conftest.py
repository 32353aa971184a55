"""What tests of reviews share: a product, an order of it, and what somebody said."""

from itertools import count
from typing import Any

import pytest
from flask import Flask

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.text import slug_of
from community.items import actions as items
from community.items.models import State
from community.reviews.actions import reviews as actions
from community.reviews.actions.reviews import Opinion
from community.reviews.models import Review
from community.shop.models import Customer, Order, OrderLine, Product
from community.sites.models import SITES

_numbers = count(1)


def make_product(title: str = "Sleeping bag", site: str = "nl", stage: tuple[int, int] | None = None) -> Product:
    """A product that everybody sees."""
    slug = slug_of(title)
    with unit_of_work():
        made = Product(
            site=SITES[site],
            title=title,
            summary=f"All about {title}.",
            slug=slug,
            path=f"/{site}/products/{slug}",
            state=State.DRAFT,
            created_at=clock.now(),
            changed_at=clock.now(),
            price_cents=3995,
            brand="Wolk",
            tags=[],
        )
        made.stage_from, made.stage_to = stage or (None, None)
        db.session.add(made)
        db.session.flush()
        items.set_item_state(made, State.LIVE)
    return made


def bought(member: Any, product: Product) -> OrderLine:
    """An order of one product, which the member kept."""
    number = str(next(_numbers))
    with unit_of_work():
        customer = Customer(site=product.site, source="test", external_id=number, member_id=member.id)
        order = Order(
            site=product.site, source="test", number=number, customer=customer, ordered_at=clock.now(), total_cents=3995
        )
        line = OrderLine(order=order, number=1, title=product.title, product_id=product.id, price_cents=3995)
        db.session.add_all((customer, order, line))
    return line


def said(by: Any, product: Product, stars: int = 4, body: str = "Warm, and washes well.", **more: Any) -> Review:
    """A review as the page writes it."""
    with unit_of_work():
        return actions.write_review(
            db.session.get_one(Product, product.id), by, Opinion(stars=stars, body=body, **more)
        )


@pytest.fixture
def bag(app: Flask) -> Product:
    """A sleeping bag of the Dutch site."""
    return make_product()
