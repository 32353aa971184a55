"""A stranger reviews first and registers after: every field comes back, and nothing is posted before."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from community.core.db import db
from community.items.models import KeptText
from community.members.models import Member
from community.reviews.models import Review
from community.shop.models import Product
from tests import makers
from tests.conftest import Browser

NEW = "/nl/products/sleeping-bag/reviews/new"
WORDS = {"stars": "2", "title": "Too short", "body": "He outgrew it.", "good": "Soft", "less_good": "Short"}


def count(of: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def kept(visitor: Browser) -> tuple[str, str]:
    """The door that a stranger is led to, and where it leads back."""
    door = visitor.send(NEW, {**WORDS, "child_age": "4-6"})
    assert (door.status_code, urlsplit(door.location).path) == (303, "/register")
    return door.location, parse_qs(urlsplit(door.location).query)["next"][0]


def test_a_review_survives_signing_in_with_all_its_fields(visitor: Browser, bag: Product, bob: Member) -> None:
    door, back = kept(visitor)
    assert count(Review) == 0
    sign_in = visitor.see(door).css_first('main a[href^="/sign-in"]').attributes["href"]
    assert visitor.send(sign_in, {"email": bob.email, "password": makers.PASSWORD}).location == back
    page = visitor.see(back)
    assert page.css_first("input[name=stars][value='2']").attributes.get("checked", "no") != "no"
    assert page.css_first("option[value='4-6']").attributes.get("selected", "no") != "no"
    assert page.css_first("input[name=title]").attributes["value"] == "Too short"
    texts = {area.attributes["name"]: area.text().strip() for area in page.css("textarea")}
    assert texts == {name: WORDS[name] for name in ("good", "less_good", "body")}
    answer = visitor.send(NEW, {**WORDS, "child_age": "4-6"}, page=back)
    review = db.session.scalars(select(Review)).one()
    assert answer.location == review.path
    assert (review.author_id, review.stars, review.age_band) == (bob.id, 2, "4-6")
    assert count(KeptText) == 0


def test_kept_words_are_a_review_once(visitor: Browser, as_anna: Browser, as_bob: Browser, bag: Product) -> None:
    _door, back = kept(visitor)
    token = parse_qs(urlsplit(back).query)["kept"][0]
    assert as_bob.get(back).headers["Referrer-Policy"] == "same-origin"
    assert as_bob.send(NEW, {**WORDS, "kept": token}, page=back).status_code == 303
    second = as_anna.send(NEW, {**WORDS, "kept": token}, page=NEW)
    assert (second.status_code, count(Review)) == (422, 1)
    assert "He outgrew it." in second.text


def test_mistakes_are_told_before_anything_is_kept(visitor: Browser, bag: Product) -> None:
    assert visitor.send(NEW, {**WORDS, "stars": ""}).status_code == 422
    assert count(KeptText) == 0
    assert visitor.see(NEW).css_first("input[name=photo]") is None
