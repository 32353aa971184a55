"""The pages of reviews: a product with what parents say of it, and each review."""

from community.reviews.views import product, single, writing

BLUEPRINTS = (product.bp, writing.bp, single.bp, writing.account)
