"""A product of which no more is known than its name, as where a file of reviews names it."""

from community.core import clock
from community.core.db import db
from community.core.text import slug_of
from community.items import actions as items
from community.items.models import State
from community.shop.models import Product
from community.sites.models import Site

LONGEST_SLUG = 100


def bare_product(site: Site, title: str, taken: set[str]) -> Product:
    """A live product with a name and an address; `taken` holds the site's slugs, and its own from now on."""
    slug = wanted = slug_of(title)[:LONGEST_SLUG].strip("-") or "product"
    number = 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    taken.add(slug)
    path, now = f"{site.path}products/{slug}", clock.now()
    product = Product(site=site, title=title[:200], slug=slug, path=path, created_at=now, changed_at=now)
    product.currency, product.tags, product.state = site.currency, [], State.DRAFT
    db.session.add(product)
    db.session.flush()
    items.set_item_state(product, State.LIVE)
    return product
