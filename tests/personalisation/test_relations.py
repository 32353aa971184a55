"""Products that go with what is looked at, or with what was bought: never what somebody has at home already."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from community.core import clock
from community.core.db import db, unit_of_work
from community.members import actions as members
from community.members.models import Member, Purpose, Visitor
from community.personalisation.queries import slots
from community.personalisation.slots import RELATIONS, Place, Rules, Slot
from community.profiles.queries import Family
from community.shop.models import Customer, Order, OrderLine, OrderState, Product, ProductRelation
from community.sites.models import SITES
from tests import makers
from tests.shop import makers as shop

NL = SITES["nl"]
FIRST = Rules(6, relations=RELATIONS, goes_by_chance=False)


@pytest.fixture
def mia(app: Any) -> Member:
    return makers.member("Mia", consents=("offers",))


def relate(product: Product, other: Product, kind: str = "cross") -> None:
    with unit_of_work():
        db.session.add(ProductRelation(product_id=product.id, other_id=other.id, kind=kind))


def offered(who: Any, slot: Slot = Slot.HOME, beside: Product | None = None, rules: Rules = FIRST) -> dict[str, str]:
    """Title -> the first reason."""
    offer = slots.offer_for(who, Place(slot, NL, beside), Family(), clock.today(NL.zone), rules=rules)
    return {one.item.title: one.reasons[0] for one in offer.recommended}


def test_what_goes_with_a_product_stands_beside_it_and_says_how(app: Any) -> None:
    pram, cover, larger, better = (shop.product(name) for name in ("Pram", "Rain cover", "Double pram", "Best pram"))
    for other, kind in ((cover, "cross"), (larger, "deep"), (better, "up")):
        relate(pram, other, kind)
    found = offered(Visitor(), Slot.PRODUCT, pram)
    assert found["Rain cover"] == "It goes with this."
    assert found["Double pram"] == "It is more of this, or larger."
    assert found["Best pram"] == "It is the better one."
    only_up = Rules(6, relations=("up",), goes_by_chance=False)
    assert set(offered(Visitor(), Slot.PRODUCT, pram, only_up)) == {"Best pram"}


def test_what_goes_with_what_a_member_bought_comes_to_them_alone_who_want_offers(mia: Member, bob: Member) -> None:
    pram, cover = shop.product("Pram"), shop.product("Rain cover")
    relate(pram, cover)
    shop.order(mia, pram)
    shop.order(bob, pram)
    assert offered(mia) == {"Rain cover": "It goes with your “Pram”."}
    assert offered(bob) == offered(Visitor()) == {}
    with unit_of_work():
        members.set_consent(db.session.get_one(Member, mia.id), Purpose.OFFERS, False, "test")
    assert offered(db.session.get_one(Member, mia.id)) == {}


def test_what_somebody_has_is_not_offered_unless_it_is_used_up_or_went_back(mia: Member) -> None:
    pram, cover, wipes, returned = (shop.product(name) for name in ("Pram", "Cover", "Wipes", "Returned"))
    for other in (cover, wipes, returned):
        relate(pram, other)
    with unit_of_work():
        db.session.get_one(Product, wipes.id).is_consumable = True
    shop.order(mia, pram, cover, wipes)
    shop.order(mia, returned, state=OrderState.RETURNED)
    assert set(offered(mia)) == {"Wipes", "Returned"}


def test_who_told_us_that_something_changed_is_offered_nothing_by_their_orders(mia: Member) -> None:
    pram, cover = shop.product("Pram"), shop.product("Cover")
    relate(pram, cover)
    shop.order(mia, pram)
    with unit_of_work():
        db.session.get_one(Member, mia.id).guarded_since = clock.now()
    assert offered(db.session.get_one(Member, mia.id)) == {}


def test_the_page_of_a_product_shows_what_goes_with_it(app: Any, visitor: Any) -> None:
    pram, cover = shop.product("Pram"), shop.product("Rain cover")
    relate(pram, cover)
    assert "Het past hierbij." in visitor.see(pram.path).text()


bought = some.lists(
    some.tuples(some.integers(0, 5), some.integers(-1, 2), some.booleans(), some.booleans()), max_size=8
)
tied = some.sets(some.tuples(some.integers(0, 5), some.integers(0, 5)), max_size=12)


@given(
    bought=bought,
    tied=tied,
    consumable=some.sets(some.integers(0, 5)),
    place=some.sampled_from(["home", "product", "pins"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_list_ever_holds_what_somebody_has_and_does_not_use_up(
    mia: Member, shelf: list[int], bought: Any, tied: Any, consumable: set[int], place: str
) -> None:
    with unit_of_work():
        _set_up(mia, shelf, bought, tied, consumable)
    kept: dict[int, int] = {}
    for number, quantity, is_returned, is_cancelled in bought:
        if not is_returned and not is_cancelled:
            kept[number] = kept.get(number, 0) + quantity
    owned = {shelf[number] for number, count in kept.items() if count > 0 and number not in consumable}
    beside = db.session.get_one(Product, shelf[0]) if place == "product" else None
    rules = Rules(6, pins=tuple(shelf)) if place == "pins" else FIRST
    slot = Slot.PRODUCT if beside else Slot.HOME
    offer = slots.offer_for(mia, Place(slot, NL, beside), Family(), clock.today(NL.zone), rules=rules)
    assert not owned & {one.item.id for one in offer.recommended}


@pytest.fixture
def shelf(app: Any) -> list[int]:
    return [shop.product().id for _number in range(6)]


def _set_up(mia: Member, shelf: list[int], bought: Any, tied: Any, consumable: set[int]) -> None:
    for table in (OrderLine, Order, Customer, ProductRelation):
        db.session.execute(table.__table__.delete())
    for number, product_id in enumerate(shelf):
        db.session.get_one(Product, product_id).is_consumable = number in consumable
    for first, second in tied:
        if first != second:
            db.session.add(ProductRelation(product_id=shelf[first], other_id=shelf[second], kind="cross"))
    for at, (number, quantity, is_returned, is_cancelled) in enumerate(bought):
        customer = Customer(site=NL, source="tests", external_id=str(at), member_id=mia.id)
        line = OrderLine(number=1, product_id=shelf[number], quantity=quantity, price_cents=100)
        line.returned_at = clock.now() if is_returned else None
        state = OrderState.CANCELLED if is_cancelled else OrderState.COMPLETED
        order = Order(site=NL, source="tests", number=str(at), customer=customer, lines=[line], state=state)
        order.ordered_at, order.total_cents = clock.now(), 100
        db.session.add(order)
