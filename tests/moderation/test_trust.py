"""How far a member is trusted, and when reports hide a post by themselves."""

from datetime import timedelta

import pytest

from community.core import clock
from community.core.db import db, unit_of_work
from community.items.models import ReadPosition, Thank
from community.members.queries import member_by_id
from community.moderation import policy
from community.moderation.models import Report
from community.moderation.policy import Standing
from community.moderation.queries.trust import standing_of
from tests import makers

KNOWN = {"topics_read": 3, "posts_read": 15}
TRUSTED = {**KNOWN, "visit_days": 7, "posts_standing": 5, "thankers": 3}
GUIDE = {
    **TRUSTED,
    "visit_days": 20,
    "recent_thanks": 20,
    "recent_thankers": 10,
    "reports_right": 7,
    "reports_decided": 10,
}


def report(level=1, bonus=0.0, weight=None):
    return Report(level=level, bonus=bonus, weight=1 + level + bonus if weight is None else weight)


@pytest.mark.parametrize(
    ("standing", "level"),
    [
        (Standing(), 0),
        (Standing(**KNOWN), 1),
        (Standing(**KNOWN, is_confirmed=False), 0),
        (Standing(**(KNOWN | {"posts_read": 14})), 0),
        (Standing(**TRUSTED), 2),
        (Standing(**(TRUSTED | {"thankers": 2})), 1),
        (Standing(**(TRUSTED | {"topics_read": 0})), 0),
        (Standing(**GUIDE), 3),
        (Standing(**(GUIDE | {"reports_right": 6})), 2),
        (Standing(**(GUIDE | {"recent_thankers": 9})), 2),
        (Standing(is_staff=True), 5),
    ],
)
def test_trust_is_climbed_rung_by_rung(standing, level):
    assert policy.trust_level(standing) == level


@pytest.mark.parametrize(
    ("right", "decided", "bonus"),
    [(0, 0, 0), (5, 5, 0), (10, 10, 2), (0, 10, -2), (7, 10, 0), (5, 7, 0.3), (3, 6, -1.8)],
)
def test_who_was_right_before_counts_more_within_bounds(right, decided, bonus):
    assert policy.accuracy_bonus(right, decided) == pytest.approx(bonus, abs=0.05)


@pytest.mark.parametrize(
    ("reports", "hides"),
    [
        ([], False),
        ([report(1)] * 3, False),
        ([report(1)] * 4, True),
        ([report(2)] * 2, False),
        ([report(2)] * 3, True),
        ([report(3), report(3)], True),
        ([report(3, 2.0)], False),
        ([report(0, weight=9.0)], False),
        ([report(5)], False),
        ([report(5, 2.0)], True),
        ([report(5), report(1)], True),
        ([report(0, weight=0.0)] * 20, False),
    ],
)
def test_reports_hide_by_their_sum_and_never_one_member_alone(reports, hides):
    assert policy.hides(reports) is hides


def test_a_standing_is_read_from_what_is_always_there(app, anna, bob):
    article = makers.article()
    old, anonymous = makers.comment(article, anna), makers.topic(makers.board(), anna, is_anonymous=True)
    clock.move_by(timedelta(hours=49))
    makers.comment(article, anna)
    with unit_of_work():
        member_by_id(anna.id).visit_days = 9
        db.session.add(Thank(post_id=old.id, member_id=bob.id, at=clock.now()))
        db.session.add(ReadPosition(member_id=anna.id, item_id=article.id, number=4, at=clock.now()))
        db.session.add(ReadPosition(member_id=anna.id, item_id=anonymous.id, number=2, at=clock.now()))
    found = standing_of(member_by_id(anna.id))
    assert found == Standing(
        topics_read=2,
        posts_read=6,
        visit_days=9,
        posts_standing=1,
        thankers=1,
        recent_thanks=1,
        recent_thankers=1,
    )
