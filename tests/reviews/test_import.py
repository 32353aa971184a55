"""`flask import reviews` on files of our own: what becomes of each line, once and again."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from community.core.db import db, unit_of_work
from community.items import actions as items
from community.items.models import State
from community.reviews.models import Review
from community.shop.models import Product
from tests.reviews.conftest import make_product
from tests.reviews.test_import_real import run

FILES = Path(__file__).parent / "files"
BY_NAME, OF_A_SHOP = FILES / "by-name.csv", FILES / "of-a-shop.csv"


def changed(folder: Path, old: str, new: str) -> Path:
    """The same file, exported again after something was changed there."""
    text = BY_NAME.read_text()
    assert old in text
    path = folder / "again.csv"
    path.write_text(text.replace(old, new))
    return path


def reviews() -> list[Review]:
    return list(db.session.scalars(select(Review).order_by(Review.id)))


def figures(title: str) -> tuple[int, int]:
    return tuple(  # type: ignore[return-value]
        db.session.execute(select(Product.review_count, Product.star_sum).where(Product.title == title)).one()
    )


def test_words_lose_their_escapes_and_a_product_that_is_here_gets_its_review(app: Flask) -> None:
    here = make_product("Sleeping bag", site="en").id
    said = run(app, BY_NAME)
    assert (said["created"], said["skipped"], said["status"]) == ({"reviews": 2}, {"reviews": 1}, 3)
    first, second = reviews()
    assert (first.product_id, first.body) == (here, "It's warm & soft.\nZip from below.")
    assert (second.body, second.state) == ('Good "enough"', State.LIVE)
    assert figures("Sleeping bag") == (1, 5)
    assert figures("Night light") == (1, 4)
    assert app.test_client().get(first.path).status_code == 200


def test_what_was_changed_there_is_changed_here_and_counted_anew(app: Flask, tmp_path: Path) -> None:
    run(app, BY_NAME)
    said = run(app, changed(tmp_path, ",4\n", ",2\n"))
    assert (said["updated"], said["unchanged"]) == ({"reviews": 1}, {"reviews": 1})
    assert figures("Night light") == (1, 2)


def test_what_was_removed_here_does_not_come_back(app: Flask, tmp_path: Path) -> None:
    run(app, BY_NAME)
    with unit_of_work():
        items.set_item_state(db.session.get_one(Review, reviews()[0].id), State.DELETED)
    said: dict[str, Any] = run(app, changed(tmp_path, "warm", "hot"))
    assert "It was removed here, and is not brought back." in [problem["why"] for problem in said["problems"]]
    assert figures("Sleeping bag") == (0, 0)


def test_names_stay_addresses_go_and_nothing_becomes_verified(app: Flask) -> None:
    said = run(app, OF_A_SHOP)
    assert (said["created"], said["skipped"]) == ({"reviews": 1}, {"reviews": 1})
    (review,) = reviews()
    assert (review.author_name, review.author_id, review.order_line_id) == ("Mia", None, None)
    assert review.created_at.year == 2016
    page = app.test_client().get(review.path).text
    assert "Mia" in page
    assert "mia@example.org" not in page
    assert "Zelf gekocht" not in page


def test_another_file_is_not_read(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    path = str(tmp_path / "other.csv")
    answer = app.test_cli_runner().invoke(args=["import", "reviews", path, "--site", "en", "--json"])
    assert answer.exit_code == 2
