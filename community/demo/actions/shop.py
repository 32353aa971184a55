"""The shop of the demonstration: its products, and who bought what of them."""

from datetime import datetime, timedelta

from community.core import clock
from community.core.db import db
from community.core.refused import Refused
from community.core.text import excerpt, plain, to_safe_html
from community.demo import queries, texts
from community.demo.actions.scene import ago, at, person_of
from community.demo.texts import Entry
from community.items.actions import set_item_state
from community.items.models import State
from community.media.actions import take_drawing
from community.shop.actions.ledger import Books, Judged
from community.shop.files.orders import ToldCustomer, ToldLine, ToldOrder
from community.shop.models import Product, ProductRelation, Variant
from community.shop.queries.relations import relation_between
from community.sites.models import SITES

SOURCE = "demonstration"
DRAWING_SIZE = 640, 480
KEPT = timedelta(days=9)  # by whoever then sends it back


def put_product(entry: Entry) -> bool:
    """A product of one site, with its drawing."""
    site, key = SITES[entry["language"]], entry["key"]
    if queries.product_of_key(site, key):
        return False
    with at(ago(entry["days_ago"], site)):
        now = clock.now()
        product = Product(
            site=site, title=entry["title"], slug=key, translation_key=key, created_at=now, changed_at=now
        )
        product.path, product.state = f"{site.path}products/{key}", State.DRAFT
        product.body_html = to_safe_html(entry["body"])
        product.body, product.summary = plain(product.body_html), excerpt(product.body_html)
        product.brand, product.category, product.price_cents = entry["brand"], entry["category"], entry["cents"]
        product.is_consumable = entry.get("is_consumable", False)
        product.stage_from, product.stage_to = entry["stage"]
        product.picture_id = take_drawing(texts.drawing(f"{key}.svg"), entry["title"], *DRAWING_SIZE).id
        product.variants = _variants(entry)
        db.session.add(product)
        db.session.flush()
        set_item_state(product, State.LIVE)
    return True


def put_relation(entry: Entry) -> bool:
    """That one product goes with another."""
    site = SITES[entry["language"]]
    product, other = (queries.product_of_key(site, entry[name]) for name in ("of", "other"))
    if product is None or other is None:
        raise Refused(f"there is no product {entry['of']!r} or {entry['other']!r}")
    if relation_between(product.id, other.id):
        return False
    db.session.add(ProductRelation(product_id=product.id, other_id=other.id, kind=entry["kind"]))
    return True


def put_order(entry: Entry) -> bool:
    """What somebody bought on one day, taken in as an order of any shop is."""
    member = person_of(entry["who"])
    books = Books(member.site, SOURCE)
    if entry["key"] in books.numbers:
        return False
    told = _order(entry, ago(entry["days_ago"], member.site))
    buyer = ToldCustomer(0, entry["who"], member.email or "", member.name)
    outcome = books.judge_customer(buyer)
    if outcome == "created":
        books.store_customers([(buyer, outcome)])
        books.look()
    books.store([Judged(told, "created", ["created" for _ in told.lines])])
    return True


def _variants(entry: Entry) -> list[Variant]:
    """Each choice; without any, the product itself. The first is called like the product: orders name it so."""
    made = [Variant(sku=entry["key"], price_cents=entry["cents"])]
    made += [
        Variant(sku=f"{entry['key']}-{number}", price_cents=entry["cents"])
        for number in range(2, len(entry["choices"]) + 1)
    ]
    for position, (variant, choice) in enumerate(zip(made, entry["choices"] or [""], strict=True)):
        variant.title, variant.position = choice, position
    return made


def _order(entry: Entry, moment: datetime) -> ToldOrder:
    site = person_of(entry["who"]).site
    told = ToldOrder(0, entry["key"], entry["who"], moment)
    for key in entry["bought"]:
        product = queries.product_of_key(site, key)
        if product is None or product.price_cents is None:
            raise Refused(f"there is no product {key!r}")
        back_at = min(moment + KEPT, clock.now()) if key in entry["returned"] else None
        told.lines.append(ToldLine(0, key, product.title, 1, product.price_cents, product.price_cents, back_at))
    return told
