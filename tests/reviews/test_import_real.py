"""The shared files of reviews against their facts, twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.reviews.models import Review
from community.shop.models import Product
from tests.conftest import SHARED

FOLDER = SHARED / "data" / "reviews"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data is not here")


def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "facts.json").read_text())
    return found


def run(app: Flask, path: Path, *options: str) -> dict[str, Any]:
    db.session.remove()
    answer = app.test_cli_runner().invoke(args=["import", "reviews", str(path), "--site", "en", "--json", *options])
    assert not answer.exception or isinstance(answer.exception, SystemExit), answer.exc_info
    said: dict[str, Any] = json.loads(answer.stdout)
    return said | {"status": answer.exit_code}


@pytest.mark.parametrize(
    "name", ["webtoffee-product-review-sample.csv", "clothing-reviews.csv", "amazon-baby-subset.csv"]
)
def test_a_file_gives_its_facts_and_the_second_time_nothing(app: Flask, name: str) -> None:
    fact = facts()[name]
    dry = run(app, FOLDER / name, "--dry-run")
    assert db.session.scalar(select(func.count()).select_from(Review)) == 0
    said = run(app, FOLDER / name)
    assert said["found"] == dry["found"] == {"reviews": fact["rows"]}
    assert said["created"] == dry["created"] == {"reviews": fact["rated"]}
    assert said["skipped"] == {"reviews": fact["unrated"]}
    assert said["status"] == (3 if fact["unrated"] else 0)
    reasons = [problem["why"] for problem in said["problems"] if problem["what"] != "products"]
    assert reasons == ["It has no stars from 1 to 5."] * fact["unrated"]
    rows = db.session.execute(select(Review.stars, func.count()).group_by(Review.stars))
    assert {str(stars): count for stars, count in rows} == fact["histogram"]
    assert db.session.scalar(select(func.avg(Review.stars))) == pytest.approx(fact["mean_rating"], abs=1e-6)
    counts = db.session.execute(select(func.sum(Product.review_count), func.sum(Product.star_sum))).one()
    total = sum(int(stars) * count for stars, count in fact["histogram"].items())
    assert tuple(counts) == (fact["rated"], total)
    assert not db.session.scalars(select(Review.id).where(Review.body.contains("\\'"))).all()
    assert not db.session.scalars(select(Review.id).where(Review.order_line_id.is_not(None))).all()
    again = run(app, FOLDER / name)
    assert again["unchanged"] == {"reviews": fact["rated"]}
    assert again["created"] == again["updated"] == {"reviews": 0}
    assert db.session.scalar(select(func.count()).select_from(Review)) == fact["rated"]
