"""Reads of reviews: a product's page, one review, and what moderators did."""

from community.reviews.queries.listed import Asked, Counts, Photo, ReviewLine, counts_of, line_of, lines_of, vote_by_id
from community.reviews.queries.product import ProductLook, look_at, product_at
from community.reviews.queries.single import (
    hidden_by_rule,
    review_by_id,
    review_of,
    reviews_by,
    standing_of_site,
    star_sum,
    unlinked_lines,
    verified_count,
    votes_by,
    votes_on,
)

__all__ = [
    "Asked",
    "Counts",
    "Photo",
    "ProductLook",
    "ReviewLine",
    "counts_of",
    "hidden_by_rule",
    "line_of",
    "lines_of",
    "look_at",
    "product_at",
    "review_by_id",
    "review_of",
    "reviews_by",
    "standing_of_site",
    "star_sum",
    "unlinked_lines",
    "verified_count",
    "vote_by_id",
    "votes_by",
    "votes_on",
]
