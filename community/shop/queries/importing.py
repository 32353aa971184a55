"""What an import must know of what stands here already."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.core.imports import ImportedRow
from community.media.models import Picture
from community.members.models import Member, MemberState
from community.shop.models import Customer, Order, Product, Variant
from community.sites.models import Site


def taken_slugs(site: Site) -> set[str]:
    """The addresses that products of a site have."""
    return set(db.session.scalars(select(Product.slug).where(Product.site == site, Product.kind == "product")))


def imported_product(product_id: int | None) -> Product | None:
    """A product with all that an import changes of it."""
    query = select(Product).where(Product.id == product_id)
    parts = selectinload(Product.variants), selectinload(Product.tags)
    return db.session.scalar(query.options(*parts, joinedload(Product.theme)))


def held_pictures(site: Site, source: str) -> dict[str, Picture]:
    """The pictures that were fetched from one shop, by the key of their address."""
    query = select(ImportedRow.key, Picture).join(Picture, Picture.id == ImportedRow.thing_id)
    query = query.where(ImportedRow.site == site.code, ImportedRow.source == source, ImportedRow.kind == "picture")
    return {row.key: row.Picture for row in db.session.execute(query)}


class KnownCustomer(NamedTuple):
    """A customer as they stand here."""

    id: int
    email: str
    name: str
    is_member: bool


def customers_by_key(site: Site, source: str) -> dict[str, KnownCustomer]:
    """Every customer of a shop by the shop's number."""
    columns = Customer.id, Customer.email, Customer.name, Customer.member_id.is_not(None).label("is_member")
    query = select(Customer.external_id, *columns).where(Customer.site == site, Customer.source == source)
    return {
        row.external_id: KnownCustomer(row.id, row.email or "", row.name, row.is_member)
        for row in db.session.execute(query)
    }


def members_by_email(emails: Iterable[str]) -> dict[str, int]:
    """Members who proved one of these addresses."""
    query = select(Member.email, Member.id).where(Member.email.in_(list(emails)))
    query = query.where(Member.state.not_in((MemberState.UNCONFIRMED, MemberState.ERASED)))
    return {email: member_id for email, member_id in db.session.execute(query) if email}


def order_numbers(site: Site, source: str) -> set[str]:
    """The numbers of all orders of a shop."""
    return set(db.session.scalars(select(Order.number).where(Order.site == site, Order.source == source)))


def orders_by_number(site: Site, source: str, numbers: Iterable[str]) -> dict[str, Order]:
    """Some orders of a shop with their lines, by the shop's number."""
    query = select(Order).where(Order.site == site, Order.source == source, Order.number.in_(list(numbers)))
    return {order.number: order for order in db.session.scalars(query.options(selectinload(Order.lines)))}


def products_by_sku(site: Site, skus: Iterable[str]) -> dict[str, int]:
    """Which product of a site has which of these variants."""
    query = select(Variant.sku, Variant.product_id).join(Product, Product.id == Variant.product_id)
    query = query.where(Variant.sku.in_(list(skus)), Product.site == site).order_by(Variant.id.desc())
    return {row.sku: row.product_id for row in db.session.execute(query)}


def members_orders(site: Site, source: str, numbers: Iterable[str]) -> list[Order]:
    """Some orders of a shop with all that telling them needs, the oldest first."""
    query = select(Order).where(Order.site == site, Order.source == source, Order.number.in_(list(numbers)))
    query = query.options(selectinload(Order.lines), joinedload(Order.customer).joinedload(Customer.member))
    return list(db.session.scalars(query.order_by(Order.ordered_at, Order.id)))
