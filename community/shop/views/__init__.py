"""The pages of products and orders."""

from community.shop.views import catalogue, studio

BLUEPRINTS = (catalogue.catalogue, catalogue.orders, studio.bp)
