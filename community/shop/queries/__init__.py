"""Reads of products, customers and orders."""

from community.shop.queries.catalogue import Wish, categories, count_of, product_by_slug, products_before, products_on
from community.shop.queries.orders import (
    bought_line,
    count_of_orders,
    customers_to_know,
    order_of,
    orders_of,
    orders_of_customers,
    told_about,
)

__all__ = [
    "Wish",
    "bought_line",
    "categories",
    "count_of",
    "count_of_orders",
    "customers_to_know",
    "order_of",
    "orders_of",
    "orders_of_customers",
    "product_by_slug",
    "products_before",
    "products_on",
    "told_about",
]
