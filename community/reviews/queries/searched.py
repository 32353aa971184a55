"""By which words products and reviews are found."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.text import plain
from community.reviews.models import Review
from community.search.documents import Text
from community.shop.models import Product


def product_texts(ids: Sequence[int]) -> dict[int, Text]:
    """Brand, category and description of these products."""
    found = db.session.scalars(select(Product).where(Product.id.in_(ids)))
    return {
        product.id: Text(_joined(product.brand, product.category, product.body_html), stars=product.stars)
        for product in found
    }


def review_texts(ids: Sequence[int]) -> dict[int, Text]:
    """What these reviews say; one without a title is called as its product."""
    found = db.session.scalars(select(Review).where(Review.id.in_(ids)).options(joinedload(Review.product)))
    return {
        review.id: Text(
            _joined(review.good, review.less_good, review.body_html, review.product.title),
            review.title or review.product.title,
            review.stars,
        )
        for review in found
    }


def _joined(*texts: str) -> str:
    return " · ".join(words for text in texts if (words := plain(text)))
