"""Limits count where a restart does not forget them, and never lock the owner out for good."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from community.core.db import db, unit_of_work
from community.core.limits import LimitCount, Limiter, forget_counts


def limiter() -> Limiter:
    made = Limiter()
    made.begin({"REDIS_URL": "", "LIMITS": "on"})
    return made


def test_the_eleventh_try_waits_and_a_new_process_still_knows(app: Flask) -> None:
    assert [limiter().wait("sign-in", "net") for _try in range(10)] == [0] * 10
    assert 0 < limiter().wait("sign-in", "net") <= 300


def test_others_are_not_held_up(app: Flask) -> None:
    for _try in range(11):
        limiter().wait("sign-in", "net")
    assert limiter().wait("sign-in", "another") == 0
    assert limiter().wait("search", "net") == 0


def test_the_true_owner_begins_anew(app: Flask) -> None:
    for _try in range(11):
        limiter().wait("sign-in", "net")
    limiter().forget("sign-in", "net")
    assert limiter().wait("sign-in", "net") == 0


def test_a_window_that_is_over_begins_anew_and_is_forgotten_where_nobody_comes_back(app: Flask) -> None:
    for who in ("net", "another"):
        for _try in range(11):
            limiter().wait("sign-in", who)
    with unit_of_work():
        db.session.execute(update(LimitCount).values(until=datetime.now(UTC) - timedelta(seconds=1)))
    assert [limiter().wait("sign-in", "net") for _try in range(10)] == [0] * 10
    assert limiter().wait("sign-in", "net") > 0
    forget_counts()
    assert [row.count for row in db.session.scalars(select(LimitCount))] == [11]


def test_off_counts_nothing(app: Flask) -> None:
    made = Limiter()
    made.begin({"REDIS_URL": "", "LIMITS": "off"})
    assert [made.wait("sign-in", "net") for _try in range(30)] == [0] * 30
