"""Points: by the record, after two days, within limits, never by stars, and the same when they are made anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from community.ambassadors.actions import ledger
from community.ambassadors.models import EntryState, PointEntry
from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Topic
from community.items import actions as items
from community.items.models import Item, Post, State
from community.members.models import Member
from community.messages.models import Notice
from community.moderation.actions.decisions import Choice, decide
from community.moderation.actions.reports import report
from community.moderation.models import Deed
from community.moderation.queries.concerns import concern_by_id
from community.moderation.reasons import Reason as Rule
from community.operations.actions.leaving import erase
from community.reviews.actions import reviews
from community.reviews.actions.reviews import Opinion
from community.reviews.models import Review
from community.shop.models import Product
from community.touchpoints.actions import project, rebuild
from tests import makers
from tests.ambassadors.conftest import TWO_DAYS, accept, entries, found, join, later, leave, standing, thank
from tests.shop import makers as shops


def sum_of_ledger(member: Member) -> int:
    query = select(func.sum(PointEntry.points)).where(PointEntry.member_id == member.id)
    return db.session.scalar(query.where(PointEntry.state == EntryState.GIVEN)) or 0


def reviewed(product: Product, by: Member, stars: int) -> Review:
    with unit_of_work():
        writer = db.session.get_one(Member, by.id)
        return reviews.write_review(
            db.session.get_one(Product, product.id), writer, Opinion(stars=stars, body="So it is.")
        )


def voted(review: Review, by: Member, is_helpful: bool) -> None:
    with unit_of_work():
        reviews.vote(db.session.get_one(Review, review.id), db.session.get_one(Member, by.id), is_helpful)


def reported(post: Post, by: Member) -> int:
    with unit_of_work():
        return report(found(post), db.session.get_one(Member, by.id), Rule.OTHER).id


def decided(concern_id: int, by: Member, deed: Deed) -> None:
    with unit_of_work():
        concern = concern_by_id(concern_id)
        assert concern is not None
        reason = "" if deed == Deed.KEEP else Rule.OTHER
        decide(concern, db.session.get_one(Member, by.id), Choice(deed, reason, "So that you know."))


def test_thanks_give_points_after_two_days_and_one_notice(
    otto: Member, anna: Member, bob: Member, topic: Topic
) -> None:
    answer = makers.reply(topic, otto)
    thank(answer, anna)
    thank(answer, bob)
    later(timedelta(hours=47))
    assert entries(otto) == [("thanked", 2, "waiting", "")] * 2
    assert (standing(otto).points, standing(otto).tier) == (0, "friend")
    later(timedelta(hours=2))
    assert entries(otto) == [("thanked", 2, "given", "")] * 2
    assert standing(otto).points == sum_of_ledger(otto) == 4
    assert db.session.scalars(select(Notice.kind).where(Notice.member_id == otto.id)).all().count("points") == 1


def test_an_accepted_answer_gives_ten_and_none_once_another_one_is_accepted(
    otto: Member, anna: Member, vera: Member, topic: Topic
) -> None:
    answer, other = makers.reply(topic, otto), makers.reply(topic, anna)
    accept(answer, vera)
    later()
    assert standing(otto).points == 10
    accept(other, vera)
    ledger.look_again()
    assert standing(otto).points == 0
    assert entries(otto) == [("accepted", 10, "refused", "gone")]


@pytest.mark.parametrize("stars", [1, 5])
def test_a_review_gives_the_same_for_one_star_as_for_five(otto: Member, anna: Member, stars: int) -> None:
    review = reviewed(shops.product(), otto, stars)
    voted(review, anna, is_helpful=True)
    later()
    assert entries(otto) == [("review", 5, "given", ""), ("helpful", 1, "given", "")]


def test_a_vote_that_says_no_gives_nothing(otto: Member, anna: Member) -> None:
    voted(reviewed(shops.product(), otto, 3), anna, is_helpful=False)
    later()
    assert entries(otto) == [("review", 5, "given", "")]


def test_a_story_gives_points(otto: Member) -> None:
    makers.story(otto)
    later()
    assert entries(otto) == [("story", 5, "given", "")]


def test_what_is_reported_waits_until_it_is_decided(
    otto: Member, anna: Member, bob: Member, moderator: Member, topic: Topic
) -> None:
    kept, hidden = makers.reply(topic, otto), makers.reply(topic, otto)
    for post in (kept, hidden):
        thank(post, anna)
    concerns = [reported(post, bob) for post in (kept, hidden)]
    later()
    assert {entry[2] for entry in entries(otto)} == {"waiting"}
    decided(concerns[0], moderator, Deed.KEEP)
    decided(concerns[1], moderator, Deed.HIDE)
    later()
    assert entries(otto) == [("thanked", 2, "given", ""), ("thanked", 2, "refused", "gone")]
    assert standing(otto).points == sum_of_ledger(otto) == 2


def test_what_is_taken_away_later_counts_no_more_and_comes_back_with_it(otto: Member) -> None:
    story = makers.story(otto)
    later()
    for state, points in ((State.DELETED, 0), (State.LIVE, 5)):
        with unit_of_work():
            items.set_item_state(db.session.get_one(Item, story.id), state)
        ledger.look_again()
        assert standing(otto).points == sum_of_ledger(otto) == points


def test_one_person_gives_points_five_times_a_month(otto: Member, anna: Member, bob: Member, topic: Topic) -> None:
    answers = [makers.reply(topic, otto) for _number in range(7)]
    for answer in answers:
        thank(answer, anna)
    thank(answers[0], bob)
    later()
    assert [entry[3] for entry in entries(otto)] == [""] * 5 + ["person"] * 2 + [""]
    assert standing(otto).points == 12


def test_more_than_enough_of_one_kind_on_one_day_gives_nothing(otto: Member) -> None:
    for number in range(3):
        makers.story(otto, f"Story {number}")
    later()
    assert [entry[2:] for entry in entries(otto)] == [("given", ""), ("refused", "day"), ("refused", "day")]


def test_only_what_is_done_as_an_ambassador_counts(otto: Member, anna: Member, bob: Member, topic: Topic) -> None:
    answer = makers.reply(topic, otto)
    thank(answer, anna)
    leave(otto)
    clock.move_by(timedelta(hours=1))
    thank(answer, bob)
    thank(makers.reply(topic, anna), bob)
    later()
    assert entries(otto) == [("thanked", 2, "given", "")]
    assert entries(anna) == []
    assert (standing(otto).points, standing(otto).tier) == (2, "")
    join(otto)
    assert standing(otto).tier == "friend"


def test_an_anonymous_parent_gets_no_points_that_would_tell_who_it_is(otto: Member, anna: Member, topic: Topic) -> None:
    thank(makers.reply(topic, otto, is_anonymous=True), anna)
    later()
    assert entries(otto) == []


def test_the_ledger_made_anew_is_the_same(otto: Member, anna: Member, bob: Member, topic: Topic) -> None:
    for number in range(7):
        thank(makers.reply(topic, otto, f"Answer {number}"), anna)
    makers.story(otto)
    later()
    leave(otto)
    clock.move_by(timedelta(hours=1))
    thank(makers.reply(topic, otto), bob)
    join(otto)
    thank(makers.reply(topic, otto), bob)
    later(timedelta(hours=1))
    before, points = entries(otto), standing(otto).points
    assert points == 15
    rebuild("points")
    assert entries(otto) == before
    assert (standing(otto).points, standing(otto).tier) == (points, "friend")
    project()
    assert entries(otto) == before


def test_a_tier_is_reached_by_points_alone(otto: Member, vera: Member, topic: Topic) -> None:
    now = clock.now() - TWO_DAYS
    line = {"reason": "accepted", "points": 10, "at": now, "due_at": now, "state": EntryState.GIVEN}
    with unit_of_work():
        db.session.add_all(PointEntry(member_id=otto.id, **line) for _number in range(9))
    accept(makers.reply(topic, otto), vera)
    later()
    assert (standing(otto).points, standing(otto).tier) == (100, "helper")


def test_points_count_for_a_year_and_lapse_alike_when_the_ledger_is_made_anew(
    otto: Member, anna: Member, topic: Topic
) -> None:
    thank(makers.reply(topic, otto), anna)
    later()
    later(timedelta(days=364))
    assert standing(otto).points == sum_of_ledger(otto) == 2
    later(timedelta(days=2))
    assert entries(otto) == [("thanked", 2, "lapsed", "")]
    assert standing(otto).points == sum_of_ledger(otto) == 0
    rebuild("points")
    ledger.look_again()
    assert entries(otto) == [("thanked", 2, "lapsed", "")]


def test_who_leaves_us_takes_their_ledger_along(otto: Member, anna: Member, topic: Topic) -> None:
    thank(makers.reply(topic, otto), anna)
    later()
    with unit_of_work():
        erase(db.session.get_one(Member, otto.id), with_posts=False)
    assert entries(otto) == []
    ledger.look_again()
    rebuild("points")
    assert entries(otto) == []


def test_the_work_of_a_ledger_does_not_grow_with_its_lines(
    otto: Member, anna: Member, topic: Topic, statements: Any
) -> None:
    def of_lines(count: int) -> int:
        for _number in range(count):
            thank(makers.reply(topic, otto), makers.member())
        project()
        clock.move_by(TWO_DAYS)
        return len(statements(ledger.give_due))

    assert of_lines(2) == of_lines(9)
