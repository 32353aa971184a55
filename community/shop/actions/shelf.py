"""Stores what an import made of one product: the product, its variants, its pictures."""

from dataclasses import dataclass

from sqlalchemy import delete

from community.core import clock
from community.core.db import db
from community.core.imports import Memory, digest_of
from community.core.refused import Refused
from community.core.text import excerpt, imported_html, plain, slug_of
from community.items import actions as items
from community.items.models import State
from community.media.models import Picture
from community.shop.files.catalogue import ToldProduct, ToldVariant
from community.shop.models import Product, ProductPicture, Variant
from community.shop.queries import importing as queries
from community.sites.models import Site

REMOVED_HERE = "It was removed here, and is not brought back."
BY_SHOP = (State.LIVE, State.DRAFT)  # what the shop decides; what a moderator hid stays hidden


@dataclass
class Judged:
    """A product of the file, and what is to become of it and of each of its variants."""

    told: ToldProduct
    outcome: str
    variants: list[str]
    body_html: str = ""
    product: Product | None = None  # as it stands here


class Shelf:
    """Where the products of one shop are stored at one site."""

    def __init__(self, site: Site, memory: Memory) -> None:
        self.site, self.memory = site, memory
        self.pictures: dict[str, Picture] = {}  # by address
        self.slugs = queries.taken_slugs(site)

    def judge(self, told: ToldProduct) -> Judged:
        """What is to be done; `Refused` where the product was removed here."""
        known = self.memory.of("products", told.key)
        if known is None:
            return Judged(told, "created", ["created" for _ in told.variants], imported_html(told.markup))
        if known.digest == self._digest(told):
            return Judged(told, "unchanged", ["unchanged" for _ in told.variants])
        product = queries.imported_product(known.thing_id)
        if product is None:
            raise Refused(REMOVED_HERE)
        there = {variant.sku: variant for variant in product.variants}
        variants = [_outcome(each, there.get(each.sku)) for each in told.variants]
        return Judged(told, "updated", variants, imported_html(told.markup), product)

    def store(self, judged: Judged) -> None:
        """Make it so."""
        product = judged.product or self._new(judged.told)
        self._fill(product, judged)
        _sync(product, judged.told)
        db.session.flush()
        self._hang(product, judged.told)
        if product.state in BY_SHOP:
            items.set_item_state(product, State.LIVE if judged.told.is_public else State.DRAFT)
        self.memory.keep("products", judged.told.key, self._digest(judged.told), product.id)

    def _digest(self, told: ToldProduct) -> str:
        return digest_of([told.digest, [address for address in told.pictures if address in self.pictures]])

    def _new(self, told: ToldProduct) -> Product:
        slug = self._free(slug_of(told.slug or told.title))
        path, now = f"{self.site.path}products/{slug}", clock.now()
        product = Product(site=self.site, slug=slug, path=path, state=State.DRAFT, created_at=now, changed_at=now)
        product.variants, product.tags, product.theme = [], [], None
        db.session.add(product)
        return product

    def _free(self, wanted: str) -> str:
        slug, number = wanted, 2
        while slug in self.slugs:
            slug, number = f"{wanted}-{number}", number + 1
        self.slugs.add(slug)
        return slug

    def _fill(self, product: Product, judged: Judged) -> None:
        told = judged.told
        product.title, product.body, product.body_html = told.title[:200], plain(judged.body_html), judged.body_html
        product.summary = excerpt(judged.body_html)[:400]
        product.brand, product.category, product.gtin = told.brand[:120], told.category[:120], told.gtin[:20]
        product.shop_url = told.shop_url[:500] if told.shop_url.startswith(("https://", "http://")) else ""
        product.price_cents, product.currency = told.price_cents, told.currency or self.site.currency
        product.is_available = told.is_available
        if told.is_consumable is not None:
            product.is_consumable = told.is_consumable
        product.stage_from, product.stage_to = told.stage or (None, None)
        items.set_tags(product, told.tags)

    def _hang(self, product: Product, told: ToldProduct) -> None:
        """The first picture is the item's own, the others stand beside it in their order."""
        held = list(dict.fromkeys(self.pictures[each].id for each in told.pictures if each in self.pictures))
        product.picture_id = held[0] if held else None
        db.session.execute(delete(ProductPicture).where(ProductPicture.product_id == product.id))
        for position, picture_id in enumerate(held[1:]):
            db.session.add(ProductPicture(product_id=product.id, picture_id=picture_id, position=position))


def _sync(product: Product, told: ToldProduct) -> None:
    """The variants of the file in its order; those that it does not name any more go."""
    there = {variant.sku: variant for variant in product.variants}
    kept = [there.get(each.sku) or Variant(sku=each.sku) for each in told.variants]
    for position, (variant, each) in enumerate(zip(kept, told.variants, strict=True)):
        variant.title, variant.price_cents, variant.position = each.title, each.price_cents, position
    product.variants = kept


def _outcome(told: ToldVariant, variant: Variant | None) -> str:
    if variant is None:
        return "created"
    is_same = (variant.title, variant.price_cents) == (told.title, told.price_cents)
    return "unchanged" if is_same else "updated"
