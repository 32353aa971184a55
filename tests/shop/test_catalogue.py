"""The list of products: what stands in it for whom, by age and kind and stars."""

from collections.abc import Callable
from typing import Any

import pytest

from community.core.db import db, unit_of_work
from community.items.models import State
from community.shop.models import Product
from tests import makers as people
from tests.shop import makers

LIST = "/nl/products/"


def titles(browser: Any, path: str = LIST) -> list[str]:
    return [title.text(strip=True) for title in browser.see(path).css(".product__title")]


def test_a_card_tells_price_age_and_what_parents_gave(visitor: Any) -> None:
    makers.product("Draagdoek", stage=(0, 182), stars=(9, 2), cents=4995)
    card = visitor.see(LIST).css_first(".product")
    words = " ".join(card.text().split())
    assert card.css_first("a").attributes["href"].startswith("/nl/products/product-")
    assert "4,5" in words
    assert "€ 49,95" in words.replace("\xa0", " ")


def test_only_live_products_of_the_site_are_listed(visitor: Any) -> None:
    makers.product("Hier")
    makers.product("There", site="en")
    hidden = makers.product("Verborgen")
    with unit_of_work():
        db.session.get_one(Product, hidden.id).state = State.HIDDEN
    assert titles(visitor) == ["Hier"]


def test_the_list_can_be_had_for_an_age_a_kind_and_the_best_first(visitor: Any) -> None:
    makers.product("Slaapzak", stage=(0, 182), category="Slapen", stars=(40, 10))
    makers.product("Bedje", stage=(0, 730), category="Slapen", stars=(5, 1))
    makers.product("Beker", stage=(183, 730), category="Eten")
    assert titles(visitor) == ["Beker", "Bedje", "Slaapzak"]
    assert titles(visitor, f"{LIST}?stage=0-6") == ["Bedje", "Slaapzak"]
    assert titles(visitor, f"{LIST}?category=Eten") == ["Beker"]
    assert titles(visitor, f"{LIST}?sort=stars")[0] == "Slaapzak", "ten parents weigh more than one"
    chosen = [link.text(strip=True) for link in visitor.see(f"{LIST}?category=Eten").css("[aria-current=true]")]
    assert "Eten" in chosen


@pytest.mark.parametrize("query", ["?stage=99", "?sort=price", "?page=2", "?page=0"])
def test_what_there_is_not_is_not_found(visitor: Any, query: str) -> None:
    visitor.see(f"{LIST}{query}", status=404)


def test_an_age_without_products_leads_to_all_of_them(visitor: Any) -> None:
    assert visitor.see(f"{LIST}?stage=2-4").css_first(".empty a").attributes["href"] == LIST


def test_after_something_changed_no_baby_things_are_shown(as_anna: Any, anna: Any) -> None:
    people.pregnancy(anna)
    makers.product("Kraamkussen", stage=(-100, 30))
    makers.product("Waterfles")
    assert titles(as_anna) == ["Waterfles", "Kraamkussen"]
    as_anna.send("/account/changed")
    assert titles(as_anna) == ["Waterfles"]
    assert as_anna.see(LIST).css_first("[href*='stage=']") is None


def test_a_page_costs_the_same_for_five_products_and_for_fifty(
    visitor: Any, as_anna: Any, statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    for number in range(5):
        makers.product(category=f"Soort {number % 2}")
    few = len(statements(lambda: as_anna.see(LIST)))
    for number in range(45):
        makers.product(category=f"Soort {number % 2}")
    assert len(statements(lambda: as_anna.see(LIST))) == few
    assert len(titles(visitor)) == 20
    assert len(titles(visitor, f"{LIST}?page=3")) == 10


def test_beyond_the_last_number_the_list_goes_on_by_a_product(visitor: Any) -> None:
    made = [makers.product(stars=(number, 1)) for number in (5, 3, 4)]
    assert titles(visitor, f"{LIST}?before={made[2].id}") == [made[1].title, made[0].title]
    assert titles(visitor, f"{LIST}?sort=stars&before={made[0].id}") == [made[2].title, made[1].title]


def test_a_visitors_list_is_new_as_soon_as_a_product_is(visitor: Any) -> None:
    makers.product("Eerste")
    assert titles(visitor) == ["Eerste"]
    makers.product("Tweede")
    assert titles(visitor) == ["Tweede", "Eerste"]
