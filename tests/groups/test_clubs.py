"""Who is in which club: joined, left, counted, gone."""

from datetime import date
from typing import Any

from community.core.db import db, unit_of_work
from community.groups import actions, policy, queries
from community.groups.models import Group
from community.members.models import Member
from community.operations.actions import leaving
from tests import makers


def test_who_joins_twice_is_in_once(anna: Member) -> None:
    club = makers.club(members=[anna, anna])
    assert (db.session.get_one(Group, club.id).member_count, anna.group_ids) == (1, [club.id])


def test_who_leaves_twice_was_in_once(anna: Member, bob: Member) -> None:
    club = makers.club(members=[anna, bob])
    for is_in in (True, False):
        with unit_of_work():
            assert actions.leave(db.session.get_one(Group, club.id), db.session.get_one(Member, anna.id)) is is_in
    assert (db.session.get_one(Group, club.id).member_count, anna.group_ids) == (1, [])


def test_the_count_stays_right_when_a_member_is_erased(anna: Member, bob: Member) -> None:
    clubs = [makers.club(month, members=[anna, bob]) for month in ("2027-03", "2027-04")]
    with unit_of_work():
        leaving.erase(db.session.get_one(Member, anna.id), with_posts=False)
    assert [db.session.get_one(Group, club.id).member_count for club in clubs] == [1, 1]
    assert queries.people_in(clubs[0], 12) == [bob]


def test_the_clubs_of_a_member_and_what_they_declined_are_one_statement_each(anna: Member, statements: Any) -> None:
    for month in ("2027-03", "2027-04"):
        makers.club(month, members=[anna])
    with unit_of_work():
        for month in ("2027-05", "2027-06"):
            actions.decline(db.session.get_one(Member, anna.id), month)
    _ = anna.group_ids
    assert [len(statements(lambda: queries.clubs_of(anna))) for _time in range(2)] == [1, 0]
    assert len(statements(lambda: queries.declined_by(anna))) == 1
    assert [club.month for club in queries.clubs_of(anna)] == ["2027-03", "2027-04"]
    assert queries.declined_by(anna) == {"2027-05", "2027-06"}


def test_months_run_from_a_year_back_to_ten_ahead() -> None:
    months = policy.months_around(date(2026, 11, 30))
    assert (months[0], months[12], months[-1], len(months)) == ("2025-11", "2026-11", "2027-09", 23)


def test_a_club_takes_members_until_its_children_are_two() -> None:
    today = date(2026, 11, 30)
    taken = [policy.may_be_joined(month, today) for month in ("2024-10", "2024-11", "2027-09", "2027-10")]
    assert taken == [False, True, True, False]
