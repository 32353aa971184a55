"""A shop in each town: products of every age, and what members bought of them."""

from itertools import cycle, pairwise
from random import Random
from typing import Any

from community.core.text import plain, to_safe_html
from community.demo import texts
from community.demo.texts import Entry
from community.items.models import Item, State
from community.shop.models import (
    Customer,
    Order,
    OrderLine,
    OrderState,
    Product,
    ProductRelation,
    RelationKind,
    Variant,
)
from community.simulation import queries
from community.simulation.actions.store import Store
from community.simulation.world import DAY, SPAN, Person, Town, Ware, at, moment
from community.touchpoints.models import Verb

MEMBERS_A_PRODUCT, FEWEST, KEPT = 50, 10, 9 * DAY
BUYS, MOST_ORDERS, SENT_BACK = 0.55, 8, 0.05
SOURCE = "simulation"


def open_shop(store: Store, chance: Random, town: Town, until: int) -> None:
    """Products for so many members, and what each of them bought."""
    _stock(store, chance, town, until)
    for person in town.people:
        if chance.random() < BUYS:
            _sell(store, chance, town, person, until)
    store.settle()


def _stock(store: Store, chance: Random, town: Town, until: int) -> None:
    """The demonstration's products, again and again under other numbers; each goes with the next."""
    pictures = [None, *queries.pictures()]
    kinds = [entry for entry in texts.products() if entry["language"] == town.site.language]
    for number in range(max(FEWEST, len(town.people) // MEMBERS_A_PRODUCT)):
        entry, begun = kinds[number % len(kinds)], moment(chance, until - SPAN, until - DAY)
        title = f"{entry['title']} {number // len(kinds) + 1}"
        ware = Ware(store.number(Item), title, entry["cents"] + 100 * chance.randint(-5, 20), begun)
        html = to_safe_html(entry["body"])
        told = {"brand": entry["brand"], "category": entry["category"], "body": plain(html), "body_html": html}
        store.add(Item, **_item(ware, town, entry), picture_id=chance.choice(pictures))
        store.add(Product, id=ware.id, price_cents=ware.cents, currency=town.site.currency, **told)
        store.add(Variant, product_id=ware.id, sku=ware.sku, price_cents=ware.cents)
        town.wares.append(ware)
    for kind, (ware, other) in zip(cycle(RelationKind), pairwise(town.wares), strict=False):
        store.add(ProductRelation, product_id=ware.id, other_id=other.id, kind=kind)
    store.settle()


def _sell(store: Store, chance: Random, town: Town, person: Person, until: int) -> None:
    """Few orders of most people, many of a few."""
    customer = store.number(Customer)
    store.add(Customer, id=customer, site=town.site, source=SOURCE, external_id=str(customer), member_id=person.id)
    for _time in range(1 + min(MOST_ORDERS, int(chance.expovariate(0.8)))):
        when = moment(chance, person.joined, until)
        is_sent_back = when + KEPT < until and chance.random() < SENT_BACK
        order, cents = _order(store, chance, town, customer, when, is_sent_back)
        store.tell(when, town.site, person, Verb.ORDER_PLACED, f"order:{order}", cents=cents)
        if is_sent_back:
            store.tell(when + KEPT, town.site, person, Verb.ORDER_RETURNED, f"order:{order}", cents=cents)
    store.settle(20_000)


def _order(store: Store, chance: Random, town: Town, customer: int, when: int, is_sent_back: bool) -> tuple[int, int]:
    """One order (its number, its cents); what is popular is bought more."""
    picks = (int(len(town.wares) * chance.random() ** 2) for _ in range(chance.choice((1, 1, 2, 3))))
    wares = [town.wares[pick] for pick in dict.fromkeys(picks)]
    order, cents = store.number(Order), sum(ware.cents for ware in wares)
    state = OrderState.RETURNED if is_sent_back else OrderState.COMPLETED
    told = {"site": town.site, "source": SOURCE, "number": str(order), "currency": town.site.currency}
    store.add(Order, id=order, customer_id=customer, state=state, ordered_at=at(when), total_cents=cents, **told)
    for number, ware in enumerate(wares, 1):
        told = {"sku": ware.sku, "title": ware.title, "product_id": ware.id, "price_cents": ware.cents}
        store.add(OrderLine, order_id=order, number=number, **told)
    return order, cents


def _item(ware: Ware, town: Town, entry: Entry) -> dict[str, Any]:
    slug, begun = f"{entry['key']}-{ware.id}", at(ware.begun)
    return {
        "id": ware.id,
        "kind": "product",
        "site": town.site,
        "title": ware.title,
        "slug": slug,
        "path": f"{town.site.path}products/{slug}",
        "state": State.LIVE,
        "stage_from": entry["stage"][0],
        "stage_to": entry["stage"][1],
        "created_at": begun,
        "published_at": begun,
        "changed_at": begun,
        "active_at": begun,
    }
