"""What an import must know of what stands here already."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.core.imports import ImportedRow
from community.media.models import Picture
from community.shop.models import Product
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
