"""A product as its page shows it: three narrow statements that are built once."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.memory import Memory
from community.items.queries import visible_to
from community.media.models import Picture
from community.members.models import Visitor
from community.reviews.queries.listed import Photo
from community.shop.models import Product, ProductPicture, Variant
from community.sites.models import SITES, Site

FIRST_SITE = next(iter(SITES.values()))


class Beside(NamedTuple):
    """What stands beside a product's own columns: its choices, and further pictures."""

    choices: list[str]
    pictures: list[Photo]


def product_at(site: Site, slug: str) -> Product | None:
    """The product of this address, with its picture. All products are public."""
    return db.session.scalar(_PRODUCT, {"site": site, "slug": slug})


_beside: Memory[Beside] = Memory(seconds=300, most=500)  # as old as a page in the cache may be


def beside(product: Product, generation: int) -> Beside:
    """A product's choices and its further pictures, in their order; asked once while no page of the site changes."""
    return _beside.of((product.id, generation), lambda: _beside_of(product))


def _beside_of(product: Product) -> Beside:
    asked = {"product_id": product.id}
    choices = [title for title in db.session.scalars(_CHOICES, asked) if title]
    pictures = db.session.scalars(_PICTURES, asked)
    return Beside(choices, [Photo(each.path(320), "", each.width, each.height, each.alt) for each in pictures])


_PRODUCT = visible_to(
    select(Product).where(
        Product.site == bindparam("site"), Product.kind == "product", Product.slug == bindparam("slug")
    ),
    Visitor(site=FIRST_SITE),
).options(joinedload(Product.picture))
_CHOICES = select(Variant.title).where(Variant.product_id == bindparam("product_id")).order_by(Variant.position)
_PICTURES = (
    select(Picture)
    .join(ProductPicture, ProductPicture.picture_id == Picture.id)
    .where(ProductPicture.product_id == bindparam("product_id"))
    .order_by(ProductPicture.position)
)
