"""Catalogues that others made: every fact of their `facts.json` that an import can show, twice."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from community.core.db import db
from community.shop.models import Product, Variant
from tests.conftest import SHARED
from tests.shop.conftest import Run, only

CATALOGUES = SHARED / "data" / "catalogue"
FACTS: dict[str, dict[str, Any]] = json.loads((CATALOGUES / "facts.json").read_text()) if CATALOGUES.exists() else {}
pytestmark = pytest.mark.skipif(not FACTS, reason="the catalogues of other people's shops are not beside this project")


def prices() -> int:
    return db.session.scalar(select(func.sum(Variant.price_cents))) or 0


@pytest.mark.parametrize("name", [name for name in FACTS if name.startswith("shopify")])
def test_shopifys_lines_are_products_variants_and_pictures(run: Run, name: str) -> None:
    facts, said = FACTS[name], run("products", CATALOGUES / name)
    assert said["found"] == {"products": facts["products"], "variants": facts["variants"]}
    assert only(said, "created")
    assert said["status"] == 0
    assert prices() == round(facts["price_sum"] * 100)
    named = " ".join(problem["why"] for problem in said["problems"])
    assert named.count("https://burst.shopifycdn.com") == facts["image_rows"]
    assert only(run("products", CATALOGUES / name), "unchanged")


@pytest.mark.parametrize("name", [name for name in FACTS if name.startswith("google")])
def test_the_items_of_a_feed_are_variants_and_its_groups_products(run: Run, name: str) -> None:
    facts, said = FACTS[name], run("products", CATALOGUES / name)
    assert said["found"]["variants"] == facts["items"]
    assert said["found"]["products"] == (facts["item_groups"] or facts["items"])
    assert only(said, "created")
    assert prices() == round(facts["price_sum"] * 100)
    assert {product.currency for product in db.session.scalars(select(Product))} == set(facts["currencies"])
    assert only(run("products", CATALOGUES / name), "unchanged")


def test_woocommerces_variations_stand_under_parents_that_the_file_does_not_hold(run: Run) -> None:
    name = "woocommerce-dummy-variations.csv"
    facts, said = FACTS[name], run("products", CATALOGUES / name)
    assert said["found"] == {"products": 2, "variants": facts["rows"]}
    assert only(said, "created")
    assert prices() == round(facts["regular_price_sum"] * 100) - 500, "one of them is on sale for 30 instead of 35"
    assert [product.slug for product in db.session.scalars(select(Product).order_by(Product.id))] == [
        "ship-your-idea",
        "ship-your-idea-2",
    ]
    assert only(run("products", CATALOGUES / name), "unchanged")
