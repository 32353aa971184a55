"""Pregnancies and children: several, twins, adopted, early, born, removed and put back; and the one stop."""

from datetime import timedelta
from typing import Any

import pytest

from community.core import clock
from community.core.db import db
from community.members import queries as members
from community.profiles.models import Child
from community.profiles.queries import children_of, family_of
from community.touchpoints.models import Verb
from tests import makers
from tests.readers import touchpoints_of

HERE = "/account/children"


def told(child: Child) -> tuple[Any, ...]:
    return child.kind, child.due_on, child.born_on, child.weeks_early


def test_pregnancies_and_children_are_added_as_many_as_there_are(as_anna: Any, anna: Any) -> None:
    due, born = makers.day(112), makers.day(-200)
    as_anna.send(HERE, {"kind": "pregnancy", "due_on": due.isoformat()})
    as_anna.send(HERE, {"kind": "adopted", "born_on": born.isoformat()})
    as_anna.send(HERE, {"kind": "child", "born_on": born.isoformat(), "weeks_early": "8"})
    assert {told(child) for child in children_of(anna)} == {
        ("pregnancy", due, None, 0),
        ("adopted", None, born, 0),
        ("child", None, born, 8),
    }
    page = as_anna.see(f"{HERE}?site=en").text()
    assert "24 weeks" in page
    assert "counted from the due date" in page


def test_a_twin_is_one_press_away(as_anna: Any, anna: Any) -> None:
    answer = as_anna.send(HERE, {"kind": "pregnancy", "due_on": makers.day(112).isoformat()})
    (child,) = children_of(anna)
    as_anna.send(f"{HERE}/{child.id}/twin", page=answer.location)
    assert [one.due_on for one in children_of(anna)] == [makers.day(112)] * 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "pregnancy"}, "due_on"),
        ({"kind": "pregnancy", "due_on": "2027-02-31"}, "due_on"),
        ({"kind": "pregnancy", "due_on": makers.day(730).isoformat()}, "due_on"),
        ({"kind": "pregnancy", "due_on": makers.day(-40).isoformat()}, "due_on"),
        ({"kind": "child"}, "born_on"),
        ({"kind": "child", "born_on": makers.day(2).isoformat()}, "born_on"),
        ({"kind": "child", "born_on": "1900-01-01"}, "born_on"),
        ({"kind": "child", "born_on": makers.day(-9).isoformat(), "weeks_early": "19"}, "weeks_early"),
        ({"kind": "child", "born_on": makers.day(-9).isoformat(), "weeks_early": "-1"}, "weeks_early"),
        ({"kind": "child", "born_on": makers.day(-9).isoformat(), "weeks_early": "x"}, "weeks_early"),
    ],
)
def test_an_impossible_date_is_said_at_its_field(as_anna: Any, anna: Any, fields: dict[str, str], field: str) -> None:
    answer = as_anna.send(HERE, fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert children_of(anna) == []


def test_the_same_form_sent_twice_adds_one_child(as_anna: Any, anna: Any) -> None:
    form = as_anna.see(HERE).css_first(f"form[action='{HERE}']")
    hidden = {i.attributes["name"]: i.attributes["value"] for i in form.css("input[type=hidden]")}
    for _twice in "ab":
        as_anna.post(HERE, data={**hidden, "kind": "pregnancy", "due_on": makers.day(112).isoformat()})
    assert len(children_of(anna)) == 1


def test_a_date_is_corrected(as_anna: Any, anna: Any) -> None:
    child = makers.pregnancy(anna)
    fields = {"kind": "pregnancy", "due_on": makers.day(119).isoformat()}
    assert as_anna.send(f"{HERE}/{child.id}", fields).status_code == 303
    assert [one.due_on for one in children_of(anna)] == [makers.day(119)]


def test_a_birth_turns_the_pregnancy_into_a_child_and_counts_the_weeks_early(as_anna: Any, anna: Any) -> None:
    child = makers.pregnancy(anna, days_to_go=40)
    assert as_anna.send(f"{HERE}/{child.id}/born", {"born_on": makers.day(-2).isoformat()}).status_code == 303
    db.session.expire_all()
    assert told(children_of(anna)[0]) == ("child", makers.day(40), makers.day(-2), 6)


def test_a_removal_can_be_undone_as_it_was(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/changed")
    child = children_of(anna)[0]
    answer = as_anna.send(f"{HERE}/{child.id}/remove", page=f"{HERE}/{child.id}")
    assert children_of(anna) == []
    as_anna.send(f"{HERE}/undo", page=answer.location)
    (back,) = children_of(anna)
    assert back.due_on == makers.day(112)
    assert back.stopped_at is not None
    assert "Undo" not in as_anna.see(f"{HERE}?removed=yes&site=en").text()


@pytest.mark.parametrize("deed", ["", "/born", "/twin", "/remove"])
def test_nobody_reaches_anothers_children(as_bob: Any, anna: Any, deed: str) -> None:
    child = makers.pregnancy(anna)
    fields = {"csrf_token": as_bob.token(), "kind": "pregnancy", "due_on": "2026-12-24", "born_on": "2026-10-01"}
    assert as_bob.post(f"{HERE}/{child.id}{deed}", data=fields).status_code == 404
    if not deed:
        assert as_bob.get(f"{HERE}/{child.id}").status_code == 404
    assert told(children_of(anna)[0]) == ("pregnancy", makers.day(112), None, 0)


def test_one_press_stops_the_only_pregnancy_and_stores_no_reason(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    page = as_anna.see("/account/changed")
    assert page.css("main input:not([type=hidden]), main textarea, main select") == []
    answer = as_anna.send("/account/changed")
    assert (answer.status_code, answer.location) == (303, "/account/changed")
    found = members.member_by_id(anna.id)
    assert found is not None
    assert found.guarded_since is not None
    family = family_of(found, clock.today())
    assert (family.children, family.is_guarded) == ((), True)
    (told_of,) = [t for t in touchpoints_of(anna.id) if t.verb == Verb.PREGNANCY_CHANGED]
    assert told_of.facts == {}


def test_afterwards_no_page_of_the_account_shows_a_week_or_the_date(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/changed")
    due = makers.day(112)
    for path in ("/account/", HERE, "/account/changed", "/account/profile", "/account/notices"):
        page = as_anna.see(f"{path}?site=en").css_first("body").text()
        assert "24 weeks" not in page
        assert "Week by week" not in page
        assert f"{due.day} {due:%B %Y}" not in page
    assert "The weeks have stopped" in as_anna.see("/account/changed?site=en").text()


def test_of_several_the_pregnancies_are_ticked_and_the_others_go_on(as_anna: Any, anna: Any) -> None:
    pregnancy, child = makers.pregnancy(anna), makers.child(anna, 200)
    boxes = as_anna.see("/account/changed").css("main input[type=checkbox]")
    assert {b.attributes["value"]: "checked" in b.attributes for b in boxes} == {
        str(pregnancy.id): True,
        str(child.id): False,
    }
    as_anna.send("/account/changed", {"children": [str(pregnancy.id)]})
    found = members.member_by_id(anna.id)
    assert [one.id for one in family_of(found, clock.today()).children] == [child.id]


def test_of_several_nothing_ticked_is_asked_again(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    makers.child(anna, 200)
    assert as_anna.send("/account/changed").status_code == 422
    assert members.member_by_id(anna.id).guarded_since is None  # type: ignore[union-attr]


def test_the_child_of_another_is_never_stopped(as_bob: Any, anna: Any, bob: Any) -> None:
    theirs = makers.pregnancy(anna)
    makers.pregnancy(bob)
    makers.pregnancy(bob)
    as_bob.send("/account/changed", {"children": [str(theirs.id)]})
    assert children_of(anna)[0].stopped_at is None


def test_the_stop_holds_without_a_pregnancy_that_we_know_of(as_anna: Any, anna: Any) -> None:
    as_anna.send("/account/changed")
    assert members.member_by_id(anna.id).guarded_since is not None  # type: ignore[union-attr]


def test_weeks_come_back_only_by_wish_and_a_stopped_pregnancy_only_when_named(as_anna: Any, anna: Any) -> None:
    child = makers.pregnancy(anna)
    as_anna.send("/account/changed")
    as_anna.send("/account/changed/resume", page="/account/changed")
    found = members.member_by_id(anna.id)
    assert found is not None
    assert found.guarded_since is None
    assert children_of(anna)[0].stopped_at is not None
    as_anna.send("/account/changed")
    as_anna.send("/account/changed/resume", {"children": [str(child.id)]}, page="/account/changed")
    db.session.expire_all()
    assert children_of(anna)[0].stopped_at is None


def test_a_new_pregnancy_lifts_the_guard_and_the_stopped_one_stays_stopped(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/changed")
    as_anna.send(HERE, {"kind": "pregnancy", "due_on": makers.day(200).isoformat()})
    found = members.member_by_id(anna.id)
    assert found is not None
    assert found.guarded_since is None
    assert [one.due_on for one in family_of(found, clock.today()).children] == [makers.day(200)]


def test_a_baby_born_just_after_midnight_is_told_the_same_night(as_anna: Any, anna: Any) -> None:
    child = makers.pregnancy(anna)
    clock.move_by(timedelta(hours=11, minutes=30))  # after the noon at which a test begins
    today = clock.today(anna.site.zone)
    assert today == clock.today() + timedelta(days=1)
    as_anna.send(f"{HERE}/{child.id}/born", {"born_on": today.isoformat()})
    assert [one.born_on for one in children_of(anna)] == [today]
