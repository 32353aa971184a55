"""Reviews at the moderators' desk, and after their author has left."""

from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db, unit_of_work
from community.items.models import State
from community.moderation.actions import decisions
from community.moderation.actions.decisions import Choice
from community.moderation.models import Appeal, Concern, Decision, Deed
from community.operations.actions import leaving
from community.operations.queries.personal import everything_about
from community.reviews.actions import reviews as actions
from community.reviews.models import Review, ReviewVote
from community.shop.models import Product
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.conftest import Browser
from tests.reviews.conftest import bought, said

CANARIES = {"title": "Canary title", "body": "Canary body", "good": "Canary good", "less_good": "Canary bad"}


@pytest.fixture
def review(anna: Any, bag: Product) -> Review:
    return said(
        anna, bag, stars=1, title="Canary title", body="Canary body", good="Canary good", less_good="Canary bad"
    )


def figures() -> tuple[int, int]:
    return tuple(db.session.execute(select(Product.review_count, Product.star_sum)).one())


def state() -> str:
    return db.session.scalars(select(Review.state)).one()


def concern() -> Concern:
    return db.session.scalars(select(Concern).order_by(Concern.id.desc())).first()  # type: ignore[return-value]


def decision() -> Decision:
    return db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()  # type: ignore[return-value]


def decide(browser: Browser, deed: str, reason: str = "hate", **more: str) -> Any:
    fields = {"deed": deed, "reason": reason, "words": "", "days": "0", **more}
    path = f"/moderation/concerns/{concern().id}"
    return browser.post(path, data={"csrf_token": browser.token(), **fields})


def test_a_reported_review_is_hidden_explained_appealed_and_brought_back(
    as_bob: Browser, as_anna: Browser, as_moderator: Browser, browser_of: Any, visitor: Browser, review: Review
) -> None:
    as_bob.send(f"/report/review/{review.id}", {"reason": "hate", "note": "Look"})
    card = as_moderator.see("/moderation/").css_first(".concern").text()
    assert "Canary body" in card
    assert "Canary good" in card
    assert decide(as_moderator, "hide").status_code == 303
    assert (state(), figures()) == (State.HIDDEN, (0, 0))
    assert visitor.get(review.path).status_code == 404
    assert "/account/decisions/" in as_anna.get(review.path).text
    told = as_anna.see(f"/account/decisions/{decision().id}")
    assert "Canary body" in told.css_first("main").text()
    as_anna.send(f"/account/decisions/{decision().id}", {"words": "It is true."})
    made = db.session.scalars(select(Appeal)).one()
    as_second = browser_of(makers.member("Max", site="en", role="moderator", role_site="nl"))
    assert "Canary body" in as_second.see(f"/moderation/appeals/{made.id}").html
    as_second.send(f"/moderation/appeals/{made.id}", {"outcome": "back", "words": "Well said."})
    assert (state(), figures()) == (State.LIVE, (1, 1))
    written = select(Touchpoint.id).where(Touchpoint.verb == Verb.REVIEW_WRITTEN)
    assert len(db.session.scalars(written).all()) == 1


def test_a_decision_is_undone_and_restored_from_the_log(as_moderator: Browser, moderator: Any, review: Review) -> None:
    with unit_of_work():
        made = decisions.decide_about(db.session.get_one(Review, review.id), moderator, Choice(Deed.HIDE, "hate"))
    assert figures() == (0, 0)
    assert "Bring back" in as_moderator.get("/moderation/log").text
    token = as_moderator.token()
    as_moderator.post(f"/moderation/decisions/{made.id}/undo", data={"csrf_token": token})
    assert (state(), figures()) == (State.LIVE, (1, 1))


def test_an_author_who_is_asked_to_change_it_sends_it_back_to_the_desk(
    as_bob: Browser, as_anna: Browser, as_moderator: Browser, review: Review
) -> None:
    as_bob.send(f"/report/review/{review.id}", {"reason": "hate"})
    decide(as_moderator, "edit")
    assert (state(), figures()) == (State.HELD, (0, 0))
    assert f"{review.path}/edit" in as_anna.get(f"/account/decisions/{decision().id}").text
    as_anna.send(f"{review.path}/edit", {"stars": "2", "body": "Said kindly."})
    assert (concern().kind, state()) == ("edited", State.HELD)
    decide(as_moderator, "keep")
    assert (state(), figures()) == (State.LIVE, (1, 2))


def test_enough_reports_hide_it_by_themselves(review: Review, browser_of: Any) -> None:
    for name in ("Mia", "Mees"):
        reporter = browser_of(makers.member(name, site="en", role="moderator", role_site="en"))
        reporter.send(f"/report/review/{review.id}", {"reason": "hate"})
    assert (state(), figures()) == (State.HELD, (0, 0))


def test_what_a_suspended_member_wrote_goes_and_comes_with_them(
    as_moderator: Browser, moderator: Any, anna: Any, review: Review
) -> None:
    with unit_of_work():
        choice = Choice(Deed.SUSPEND, "spam", hidden_on=(review.site,))
        decisions.decide_about(db.session.get_one(type(anna), anna.id), moderator, choice)
    assert figures() == (0, 0)
    with unit_of_work():
        decisions.decide_about(db.session.get_one(type(anna), anna.id), moderator, Choice(Deed.LIFT))
    assert (state(), figures()) == (State.LIVE, (1, 1))


def test_the_queue_costs_the_same_with_one_review_and_with_ten(
    as_bob: Browser, as_moderator: Browser, statements: Any, bag: Product, anna: Any
) -> None:
    made = [said(makers.member(), bag) for _number in range(10)]
    as_bob.send(f"/report/review/{made[0].id}", {"reason": "hate"})
    as_moderator.get("/moderation/")
    few = statements(lambda: as_moderator.get("/moderation/"))
    for one in made[1:]:
        as_bob.send(f"/report/review/{one.id}", {"reason": "hate"})
    many = statements(lambda: as_moderator.get("/moderation/"))
    assert len(many) == len(few), "\n".join(many)


def test_the_export_holds_what_a_member_said_and_their_votes(anna: Any, bob: Any, review: Review) -> None:
    with unit_of_work():
        actions.vote(db.session.get_one(Review, review.id), bob, is_helpful=True)
    told = everything_about(anna)["reviews"]
    assert [(row["good"], row["body"], row["stars"]) for row in told] == [("Canary good", "Canary body", 1)]
    assert [row["is_helpful"] for row in everything_about(bob)["review_votes"]] == [True]


@pytest.mark.parametrize("with_posts", [False, True])
def test_who_leaves_takes_the_name_or_the_words_too(anna: Any, bag: Product, with_posts: bool) -> None:
    bought(anna, bag)
    made = said(
        anna, bag, stars=5, title="Canary title", body="Canary body", good="Canary good", less_good="Canary bad"
    )
    with unit_of_work():
        leaving.erase(db.session.get_one(type(anna), anna.id), with_posts)
    left = db.session.get_one(Review, made.id)
    assert (left.author_id, left.order_line_id) == (None, None)
    texts = [left.title, left.summary, left.body, left.body_html, left.good, left.less_good]
    assert ("Canary" in " ".join(texts)) is not with_posts
    assert figures() == ((0, 0) if with_posts else (1, 5))


def test_votes_of_who_leaves_count_no_more(bob: Any, review: Review) -> None:
    with unit_of_work():
        actions.vote(db.session.get_one(Review, review.id), bob, is_helpful=True)
    with unit_of_work():
        leaving.erase(db.session.get_one(type(bob), bob.id), with_posts=False)
    left = db.session.get_one(Review, review.id)
    assert (left.helpful_count, left.vote_count, left.helpful_bound) == (0, 0, 0)
    assert db.session.scalars(select(ReviewVote)).all() == []
