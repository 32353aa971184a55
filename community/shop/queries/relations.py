"""What goes with what, what is bought together, and what somebody has at home already."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.core.asking import rows_of
from community.core.db import db
from community.items.models import Item, State
from community.shop.models import Customer, Order, OrderLine, Product, ProductRelation
from community.shop.queries.orders import STANDING
from community.sites.models import Site

LEAST_TOGETHER = 2  # people: what one alone bought together tells of a person
MOST_SUGGESTED = 10
LATEST = 20  # purchases of somebody that others may go with
_STANDS = or_(*(Order.state == state for state in STANDING))  # `in_()` is written out for each asking


class Tied(NamedTuple):
    """A product that goes with another one, and what that one is called."""

    other_id: int
    product_id: int
    kind: str
    title: str


def owned_ids(member_id: Any) -> Select[Any]:
    """What a member bought, did not send back, and does not use up: to be put into another query."""
    products = Product.__table__
    lasting = _kept_by(member_id).join(products, products.c.id == OrderLine.product_id)
    return lasting.where(products.c.is_consumable.is_(False))


def tied_to(product_id: int | None, member_id: int | None, kinds: Collection[str]) -> list[Tied]:
    """What goes in these ways with a product, then with what a member bought of late: one statement."""
    query = _tied_to(tuple(kinds), member_id is not None)
    return [Tied(*row) for row in rows_of(query, {"product_id": product_id, "member_id": member_id})]


def relations_of(product: Product) -> list[ProductRelation]:
    """What goes with a product, by kind, with the products."""
    query = select(ProductRelation).where(ProductRelation.product_id == product.id)
    query = query.options(joinedload(ProductRelation.other))
    return list(db.session.scalars(query.order_by(ProductRelation.kind, ProductRelation.other_id)))


def relation_between(product_id: int, other_id: int) -> ProductRelation | None:
    """What the second is to the first, if anything."""
    return db.session.get(ProductRelation, (product_id, other_id))


def relations_from(product_ids: Collection[int]) -> dict[tuple[int, int], ProductRelation]:
    """What goes with each of these products."""
    rows = db.session.scalars(select(ProductRelation).where(ProductRelation.product_id.in_(product_ids)))
    return {(row.product_id, row.other_id): row for row in rows}


def bought_together(product: Product) -> list[tuple[Product, int]]:
    """What goes into one order with a product most often, and for how many people; what goes with it already is
    left out."""
    counts = _together(product.id).subquery()
    known = select(ProductRelation.other_id).where(ProductRelation.product_id == product.id)
    query = select(Product, counts.c.people).join(counts, counts.c.product_id == Product.id)
    query = query.where(Product.state == State.LIVE, Product.id.not_in(known), Product.site == product.site)
    rows = db.session.execute(query.order_by(counts.c.people.desc(), Product.id).limit(MOST_SUGGESTED))
    return [(row.Product, row.people) for row in rows]


def people_with_both(product_id: int, other_id: int) -> int:
    """How many people bought both in one order; none where one alone did."""
    counts = _together(product_id).subquery()
    return db.session.scalar(select(counts.c.people).where(counts.c.product_id == other_id)) or 0


def product_by_id(product_id: int) -> Product | None:
    """One product."""
    return db.session.get(Product, product_id)


def product_at_path(site: Site, path: str) -> Product | None:
    """The live product at an address of a site."""
    return db.session.scalar(_live(site).where(Product.path == path))


def shelf_of(site: Site, words: str, limit: int) -> list[tuple[Product, int]]:
    """Live products with these words in their name, by name, and how many go with each."""
    count = select(func.count()).where(ProductRelation.product_id == Product.id).correlate(Product).scalar_subquery()
    query = _live(site).add_columns(count)
    if words:
        query = query.where(Product.title.icontains(words, autoescape=True))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Product.title, Product.id).limit(limit))]


def _live(site: Site) -> Select[Any]:
    return select(Product).where(Product.site == site, Product.kind == "product", Product.state == State.LIVE)


def _kept_by(member_id: Any) -> Select[Any]:
    """The products of which a member has something: a credit note counts below zero."""
    return (
        select(OrderLine.product_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Customer, Customer.id == Order.customer_id)
        .where(
            Customer.member_id == member_id,
            OrderLine.product_id.is_not(None),
            OrderLine.returned_at.is_(None),
            _STANDS,
        )
        .group_by(OrderLine.product_id)
        .having(func.sum(OrderLine.quantity) > 0)
    )


@lru_cache
def _tied_to(kinds: tuple[str, ...], is_buyer: bool) -> Select[Any]:
    is_its_own = ProductRelation.product_id == bindparam("product_id")
    latest = _kept_by(bindparam("member_id")).order_by(func.max(Order.ordered_at).desc(), OrderLine.product_id)
    is_bought = ProductRelation.product_id.in_(select(latest.limit(LATEST).subquery().c.product_id))
    is_of_kind = or_(*(ProductRelation.kind == kind for kind in kinds))
    tied: Any = select(ProductRelation.other_id, ProductRelation.product_id, ProductRelation.kind, Item.title)
    tied = tied.join(Item, Item.id == ProductRelation.product_id)
    tied = tied.where(is_of_kind, or_(is_its_own, is_bought) if is_buyer else is_its_own)
    return tied.order_by(is_its_own.desc(), ProductRelation.together_count.desc(), ProductRelation.other_id)


def _together(product_id: int) -> Any:
    """The products of the same orders, and how many people bought them so."""
    other = aliased(OrderLine)
    people = func.count(Order.customer_id.distinct()).label("people")
    return (
        select(other.product_id, people)
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(other, other.order_id == Order.id)
        .where(
            OrderLine.product_id == product_id,
            other.product_id != product_id,
            OrderLine.returned_at.is_(None),
            other.returned_at.is_(None),
            Order.state.in_(STANDING),
        )
        .group_by(other.product_id)
        .having(people >= LEAST_TOGETHER)
    )
