"""Audiences on the page: put together by buttons, counted at each press, kept, listed, taken out as a file."""

import csv
import io
import time
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from community.core import clock
from community.core.audit import AuditEntry
from community.core.csv_out import csv_of, harmless
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.members.views import PROVED_AT
from community.messages.models import Bounce
from community.profiles.models import Standing
from community.segments.conditions import Clause, Group
from community.segments.models import Segment
from community.segments.queries import audience
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import Verb
from tests import makers
from tests.marketing.conftest import EVERYTHING

NEW = "/marketing/segments/new?of=nl"
NL = SITES["nl"]


def words(page: Any) -> str:
    return " ".join(page.css_first("main").text(separator=" ").split())


def filled(page: Any) -> dict[str, str]:
    """What the form on a page would send."""
    form = page.css_first("form.segment")
    sent = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input")}
    for choice in form.css("select"):
        chosen = choice.css_first("option[selected]") or choice.css_first("option")
        sent[choice.attributes["name"]] = chosen.attributes["value"] if chosen else ""
    return sent


def press(browser: Any, page: Any, button: str, path: str = NEW, **fields: str) -> Any:
    answer = browser.post(path, data={**filled(page), "do": button, **fields}, follow_redirects=True)
    assert answer.status_code in (200, 422), answer.text
    return LexborHTMLParser(answer.text)


def keep(conditions: dict[str, Any], name: str = "Anybody") -> int:
    with unit_of_work():
        now = clock.now()
        row = Segment(site=NL, name=name, conditions=conditions, created_at=now, changed_at=now)
        db.session.add(row)
        db.session.flush()
        return row.id


@pytest.fixture
def sleepers(cora: Member, did: Any) -> Member:
    """Cora is in week 24 and read twice about sleep; others fit a part of that."""
    makers.pregnancy(cora)
    for number in "ab":
        did(Verb.PAGE_READ, makers.article(f"Slaap {number}", theme="Sleep").key)
    other = makers.member("Wilma", consents=EVERYTHING)
    makers.pregnancy(other)
    makers.pregnancy(makers.member("Zonder ja"))
    project()
    return cora


def test_three_conditions_are_put_together_by_buttons_alone_and_hold_who_fits(as_marketer, sleepers):
    page = press(as_marketer, as_marketer.see(NEW), "add", **{"field-new": "week"})
    page = press(as_marketer, page, "count", **{"0-0-low": "20", "0-0-high": "30"})
    assert "who are in week 20 to 30 of a pregnancy" in words(page)
    assert "2 members" in words(page)
    page = press(as_marketer, page, "add", **{"field-new": "read"})
    page = press(as_marketer, page, "count", **{"1-0-number": "2", "1-0-days": "14"})
    assert "1 member" in words(page)
    page = press(as_marketer, page, "add", **{"field-new": "orders"})
    assert "who read about Sleep at least 2 times in the last 14 days, and who did not order yet" in words(page)
    page = press(as_marketer, page, "save", name="Sleepless")
    assert page.css_first("h1").text() == "Sleepless"
    assert "Cora" in words(page)
    assert "Wilma" not in words(page)
    assert "Sleepless" in words(as_marketer.see("/marketing/segments/"))
    assert "Sleepless" in words(as_marketer.see(f"/marketing/members/{sleepers.id}"))
    assert "Cora" in words(as_marketer.see(f"/marketing/?segment={db.session.query(Segment).one().id}"))


def test_a_block_holds_either_of_its_conditions_and_one_may_be_turned_round(as_marketer, sleepers):
    page = press(as_marketer, as_marketer.see(NEW), "add", **{"field-new": "week"})
    page = press(as_marketer, page, "add-0", **{"field-0": "ambassador"})
    page = press(as_marketer, page, "add", **{"field-new": "read"})
    page = press(as_marketer, page, "count", **{"1-0-not": "not"})
    assert "(who are in week 0 to 42 of a pregnancy, or who are ambassadors)" in words(page)
    assert "who are not among those who read about Sleep" in words(page)
    assert "Wilma" in words(page)
    page = press(as_marketer, page, "remove-0-1")
    assert "ambassadors" not in page.css_first("[aria-labelledby=reads]").text()


def test_a_wrong_number_says_so_at_its_condition_and_keeps_what_was_typed(as_marketer, sleepers):
    page = press(as_marketer, as_marketer.see(NEW), "add", **{"field-new": "week"})
    page = press(as_marketer, page, "save", name="Too far", **{"0-0-high": "99"})
    assert "Write a whole number from 0 to 42." in words(page)
    assert filled(page)["0-0-high"] == "99"
    assert db.session.query(Segment).count() == 0


def test_an_audience_without_a_condition_or_a_name_is_not_kept(as_marketer):
    page = press(as_marketer, as_marketer.see(NEW), "save", name="Everybody")
    assert "Add a condition first" in words(page)
    page = press(as_marketer, press(as_marketer, page, "add", **{"field-new": "orders"}), "save", name=" ")
    assert "Give it a name." in words(page)


def test_a_saved_audience_is_renamed_changed_and_thrown_away(as_marketer, sleepers):
    number = keep({"all": [{"field": "orders", "is": "none"}]})
    path = f"/marketing/segments/{number}/edit"
    page = press(as_marketer, as_marketer.see(path), "add", path, **{"field-new": "week"})
    page = press(as_marketer, page, "save", path, name="Expecting")
    assert page.css_first("h1").text() == "Expecting"
    assert [c["field"] for c in db.session.query(Segment).one().conditions["all"]] == ["orders", "week"]
    as_marketer.send(f"/marketing/segments/{number}/remove")
    assert db.session.query(Segment).count() == 0
    deeds = [row.deed for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert deeds[-2:] == ["segment.changed", "segment.removed"]


def test_who_cannot_be_written_to_is_counted_and_not_reached(app, cora):
    everybody = Group((Clause("orders", "none"),))

    def heads() -> tuple[int, int]:
        db.session.rollback()
        found = audience.heads(everybody, NL)
        return found.count, found.reachable_count

    for name in ("Gustaaf", "Klaas", "Bea"):
        makers.member(name, consents=("offers",))
    assert heads() == (4, 4)
    with unit_of_work():
        guarded, complaining, gone = (
            db.session.query(Member).filter_by(name=n).one() for n in ("Gustaaf", "Klaas", "Bea")
        )
        guarded.guarded_since = clock.now()
        db.session.add(Standing(member_id=complaining.id, complaint_count=1))
        db.session.add(Bounce(address=gone.email, source="x", kind="hard", at=clock.now()))
    assert heads() == (4, 1)
    with unit_of_work():
        db.session.get_one(Member, cora.id).offers = False
    assert heads() == (3, 0)


def test_the_file_holds_who_is_in_it_and_what_they_agreed_to_and_is_on_record(as_marketer, sleepers):
    with unit_of_work():
        db.session.get_one(Member, sleepers.id).name = "=cmd|' /C calc'!A0"
    number = keep({"all": [{"field": "read", "is": "any", "number": 2, "days": 30}]})
    answer = as_marketer.get(f"/marketing/segments/{number}/members.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:2] == ["Name", "E-mail address"]
    assert [row[0] for row in rows[1:]] == ["'=cmd|' /C calc'!A0"]
    assert rows[1][5:] == ["yes", "yes", "yes"]
    [entry] = db.session.query(AuditEntry).filter_by(deed="segment.exported")
    assert (entry.about, entry.facts) == (f"segment:{number}", {"rows": 1})


def test_the_file_asks_for_the_second_step_again_and_for_the_right(as_marketer, as_editor, browser_of, sleepers):
    number = keep({"all": [{"field": "orders", "is": "none"}]})
    path = f"/marketing/segments/{number}/members.csv"
    assert as_editor.get(path).status_code == 403
    with as_marketer.session_transaction() as session:
        session[PROVED_AT] = time.time() - 3600
    assert "/account/security/code" in as_marketer.get(path).location
    service = browser_of(makers.member("Servi", role="service", role_site="nl"))
    assert service.get(path).status_code == 403
    assert service.get("/marketing/").status_code == 200


def test_audiences_of_another_site_are_nobody_elses(as_marketer, app):
    with unit_of_work():
        now = clock.now()
        row = Segment(site=SITES["en"], name="English", conditions={"all": []}, created_at=now, changed_at=now)
        db.session.add(row)
        db.session.flush()
        number = row.id
    for path in ("", "/edit", "/remove", "/members.csv"):
        assert as_marketer.get(f"/marketing/segments/{number}{path}").status_code == 404
    assert "English" not in words(as_marketer.see("/marketing/segments/"))


def test_the_statements_of_an_audience_do_not_grow_with_its_members(as_marketer, statements):
    number = keep({"all": [{"field": "orders", "is": "none"}]})
    path = f"/marketing/segments/{number}"

    def counted() -> int:
        as_marketer.get(path)
        return len(statements(lambda: as_marketer.get(path)))

    for _five in range(5):
        makers.member(consents=("offers",))
    few = counted()
    for _more in range(45):
        makers.member(consents=("offers",))
    assert counted() == few
    assert as_marketer.see(path).css_first("a[href*='before=']") is not None


def test_the_statements_of_a_profile_do_not_grow_with_the_segments(as_marketer, cora, statements):
    path = f"/marketing/members/{cora.id}"
    for number in range(5):
        keep({"all": [{"field": "orders", "is": "none"}]}, f"S{number}")
    as_marketer.get(path)
    few = len(statements(lambda: as_marketer.get(path)))
    for number in range(45):
        keep({"all": [{"field": "contacts", "is": "at_least", "number": number + 1}]}, f"T{number}")
    assert len(statements(lambda: as_marketer.get(path))) == few


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_cell_begins_like_a_formula(text):
    assert harmless(text).startswith("'")
    assert csv_of(("a",), [(text,)]).splitlines()[1:]


def test_numbers_and_words_stay_as_they_are():
    assert (harmless(-3), harmless("Anna"), harmless(None)) == (-3, "Anna", None)


def test_a_condition_shows_only_the_values_that_its_way_of_asking_needs(as_marketer):
    def shown(page: Any) -> set[str]:
        return {i.attributes["name"] for i in page.css(".segment__value:not([hidden]) .segment__input")}

    page = press(as_marketer, as_marketer.see(NEW), "add", **{"field-new": "read"})
    assert shown(page) == {"0-0-value", "0-0-number", "0-0-days"}
    page = press(as_marketer, page, "count", **{"0-0-is": "any"})
    assert shown(page) == {"0-0-number", "0-0-days"}
    page = press(as_marketer, page, "count", **{"0-0-is": "about"})
    assert shown(page) == {"0-0-value", "0-0-number", "0-0-days"}
