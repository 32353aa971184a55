"""Products and orders in one line each."""

from datetime import datetime
from itertools import count

from community.core import clock
from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import State
from community.members.models import Member
from community.shop.actions.buyers import tell
from community.shop.models import Customer, Order, OrderLine, Product, Variant
from community.shop.queries import orders_of_customers
from community.sites.models import SITES

_numbers = count(1)


def product(
    title: str = "",
    site: str = "nl",
    stage: tuple[int, int] | None = None,
    category: str = "",
    stars: tuple[int, int] = (0, 0),
    cents: int | None = 2500,
) -> Product:
    """A live product; `stars` is (their sum, number of reviews)."""
    slug = f"product-{next(_numbers)}"
    title, now = title or slug.replace("-", " ").capitalize(), clock.now()
    with unit_of_work():
        made = Product(site=SITES[site], title=title, slug=slug, path=f"/{site}/products/{slug}", category=category)
        made.stage_from, made.stage_to = stage or (None, None)
        made.star_sum, made.review_count = stars
        made.price_cents, made.created_at, made.changed_at = cents, now, now
        made.variants = [Variant(sku=slug, price_cents=cents)]
        db.session.add(made)
        db.session.flush()
        items.set_item_state(made, State.LIVE)
        return made


def order(of: Member, *products: Product, at: datetime | None = None, **fields: object) -> Order:
    """An order of a member, one line for each product; told as an import tells it."""
    number = str(next(_numbers))
    with unit_of_work():
        customer = Customer(site=of.site, source="tests", external_id=number, email=of.email, name=of.name)
        customer.member_id = of.id
        lines = [
            OrderLine(number=place, sku=each.slug, title=each.title, product_id=each.id, price_cents=each.price_cents)
            for place, each in enumerate(products, 1)
        ]
        made = Order(site=of.site, source="tests", number=number, customer=customer, lines=lines, **fields)
        made.ordered_at, made.total_cents = at or clock.now(), sum(each.price_cents or 0 for each in products)
        db.session.add(made)
        db.session.flush()
        tell(orders_of_customers([customer.id]))
        return made
