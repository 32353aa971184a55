"""A product as its page shows it: three statements that are built once, and asked when pages have changed."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from community.core import stages
from community.core.db import db
from community.core.memory import Memory
from community.items.queries import visible_to
from community.media.models import Picture
from community.members.models import Visitor
from community.reviews.queries.listed import Photo
from community.shop.models import Product, ProductPicture, Variant, price_label
from community.sites.models import SITES, Site

FIRST_SITE = next(iter(SITES.values()))


class ProductLook(NamedTuple):
    """A product as plain values: all that its page shows of it, and what decides what goes with it."""

    id: int
    kind: str
    site: Site
    path: str
    title: str
    summary: str
    theme_id: int | None
    group_id: int | None
    stage_from: int | None
    stage_to: int | None
    is_quiet: bool
    brand: str
    category: str
    gtin: str
    shop_url: str
    price_cents: int | None
    currency: str
    is_available: bool
    body_html: str
    review_count: int
    stars: float | None
    picture: Photo | None
    large_picture: str
    choices: tuple[str, ...]
    pictures: tuple[Photo, ...]  # further ones, in their order

    @property
    def key(self) -> str:
        """As `Item.key`."""
        return f"{self.kind}:{self.id}"

    @property
    def stage_label(self) -> str:
        """As `Item.stage_label`."""
        return stages.label(self.stage_from, self.stage_to)

    @property
    def price_label(self) -> str:
        """As `Product.price_label`."""
        return price_label(self.price_cents, self.currency)


_OF_PRODUCT = ProductLook._fields[:-4]
_looks: Memory[ProductLook | None] = Memory(seconds=300, most=500)  # as old as a page in the cache may be


def product_at(site: Site, slug: str) -> Product | None:
    """The product of this address, with its picture. All products are public."""
    return db.session.scalar(_PRODUCT, {"site": site, "slug": slug})


def look_at(site: Site, slug: str, generation: int) -> ProductLook | None:
    """The same as its page shows it; asked once while no page of the site changes."""
    return _looks.of((site, slug, generation), lambda: _look_at(site, slug))


def _look_at(site: Site, slug: str) -> ProductLook | None:
    product = product_at(site, slug)
    if product is None:
        return None
    first, asked = product.picture, {"product_id": product.id}
    further = db.session.scalars(_PICTURES, asked)
    beside = (
        Photo(first.path(640), first.srcset, first.width, first.height, first.alt) if first else None,
        first.path(1280) if first else "",
        tuple(title for title in db.session.scalars(_CHOICES, asked) if title),
        tuple(Photo(each.path(320), "", each.width, each.height, each.alt) for each in further),
    )
    return ProductLook._make([*(getattr(product, name) for name in _OF_PRODUCT), *beside])


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
