"""What goes with a product: told by a file, said by the staff, suggested by what people bought together."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db
from community.shop.models import Product, ProductRelation, RelationKind
from tests import makers
from tests.shop import makers as shop
from tests.shop.conftest import Run, sums

HEADS = "ID,Type,SKU,Name,Published,Regular price,Cross-sells,Upsells,Deep-sells,Consumable\n"
ROWS = (
    '1,simple,CUP,Cup,1,8,"LID, id:3",GLASS,,\n'
    "2,simple,LID,Lid,1,2,,,,\n"
    "3,simple,WIPES,Wipes,1,3,,,BOX,yes\n"
    "4,simple,GLASS,Glass,1,9,NOBODY,,,\n"
    "5,simple,BOX,Box of wipes,1,20,,,,yes\n"
)


@pytest.fixture
def editor(app: Any) -> Any:
    return makers.member("Eva", role="editor", role_site="nl")


def stored() -> set[tuple[str, str, str]]:
    titles = {row.id: row.title for row in db.session.scalars(select(Product))}
    rows = db.session.scalars(select(ProductRelation))
    return {(titles[row.product_id], titles[row.other_id], row.kind) for row in rows}


def file_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(text)
    return path


def test_a_file_says_what_goes_with_what_and_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = file_of(tmp_path, HEADS + ROWS)
    said = run("products", path)
    told = {
        ("Cup", "Lid", "cross"),
        ("Cup", "Wipes", "cross"),
        ("Cup", "Glass", "up"),
        ("Wipes", "Box of wipes", "deep"),
    }
    assert stored() == told
    assert sums(said) == said["found"]
    assert (said["created"]["relations"], said["skipped"]["relations"]) == (4, 1)
    assert any("NOBODY" in problem["why"] for problem in said["problems"])
    consumable = select(Product.title).where(Product.is_consumable).order_by(Product.title)
    assert list(db.session.scalars(consumable)) == ["Box of wipes", "Wipes"]
    assert run("products", path)["unchanged"]["relations"] == 4
    assert stored() == told


def test_a_dry_run_relates_nothing(run: Run, tmp_path: Path) -> None:
    run("products", file_of(tmp_path, HEADS + ROWS), "--dry-run")
    assert stored() == set()


def test_the_next_file_takes_back_what_the_last_one_said_and_leaves_what_the_staff_said(
    run: Run, tmp_path: Path, editor: Any, browser_of: Any
) -> None:
    run("products", file_of(tmp_path, HEADS + ROWS))
    cup, box = (
        db.session.scalars(select(Product).where(Product.title == name)).one() for name in ("Cup", "Box of wipes")
    )
    browser = browser_of(editor)
    page, path = f"/studio/products/{cup.id}", f"/studio/products/{cup.id}/relations"
    assert browser.send(path, {"path": box.path, "kind": "deep"}, page).status_code == 303
    run("products", file_of(tmp_path, HEADS + ROWS.replace('"LID, id:3"', "LID")))
    own = {(other, kind) for product, other, kind in stored() if product == "Cup"}
    assert own == {("Lid", "cross"), ("Glass", "up"), ("Box of wipes", "deep")}


def test_what_people_buy_together_is_suggested_with_how_many_they_are_and_somebody_takes_it(
    editor: Any, browser_of: Any
) -> None:
    pram, cover = shop.product("Pram"), shop.product("Rain cover")
    for name in ("Anna", "Mia"):
        shop.order(makers.member(name), pram, cover)
    shop.order(makers.member("Bob"), pram, shop.product("What one alone bought"))
    browser = browser_of(editor)
    desk = browser.see(f"/studio/products/{pram.id}")
    assert "Rain cover" in desk.text()
    assert "2 mensen kochten ze samen" in desk.text()
    assert "What one alone bought" not in desk.text()
    path, token = f"/studio/products/{pram.id}/relations", browser.token()
    sent = {"csrf_token": token, "path": cover.path, "kind": "cross"}
    assert browser.post(path, data=sent).status_code == 303
    row = db.session.get_one(ProductRelation, (pram.id, cover.id))
    assert (row.kind, row.together_count, row.is_from_file) == (RelationKind.CROSS, 2, False)
    browser.send(f"{path}/{cover.id}/part", page=f"/studio/products/{pram.id}")
    assert stored() == set()


def test_an_address_that_leads_to_no_other_product_is_refused(editor: Any, browser_of: Any) -> None:
    pram, page = shop.product("Pram"), "/studio/products/"
    for wrong in (pram.path, "/nl/products/none", shop.product(site="en").path):
        answer = browser_of(editor).send(
            f"{page}{pram.id}/relations", {"path": wrong, "kind": "cross"}, f"{page}{pram.id}"
        )
        assert answer.status_code == 422


def test_the_staff_says_what_is_used_up(editor: Any, browser_of: Any) -> None:
    made = shop.product("Wipes")
    path = f"/studio/products/{made.id}"
    browser_of(editor).send(f"{path}/consumable", {"is_consumable": "y"}, path)
    assert db.session.get_one(Product, made.id).is_consumable
    assert made.title in browser_of(editor).see("/studio/products/?q=wip").text()


def test_only_who_fills_the_slots_of_a_site_relates_its_products(anna: Any, editor: Any, browser_of: Any) -> None:
    ours, theirs = shop.product(), shop.product(site="en")
    assert browser_of(anna).get(f"/studio/products/{ours.id}").status_code == 403
    browser = browser_of(editor)
    assert browser.get(f"/studio/products/{theirs.id}").status_code == 403
    sent = {"csrf_token": browser.token(), "path": theirs.path, "kind": "cross"}
    assert browser.post(f"/studio/products/{theirs.id}/relations", data=sent).status_code == 403
