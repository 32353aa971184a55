"""What an import of reviews asks of what stands here."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import State
from community.reviews.models import Review
from community.shop.models import Product, Variant
from community.sites.models import Site


def products_by_title(site: Site) -> dict[str, int]:
    """The products of a site by their names; of two, the older one."""
    query = select(Product.title, Product.id).where(Product.site == site, Product.state == State.LIVE)
    return {row.title: row.id for row in db.session.execute(query.order_by(Product.id.desc()))}


def products_by_sku(site: Site) -> dict[str, int]:
    """The products of a site by what their shop calls each variant."""
    query = select(Variant.sku, Variant.product_id).join(Product, Product.id == Variant.product_id)
    query = query.where(Product.site == site, Product.state == State.LIVE).order_by(Product.id.desc())
    return {row.sku: row.product_id for row in db.session.execute(query)}


def product_by_id(product_id: int | None) -> Product | None:
    """A product by its number."""
    return db.session.get(Product, product_id or 0)


def imported_review(review_id: int | None) -> Review | None:
    """A review that came in before and was not taken away since, with its product."""
    query = select(Review).where(Review.id == (review_id or 0), Review.state != State.DELETED)
    return db.session.scalar(query.options(joinedload(Review.product)))
