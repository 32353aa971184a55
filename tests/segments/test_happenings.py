"""What happened lately puts somebody into an audience, at its edges; time alone puts them in and out."""

from datetime import timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from community.blogs import actions as blogs
from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.actions import ties
from community.items.models import Post
from community.items.queries import post_by_id
from community.members.models import Member
from community.profiles.models import Child, ChildKind
from community.reviews.models import Review
from community.segments.conditions import Clause
from community.segments.queries import audience
from community.sites.models import SITES
from tests import makers
from tests.reviews.conftest import said
from tests.shop import makers as shop

NL = SITES["nl"]
EVERYTHING = ("personalisation", "analytics", "mail", "offers")


@pytest.fixture
def cora(app: Any) -> Member:
    """A Dutch member who agreed to everything."""
    return makers.member("Cora", consents=EVERYTHING)


def those(field: str, how: str, **values: Any) -> list[str]:
    """Names of who fits one condition now."""
    fitting = audience.members_in(Clause(field, how, values), NL)
    return sorted(db.session.scalars(db.select(Member.name).where(Member.id.in_(fitting))))


def later(**distance: float) -> None:
    clock.move_by(timedelta(**distance))


def test_a_question_counts_once_it_waited_so_long_and_no_more_once_somebody_answered(cora: Member, bob: Member) -> None:
    topic = makers.topic(makers.board(), cora)
    makers.topic(makers.board(), cora, is_anonymous=True)
    later(hours=23, minutes=59)
    assert those("unanswered", "waits", hours=24, days=7) == []
    later(minutes=2)
    makers.reply(topic, cora, "Nobody?")
    assert those("unanswered", "waits", hours=24, days=7) == ["Cora"]
    later(days=6)
    assert those("unanswered", "waits", hours=24, days=7) == []
    assert those("unanswered", "waits", hours=24, days=8) == ["Cora"]
    makers.reply(topic, bob)
    assert those("unanswered", "waits", hours=24, days=8) == []


def test_a_question_asked_as_an_anonymous_parent_or_before_the_yes_is_never_known(cora: Member) -> None:
    mia = makers.member("Mia", consents=("personalisation",))
    makers.topic(makers.board(), cora, is_anonymous=True)
    makers.topic(makers.board(), mia)
    with unit_of_work():
        db.session.get_one(Member, mia.id).offers = True
    later(hours=30)
    assert those("unanswered", "waits", hours=24, days=7) == []


def test_only_the_first_story_is_a_first_story(cora: Member) -> None:
    makers.story(cora)
    assert those("first_story", "within", days=3) == ["Cora"]
    later(days=2)
    makers.story(cora)
    assert those("first_story", "within", days=3) == ["Cora"]
    later(days=2)
    assert those("first_story", "within", days=3) == []


def test_an_answer_helped_while_it_is_the_accepted_one(cora: Member, bob: Member) -> None:
    topic = makers.topic(makers.board(), bob)
    answer = makers.reply(topic, cora)
    assert those("helped", "within", days=7) == []
    accept(answer, bob)
    assert those("helped", "within", days=7) == ["Cora"]
    later(days=8)
    assert those("helped", "within", days=7) == []
    assert those("helped", "within", days=9) == ["Cora"]
    with unit_of_work():
        ties.accept_none(found(answer))
    assert those("helped", "within", days=9) == []


def test_who_calls_their_own_answer_helpful_helped_nobody(cora: Member) -> None:
    topic = makers.topic(makers.board(), cora)
    accept(makers.reply(topic, cora), cora)
    assert those("helped", "within", days=7) == []


def test_few_stars_are_few_stars_for_some_days(cora: Member) -> None:
    review = said(cora, shop.product(), stars=2)
    assert those("stars", "at_most", stars=1, days=14) == []
    assert those("stars", "at_most", stars=2, days=14) == ["Cora"]
    later(days=15)
    assert those("stars", "at_most", stars=2, days=14) == []
    with unit_of_work():
        db.session.get_one(Review, review.id).stars = 5
    assert those("stars", "at_most", stars=2, days=30) == []


def test_a_story_is_featured_once_its_author_agreed_and_until_it_ends(cora: Member, bob: Member) -> None:
    story = makers.story(cora)
    with unit_of_work():
        blogs.ask_feature(db.session.merge(story), bob)
    assert those("featured", "within", days=7) == []
    with unit_of_work():
        blogs.agree(db.session.merge(story), cora)
    assert those("featured", "within", days=7) == ["Cora"]
    later(days=8)
    assert those("featured", "within", days=7) == []
    with unit_of_work():
        blogs.end_feature(db.session.merge(story))
    assert those("featured", "within", days=30) == []


def test_a_child_reaches_a_month_for_seven_days(cora: Member) -> None:
    born_on = clock.today(NL.zone) - relativedelta(months=9) + timedelta(days=1)
    with unit_of_work():
        db.session.add(Child(member_id=cora.id, kind=ChildKind.CHILD, born_on=born_on, created_at=clock.now()))
    found_on = []
    for _day in range(10):
        found_on.append(those("month", "child", month=9))
        later(days=1)
    assert found_on.count(["Cora"]) == 7
    assert found_on[0] == found_on[-1] == []


def test_a_club_reaches_a_month_in_its_first_week_and_not_for_whom_something_changed(cora: Member) -> None:
    clock.move_to(clock.today(NL.zone).replace(year=2027, month=12, day=1))
    makers.club("2027-03", members=[cora])
    assert those("month", "club", month=9) == ["Cora"]
    assert those("month", "club", month=8) == []
    later(days=6)
    assert those("month", "club", month=9) == ["Cora"]
    with unit_of_work():
        db.session.get_one(Member, cora.id).guarded_since = clock.now()
    assert those("month", "club", month=9) == []
    with unit_of_work():
        db.session.get_one(Member, cora.id).guarded_since = None
    later(days=1)
    assert those("month", "club", month=9) == []


def test_nothing_of_a_kind_was_bought_ever_or_in_some_days(cora: Member) -> None:
    shop.order(cora, shop.product(category="Slaapzak"))
    shop.product(category="Kinderwagen")
    assert those("bought", "none", value="Slaapzak") == []
    assert those("bought", "none", value="Kinderwagen") == ["Cora"]
    assert those("bought", "none_within", value="Slaapzak", days=30) == []
    later(days=31)
    assert those("bought", "none_within", value="Slaapzak", days=30) == ["Cora"]
    assert those("bought", "none", value="Slaapzak") == []


def test_one_page_read_three_times_is_one_thing(cora: Member) -> None:
    first, *others = [makers.article(theme="Sleep") for _ in range(3)]
    theme = str(first.theme_id)
    for item in (first, first, first, others[0]):
        makers.read(item, cora, allows="pao")
    assert those("read", "about", value=theme, number=3, days=7) == ["Cora"]
    assert those("read", "things", value=theme, number=3, days=7) == []
    makers.read(others[1], cora, allows="pao")
    assert those("read", "things", value=theme, number=3, days=7) == ["Cora"]
    later(days=8)
    assert those("read", "things", value=theme, number=3, days=7) == []


def accept(answer: Post, by: Member) -> None:
    with unit_of_work():
        ties.accept(found(answer), db.session.get_one(Member, by.id))


def found(answer: Post) -> Post:
    post = post_by_id(answer.id)
    assert post is not None
    return post
