"""Writing a review, and what a product's page says of all of them."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.items import actions as items
from community.items.models import Stance, State
from community.moderation.models import Concern
from community.reviews.actions import reviews as actions
from community.reviews.models import AgeBand, Review, ReviewVote, band_of, lower_bound
from community.shop.models import OrderLine, Product
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser
from tests.reviews.conftest import bought, make_product, said

NEW = "/nl/products/sleeping-bag/reviews/new"
WORDS = {
    "stars": "4",
    "body": "Warm, and washes well.",
    "good": "Zip from below\nSoft",
    "less_good": "Runs large",
}


def only() -> Review:
    return db.session.scalars(select(Review).options(joinedload(Review.picture))).one()


def figures(of: Product) -> tuple[int, int]:
    found = db.session.get_one(Product, of.id)
    return found.review_count, found.star_sum


def verbs() -> list[str]:
    return list(db.session.scalars(select(Touchpoint.verb).order_by(Touchpoint.id)))


def test_a_review_stands_on_the_page_of_its_product(as_anna: Browser, visitor: Browser, bag: Product) -> None:
    answer = as_anna.send(NEW, {**WORDS, "title": "Keeps her warm", "child_age": "4-6"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/nl/reviews/{only().id}")
    page = visitor.see("/nl/products/sleeping-bag")
    words = page.css_first(".review").text()
    for told in ("Keeps her warm", "Anna", "Zip from below", "Runs large", "Warm, and washes well."):
        assert told in words
    assert "Zelf gekocht" not in words
    assert figures(bag) == (1, 4)
    assert verbs().count(Verb.REVIEW_WRITTEN) == 1
    assert '"ratingValue": 4' in visitor.get("/nl/products/sleeping-bag").text


def test_the_same_form_sent_twice_is_one_review(as_anna: Browser, bag: Product) -> None:
    fields = {**WORDS, "form_key": "k" * 20}
    first, second = as_anna.send(NEW, fields), None
    with_token = {**fields, "csrf_token": as_anna.token()}
    second = as_anna.post(NEW, data=with_token)
    assert first.headers["Location"] == second.headers["Location"]
    assert figures(bag) == (1, 4)


def test_who_reviewed_it_before_is_led_to_that_review(as_anna: Browser, anna: Any, bag: Product) -> None:
    made = said(anna, bag)
    assert as_anna.get(NEW).headers["Location"] == f"{made.path}/edit"
    again = as_anna.post(NEW, data={**WORDS, "csrf_token": as_anna.token(), "form_key": "x" * 20})
    assert again.status_code == 302
    assert figures(bag) == (1, 4)


@pytest.mark.parametrize("fields", [{"body": "Good."}, {"stars": "6", "body": "Good."}, {"stars": "4"}])
def test_what_lacks_stars_or_words_is_asked_for_again(as_anna: Browser, bag: Product, fields: dict[str, str]) -> None:
    answer = as_anna.send(NEW, fields)
    assert answer.status_code == 422
    assert db.session.scalars(select(Review)).first() is None


def test_the_age_is_that_of_the_youngest_child_then_and_stays(as_anna: Browser, anna: Any, bag: Product) -> None:
    makers.child(anna, days_old=150)
    chosen = as_anna.see(NEW).css_first("select[name=child_age] option[selected]")
    assert chosen.attributes["value"] == AgeBand.TO_6
    as_anna.send(NEW, {**WORDS, "child_age": AgeBand.TO_6})
    clock.move_to(clock.today(anna.site.zone) + timedelta(days=400))
    as_anna.send(f"{only().path}/edit", {**WORDS, "stars": "2"})
    assert (only().age_band, only().stars) == (AgeBand.TO_6, 2)
    assert figures(bag) == (1, 2)


def test_days_fall_into_bands_without_a_gap() -> None:
    bands = [band_of(day) for day in range(-280, 3000)]
    assert list(dict.fromkeys(bands)) == list(AgeBand)


def test_a_photo_comes_without_what_the_camera_noted_and_goes_for_good(
    as_anna: Browser, anna: Any, bag: Product, run_jobs: Callable[[], int]
) -> None:
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "CanaryCam"
    Image.new("RGB", (800, 600), "green").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    fields = {**WORDS, "photo": (picture, "bag.jpg")}
    assert as_anna.send(NEW, fields, content_type="multipart/form-data").status_code == 303
    photo = only().picture
    assert photo is not None
    assert photo.uploader_id == anna.id
    assert b"CanaryCam" not in as_anna.get(photo.path(640)).data
    page = as_anna.see("/nl/products/sleeping-bag")
    assert page.css_first(".review img").attributes["src"] == photo.path(320)
    path = photo.path(640)
    as_anna.send(f"{only().path}/edit", {**WORDS, "drops_photo": "y"})
    run_jobs()
    assert only().picture is None
    assert as_anna.get(path).status_code == 404


def test_what_is_no_picture_is_said_at_its_field_and_nothing_is_lost(as_anna: Browser, bag: Product) -> None:
    fields = {**WORDS, "photo": (io.BytesIO(b"no picture"), "bag.jpg")}
    answer = as_anna.send(NEW, fields, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "photo-error" in answer.text
    assert "Warm, and washes well." in answer.text


def test_only_an_order_that_was_kept_makes_it_verified(as_anna: Browser, anna: Any, bob: Any, bag: Product) -> None:
    line = bought(anna, bag)
    said(anna, bag)
    said(bob, bag, stars=2)
    assert as_anna.get(bag.path).text.count("Zelf gekocht") == 1
    with unit_of_work():
        db.session.get_one(OrderLine, line.id).returned_at = clock.now()
        changed("nl")  # as whatever brings in orders says
    assert "Zelf gekocht" not in as_anna.get(bag.path).text


def test_an_order_that_comes_in_later_adds_the_badge(as_anna: Browser, anna: Any, bag: Product) -> None:
    said(anna, bag)
    bought(anna, bag)
    actions.link_purchases()
    assert "Zelf gekocht" in as_anna.get(bag.path).text


def test_the_histogram_filters_and_the_figures_are_those_of_what_is_shown(visitor: Browser, bag: Product) -> None:
    for number, stars in enumerate((5, 5, 4, 1)):
        said(makers.member(), bag, stars=stars, body=f"Words {number}", age_band="0-3" if stars == 5 else "")
    page = visitor.see(bag.path)
    rows = page.css(".bars__row")
    assert [row.css_first(".num").text() for row in rows] == ["2", "1", "0", "0", "1"]
    assert len(visitor.see(rows[0].attributes["href"]).css(".review")) == 2
    assert len(visitor.see(f"{bag.path}?age=0-3").css(".review")) == 2
    assert len(visitor.see(f"{bag.path}?stars=1&age=0-3").css(".review")) == 0
    assert visitor.get(f"{bag.path}?stars=7").status_code == 404
    assert visitor.get(f"{bag.path}?age=x").status_code == 404


def test_the_most_helpful_stand_first_and_the_newest_on_wish(visitor: Browser, bag: Product) -> None:
    first, second = (said(makers.member(), bag, body=body) for body in ("First words", "Second words"))
    with unit_of_work():
        db.session.get_one(Review, first.id).helpful_bound = 0.5
    assert [each.text().count("First words") for each in visitor.see(bag.path).css(".review")] == [1, 0]
    newest = visitor.see(f"{bag.path}?sort=newest").css(".review")
    assert [each.text().count("First words") for each in newest] == [0, 1]
    assert second.id > first.id


def test_nine_of_ten_stand_before_one_of_one() -> None:
    assert lower_bound(9, 10) > lower_bound(1, 1) > lower_bound(1, 10) > lower_bound(0, 10) == 0
    assert round(lower_bound(9, 10), 3) == 0.596


def test_a_vote_counts_once_and_may_be_changed(as_bob: Browser, anna: Any, bag: Product) -> None:
    made = said(anna, bag)
    assert as_bob.send(f"{made.path}/vote", {"helpful": "yes"}, page=bag.path).status_code == 303
    as_bob.send(f"{made.path}/vote", {"helpful": "yes"}, page=bag.path)
    assert (only().helpful_count, only().vote_count) == (1, 1)
    as_bob.send(f"{made.path}/vote", {"helpful": "no"}, page=bag.path)
    assert (only().helpful_count, only().vote_count, only().helpful_bound) == (0, 1, 0)
    assert verbs().count(Verb.REVIEW_VOTED) == 1
    facts = db.session.scalar(select(Touchpoint.facts).where(Touchpoint.verb == Verb.REVIEW_VOTED))
    assert facts == {"author_id": anna.id, "is_helpful": True}
    assert as_bob.post(f"{made.path}/vote", data={"csrf_token": as_bob.token(), "helpful": "x"}).status_code == 400


def test_nobody_votes_on_their_own(as_anna: Browser, anna: Any, bag: Product) -> None:
    made = said(anna, bag)
    answer = as_anna.post(f"{made.path}/vote", data={"csrf_token": as_anna.token(), "helpful": "yes"})
    assert answer.status_code == 403
    assert db.session.scalars(select(ReviewVote)).all() == []


def test_a_review_is_changed_by_its_author_alone(as_anna: Browser, as_bob: Browser, anna: Any, bag: Product) -> None:
    made = said(anna, bag)
    assert as_bob.get(f"{made.path}/edit").status_code == 403
    token = as_bob.token()
    assert as_bob.post(f"{made.path}/delete", data={"csrf_token": token}).status_code == 403
    assert as_anna.send(f"{made.path}/edit", {**WORDS, "stars": "1", "title": "Changed"}).status_code == 303
    assert (only().stars, only().title, only().edited_at is not None) == (1, "Changed", True)
    assert figures(bag) == (1, 1)


def test_a_review_is_taken_away_and_brought_back(as_anna: Browser, visitor: Browser, anna: Any, bag: Product) -> None:
    made = said(anna, bag)
    as_anna.send(f"{made.path}/delete", page=bag.path)
    assert figures(bag) == (0, 0)
    assert visitor.get(made.path).status_code == 404
    as_anna.send(f"{made.path}/restore", page=bag.path)
    assert figures(bag) == (1, 4)
    assert visitor.get(made.path).status_code == 200


def test_the_first_link_waits_and_counts_for_nothing(as_anna: Browser, visitor: Browser, bag: Product) -> None:
    as_anna.send(NEW, {**WORDS, "body": "Buy at https://example.org"})
    assert only().state == State.HELD
    assert figures(bag) == (0, 0)
    assert visitor.get(only().path).status_code == 404
    assert as_anna.get(only().path).status_code == 200
    assert db.session.scalars(select(Concern.about)).all() == [only().key]
    assert Verb.REVIEW_WRITTEN not in verbs()


@pytest.mark.parametrize("who", ["visitor", "as_anna"])
def test_five_reviews_and_fifty_cost_the_same_statements(
    request: pytest.FixtureRequest, statements: Any, bag: Product, who: str
) -> None:
    browser = request.getfixturevalue(who)
    for _number in range(5):
        said(makers.member(), bag)
    browser.get(bag.path)
    few = statements(lambda: browser.get(f"{bag.path}?fresh=1"))
    for _number in range(45):
        said(makers.member(), bag)
    browser.get(bag.path)
    many = statements(lambda: browser.get(f"{bag.path}?fresh=2"))
    assert len(few) == len(many) <= (8 if who == "visitor" else 12), "\n".join(many)


def test_who_is_muted_is_neither_shown_nor_counted(as_anna: Browser, anna: Any, bob: Any, bag: Product) -> None:
    said(bob, bag)
    assert len(as_anna.see(bag.path).css(".review")) == 1
    with unit_of_work():
        items.follow(anna, bob, Stance.MUTE)
    assert as_anna.see(bag.path).css(".review") == []


def test_how_reviews_work_tells_the_numbers_as_they_are(visitor: Browser, anna: Any, bag: Product) -> None:
    bought(anna, bag)
    said(anna, bag, stars=5)
    said(makers.member(), bag, stars=1)
    page = visitor.see("/nl/reviews/how-they-work")
    assert [value.text() for value in page.css(".kpis__value")] == ["2", "1", "0", "0"]


def test_a_members_own_reviews_stand_together(as_anna: Browser, anna: Any, bag: Product) -> None:
    said(anna, bag, title="Keeps her warm")
    said(anna, make_product("Carrier"), title="Heavy")
    words = as_anna.see("/account/reviews").css_first("main").text()
    assert "Keeps her warm" in words
    assert "Heavy" in words


def test_what_is_hidden_is_gone_at_once_from_a_page_that_was_just_made(visitor: Browser, bag: Product) -> None:
    beside, gone = make_product("Blanket", stage=(0, 60)), makers.article("Sleep well", stage=(0, 60))
    assert "Sleep well" in visitor.get(f"{beside.path}?fresh=1").text
    with unit_of_work():
        items.set_item_state(db.session.merge(gone), State.HIDDEN)
    assert "Sleep well" not in visitor.get(f"{beside.path}?fresh=2").text
    with unit_of_work():
        items.set_item_state(db.session.merge(beside), State.HIDDEN)
    assert visitor.get(f"{beside.path}?fresh=3").status_code == 404
