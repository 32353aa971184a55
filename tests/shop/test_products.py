"""`flask import products` on files of our own: what becomes of each line, once and again."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.core import outside
from community.core.db import db, unit_of_work
from community.items.models import State
from community.shop.models import Product
from tests.shop.conftest import FILES, Run, only, sums

SHOPIFY = FILES / "shopify.csv"


def product(title: str) -> Product:
    parts = selectinload(Product.variants), selectinload(Product.pictures), selectinload(Product.tags)
    query = select(Product).where(Product.title == title).options(*parts, joinedload(Product.picture))
    return db.session.scalars(query).one()


def copy_with(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The same catalogue, exported again after something was changed in the shop."""
    text = SHOPIFY.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "again.csv"
    path.write_text(text)
    return path


def test_a_product_of_shopify_stands_here_with_its_variants_and_its_cleaned_words(run: Run) -> None:
    said = run("products", SHOPIFY)
    assert said["found"] == {"products": 5, "variants": 5} == sums(said)
    assert said["created"] == {"products": 3, "variants": 4}
    carrier = product("Soft carrier")
    assert (carrier.path, carrier.state) == ("/nl/products/soft-carrier", State.LIVE)
    assert "alert" not in carrier.body_html
    assert carrier.body == "Holds a baby close."
    assert [(each.sku, each.title, each.price_cents) for each in carrier.variants] == [
        ("SC-1", "Sand", 8995),
        ("SC-2", "Moss", 9495),
    ]
    assert (carrier.price_cents, carrier.currency, carrier.brand, carrier.category) == (8995, "EUR", "Wolk", "Carriers")
    assert (carrier.stage_from, carrier.stage_to) == (0, 91)
    assert {tag.name for tag in carrier.tags} == {"carrying", "walks"}
    assert product("Bath seat").body_html.count("<p>") == 2
    assert product("Old pram").state == State.DRAFT


def test_what_cannot_be_taken_is_named_with_its_line_and_a_bad_price_loses_no_product(run: Run) -> None:
    said = run("products", SHOPIFY)
    assert said["status"] == 3
    told = {problem["where"]: problem["why"] for problem in said["problems"]}
    assert told["line 7"] == "Its price cannot be read: twenty"
    assert told["line 8"] == "It has no handle."
    assert told["line 9"] == "Its product was not taken."
    assert product("Old pram").variants[0].price_cents is None


def test_a_second_run_changes_only_what_the_shop_changed(run: Run, tmp_path: Path) -> None:
    run("products", SHOPIFY)
    assert run("products", SHOPIFY)["unchanged"] == {"products": 3, "variants": 4}
    said = run("products", copy_with(tmp_path, ("94.95", "79.95"), ("Moss", "Fern"), ("Bath seat", "Seat for a bath")))
    assert said["updated"] == {"products": 2, "variants": 1}
    assert product("Soft carrier").price_cents == 7995
    assert product("Seat for a bath").path == "/nl/products/bath-seat", "an address lasts"


def test_a_variant_that_the_shop_has_no_more_goes(run: Run, tmp_path: Path) -> None:
    run("products", SHOPIFY)
    line = "soft-carrier,,,,,,,,Moss,SC-2,94.95,https://shop.example/moss.jpg,,\n"
    run("products", copy_with(tmp_path, (line, "")))
    assert [each.sku for each in product("Soft carrier").variants] == ["SC-1"]


def test_a_product_that_a_moderator_hid_stays_hidden(run: Run, tmp_path: Path) -> None:
    run("products", SHOPIFY)
    with unit_of_work():
        product("Soft carrier").state = State.HIDDEN
    run("products", copy_with(tmp_path, ("94.95", "79.95")))
    assert product("Soft carrier").state == State.HIDDEN


def test_a_product_that_was_removed_here_is_not_brought_back(run: Run, tmp_path: Path) -> None:
    run("products", SHOPIFY)
    with unit_of_work():
        db.session.delete(product("Bath seat"))
    said = run("products", copy_with(tmp_path, ("Bath seat", "Another seat")))
    assert said["skipped"]["products"] == 3
    assert "It was removed here, and is not brought back." in {problem["why"] for problem in said["problems"]}


def test_a_dry_run_counts_and_changes_nothing(run: Run) -> None:
    said = run("products", SHOPIFY, "--dry-run")
    assert said["created"] == {"products": 3, "variants": 4}
    assert db.session.scalars(select(Product)).all() == []


def test_pictures_are_loaded_where_that_is_asked_for_and_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def fetch(url: str, **_limits: Any) -> bytes:
        fetched.append(url)
        content = io.BytesIO()
        Image.new("RGB", (40, 30), "green").save(content, "PNG")
        return content.getvalue()

    run("products", SHOPIFY)
    monkeypatch.setattr(outside, "fetch", fetch)
    said = run("products", SHOPIFY, "--media", "fetch")
    assert said["updated"]["products"] == 1
    carrier = product("Soft carrier")
    assert carrier.picture is not None
    assert (carrier.picture.alt, carrier.picture.label) == ("A soft carrier", "soft.jpg")
    assert [picture.label for picture in carrier.pictures] == ["moss.jpg"]
    assert run("products", SHOPIFY, "--media", "fetch")["unchanged"]["products"] == 3
    assert len(fetched) == 2


def test_woocommerces_variations_find_their_product_by_number_and_by_sku(run: Run) -> None:
    said = run("products", FILES / "woocommerce.csv")
    assert said["found"] == {"products": 2, "variants": 3}
    assert only(said, "created")
    mobile, cup = product("Felt mobile"), product("Steel cup")
    assert [(each.sku, each.title, each.price_cents) for each in mobile.variants] == [
        ("MOBILE-G", "Grey", 2500),
        ("MOBILE-B", "Blue", 3000),
    ]
    assert (mobile.category, mobile.is_available, cup.is_available) == ("Above the cot", True, False)
    assert cup.body == "For water and milk."


def test_a_feed_gives_products_also_without_a_price_and_no_address_that_runs(run: Run) -> None:
    said = run("products", FILES / "feed.xml")
    assert said["found"] == {"products": 2, "variants": 3}
    assert (said["skipped"]["variants"], said["problems"][0]["why"]) == (1, "It has no id.")
    sun, rain = product("Sun hat"), product("Rain hat")
    assert (sun.price_cents, sun.is_available, sun.category) == (None, False, "Hats")
    assert (rain.price_cents, rain.shop_url) == (1450, "")
    assert sun.body == "Keeps the sun off ears."


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02", b"<html><p>Hello</p></html>"])
def test_what_is_no_catalogue_is_said_to_be_none(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert run("products", path)["status"] == 2
