"""Products as readers find them: a list by stage and category, and one by its address."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.items.queries import Guard, Rows, listed, visible_to
from community.shop.models import Product
from community.sites.models import Site

PRIOR_REVIEWS, PRIOR_STARS = 3, 10.5  # a product with one happy buyer does not stand before one with a hundred
MOST_CATEGORIES = 12


@dataclass(frozen=True)
class Wish:
    """Which products of a site a reader asked for."""

    site: Site
    reader: Any
    guard: Guard | None = None
    stage: tuple[int, int] | None = None  # the days that a product's range must meet
    category: str = ""
    best_first: bool = False  # by stars; else the newest first

    @property
    def order(self) -> tuple[Any, Any]:
        """What decides who stands before whom; the greater one does."""
        return (_score() if self.best_first else Product.published_at), Product.id

    def holds(self, query: Rows) -> Rows:
        """Only what was asked for and may be shown."""
        query = listed(query, self.reader, self.guard).where(Product.site == self.site, Product.kind == "product")
        if self.stage:
            query = query.where(Product.stage_from <= self.stage[1], Product.stage_to >= self.stage[0])
        return query.where(Product.category == self.category) if self.category else query


def count_of(wish: Wish, at_most: int) -> int:
    """How many products there are; no more than needed are counted."""
    some = wish.holds(select(Product.id)).limit(at_most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def products_on(wish: Wish, offset: int, limit: int) -> list[Product]:
    """A stretch of the list, with pictures."""
    query = wish.holds(select(Product.id)).order_by(*(column.desc() for column in wish.order))
    return _with_pictures(query.offset(offset).limit(limit))


def products_before(wish: Wish, item_id: int, limit: int) -> list[Product]:
    """What follows a product of the list; nothing where it does not stand there."""
    place = select(*wish.order).where(Product.id == item_id).subquery()
    query = wish.holds(select(Product.id)).where(tuple_(*wish.order) < select(*place.c).scalar_subquery())
    return _with_pictures(query.order_by(*(column.desc() for column in wish.order)).limit(limit))


def categories(site: Site, reader: Any, guard: Guard | None) -> list[str]:
    """The categories that hold most of what this reader may find, by name."""
    query = Wish(site, reader, guard).holds(select(Product.category)).where(Product.category != "")
    query = query.group_by(Product.category).order_by(func.count().desc(), Product.category)
    return sorted(db.session.scalars(query.limit(MOST_CATEGORIES)), key=str.casefold)


def product_by_slug(site: Site, slug: str, reader: Any) -> Product | None:
    """A product that this reader may see, with its variants and pictures."""
    query = select(Product).where(Product.site == site, Product.slug == slug)
    query = query.options(joinedload(Product.picture), selectinload(Product.variants), selectinload(Product.pictures))
    return db.session.scalar(visible_to(query, reader))


def _with_pictures(ids: Any) -> list[Product]:
    wanted = list(db.session.scalars(ids))
    query = select(Product).where(Product.id.in_(wanted)).options(joinedload(Product.picture))
    found = {product.id: product for product in db.session.scalars(query)}
    return [found[product_id] for product_id in wanted if product_id in found]


def _score() -> ColumnElement[Any]:
    return (Product.star_sum + PRIOR_STARS) / (Product.review_count + PRIOR_REVIEWS)
