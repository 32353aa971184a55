"""The axis of life stages: one number, many words."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from community.core import stages


def test_sixteen_weeks_to_go_is_week_twenty_four() -> None:
    today = date(2026, 11, 22)
    day = stages.day_before_birth(today + timedelta(days=112), today)
    assert (day, stages.week_of(day)) == (-112, 24)


@pytest.mark.parametrize("week", range(4, 43))
def test_a_week_holds_its_own_days(week: int) -> None:
    first, last = stages.days_of_week(week)
    assert {stages.week_of(day) for day in range(first, last + 1)} == {week}
    assert stages.week_of(last + 1) == week + 1


def test_months_follow_each_other_without_a_gap() -> None:
    for month in range(36):
        assert stages.days_of_month(month)[1] + 1 == stages.days_of_month(month + 1)[0]
        assert stages.month_of(stages.days_of_month(month)[0]) == month


def test_months_are_counted_as_parents_count_them() -> None:
    assert stages.months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert stages.months_between(date(2026, 1, 15), date(2026, 6, 14)) == 4


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ((None, None), ""),
        ((-119, -92), "Weeks 23 to 26"),
        ((-112, -106), "Week 24"),
        ((0, 13), "From birth to 2 weeks"),
        ((120, 239), "From 4 months to 8 months"),
        ((0, 1095), "From birth to 3 years"),
    ],
)
def test_a_range_is_said_in_words(app: Flask, stage: tuple[int | None, int | None], words: str) -> None:
    with force_locale("en"):
        assert stages.label(*stage) == words
