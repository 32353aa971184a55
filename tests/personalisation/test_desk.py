"""The desk of slots: rules are audited, somebody made up leaves no trace, experiments go from begin to file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import func, select

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.personalisation.experiments import way_of
from community.personalisation.models import Experiment, Shown, SlotSetting, Trial
from community.personalisation.queries import plans
from community.personalisation.slots import Slot
from community.segments.conditions import Group, as_json
from community.segments.models import Segment
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint
from tests import makers

NL, EN = SITES["nl"], SITES["en"]
WEEK_24 = (-119, -92)
HOME = "/studio/slots/home?of=nl"
RULES = {"count": "3", "most_topic": "1", "pins": "", "goes_by_chance": "y"}


@pytest.fixture
def as_marketer(app: Any, browser_of: Any) -> Any:
    return browser_of(makers.member("Mara", site="en", role="marketer", role_site="nl"))


def deeds() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.deed).where(AuditEntry.deed != "role.granted").order_by(AuditEntry.id))
    )


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_marketer_sets_a_slot_and_it_is_on_record(as_marketer: Any) -> None:
    makers.article("Our picnic")
    pinned = {**RULES, "parts": ["stage", "chosen"], "pins": "http://localhost/nl/articles/our-picnic"}
    assert as_marketer.send(HOME, pinned).status_code == 303
    rules = plans.present_rules(NL, Slot.HOME)
    assert (rules.count, rules.most, rules.parts, len(rules.pins)) == (3, {"topic": 1}, ("stage", "chosen"), 1)
    assert deeds() == ["slot.changed"]
    page = as_marketer.see(HOME)
    assert "3 items; at most 1 of: conversations; only where" in page.css_first(".lead").text()
    assert page.css_first("textarea[name=pins]").text().strip() == "/nl/articles/our-picnic"
    assert as_marketer.send(HOME, pinned).status_code == 303  # the same again is no new version
    assert db.session.get_one(SlotSetting, (NL, "home")).version == 1


def test_wrong_rules_are_said_at_their_field(as_marketer: Any) -> None:
    answer = as_marketer.send(HOME, {**RULES, "count": "99", "most_topic": "-1"})
    assert answer.status_code == 422
    assert answer.text.count("A number from") >= 2
    answer = as_marketer.send(HOME, {**RULES, "pins": "/nl/articles/no-such-thing"})
    assert answer.status_code == 422
    assert "leads to nothing" in answer.text
    assert count(SlotSetting) == 0


def test_a_mix_that_cannot_be_is_said_at_its_field(as_marketer: Any) -> None:
    answer = as_marketer.send(HOME, {**RULES, "least_topic": "2"})  # at most one may come
    assert answer.status_code == 422
    assert "more than at most may come" in answer.text
    answer = as_marketer.send(HOME, {**RULES, "least_article": "4"})  # of three
    assert answer.status_code == 422
    assert "more than the number of items" in answer.text
    assert as_marketer.send(HOME, {**RULES, "least_topic": "1"}).status_code == 303
    assert "at least 1 of: conversations" in as_marketer.see(HOME).css_first(".lead").text()


def test_another_sites_slots_are_not_for_this_marketer(as_marketer: Any) -> None:
    assert as_marketer.get("/studio/slots/?of=en").status_code == 403
    assert as_marketer.get("/studio/slots/home?of=en").status_code == 403
    assert as_marketer.get("/studio/slots/nowhere").status_code == 404


def test_a_member_may_not_come_in(as_anna: Any) -> None:
    assert as_anna.get("/studio/slots/").status_code == 403
    assert as_anna.get("/studio/experiments/1").status_code == 403


def test_somebody_made_up_finds_what_fits_and_leaves_no_trace(as_marketer: Any) -> None:
    makers.article("Week 24", stage=WEEK_24)
    makers.article("Teething", stage=(120, 240))
    makers.article("Money")
    before = count(Touchpoint)

    def found(stage: str, number: int) -> str:
        page = as_marketer.see(f"/studio/slots/home?of=nl&stage={stage}&number={number}")
        return str(page.css_first("[aria-labelledby=tried] ol").text())

    assert "Week 24" in found("week", 24)
    assert "You are in week 24" in found("week", 24)
    assert "Teething" not in found("week", 24)
    assert "Teething" in found("month", 6)
    changed = found("changed", 0)
    assert "Money" in changed
    assert "Week 24" not in changed
    assert "Teething" not in changed
    assert (count(Touchpoint), count(Shown)) == (before, 0)


def test_a_marketer_looks_through_a_members_eyes_and_the_member_sees_it(as_marketer: Any, browser_of: Any) -> None:
    sanne = makers.member("Sanne", consents=("personalisation", "offers"))
    makers.pregnancy(sanne)
    makers.article("Week 24", stage=WEEK_24)
    page = as_marketer.see("/studio/slots/home?of=nl&member=sanne").css_first("[aria-labelledby=tried]")
    assert "Week 24" in page.css_first("ol").text()
    assert "Sanne" in page.css_first("h3").text()
    assert deeds() == ["profile.viewed"]
    assert count(Shown) == 0
    looks = browser_of(sanne).see("/account/privacy").css_first("[aria-labelledby=looks]")
    assert len(looks.css("li")) == 1


def test_whoever_did_not_agree_or_is_guarded_or_elsewhere_is_not_looked_through(as_marketer: Any, bob: Any) -> None:
    guarded = makers.member("Sanne", consents=("offers",))
    with unit_of_work():
        db.session.get_one(Member, guarded.id).guarded_since = clock.now()
    makers.member("Ella", site="en", consents=("offers",))
    for name in ("bob", "sanne", "ella", "nobody-at-all"):
        page = as_marketer.see(f"/studio/slots/home?of=nl&member={name}")
        assert "Nobody there whose list you may see." in page.text()
    assert deeds() == []


def test_three_of_a_segment_are_looked_through_by_a_marketer_alone(
    as_marketer: Any, browser_of: Any, editor: Any
) -> None:
    for name in ("Sanne", "Emma", "Cleo", "Dora"):
        makers.member(name, consents=("offers",))
    with unit_of_work():
        segment = Segment(site=NL, name="All", conditions=as_json(Group()))
        segment.created_at = segment.changed_at = clock.now()
        db.session.add(segment)
    path = f"/studio/slots/home?of=nl&segment={segment.id}"
    assert len(as_marketer.see(path).css("[aria-labelledby=tried] h3")) == 3
    assert deeds() == ["profile.viewed"] * 3
    page = browser_of(editor).see(path)
    assert not page.css("#segment, #member, [aria-labelledby=tried] h3")
    assert len(deeds()) == 3


def test_a_slot_beside_something_is_tried_beside_it(as_marketer: Any) -> None:
    makers.article("Sleep one", theme="Sleep")
    makers.article("Sleep two", theme="Sleep")
    asks = as_marketer.see("/studio/slots/article?of=nl")
    assert "Give the address of a page" in asks.text()
    page = as_marketer.see("/studio/slots/article?of=nl&beside=/nl/articles/sleep-one")
    assert "Sleep two" in page.css_first("[aria-labelledby=tried] ol").text()


def test_a_sheet_for_the_till_has_words_and_a_picture_for_the_phone(as_marketer: Any) -> None:
    makers.article("Week 24", stage=WEEK_24)
    page = as_marketer.see("/studio/slots/leaflet/print?of=nl&stage=week&number=24")
    assert page.css_first(".leaflet h2").text().strip() == "Week 24"
    assert "http://localhost/nl/articles/week-24" in page.css_first(".leaflet").text()
    assert page.css_first(".leaflet svg.squares") is not None


def begun(browser: Any, percent: int = 50) -> int:
    path = "/studio/experiments/new/home?of=nl"
    assert browser.send(path, {**RULES, "name": "Fewer", "percent": str(percent)}).status_code == 303
    return int(db.session.scalars(select(Experiment.id)).one())


def test_an_experiment_begins_from_a_slot_and_only_one_at_a_time(as_marketer: Any) -> None:
    begun(as_marketer)
    again = as_marketer.send("/studio/experiments/new/home?of=nl", {**RULES, "name": "More", "percent": "10"})
    assert again.status_code == 422
    assert "An experiment runs in this slot" in again.text
    assert "Fewer" in as_marketer.see("/studio/slots/?of=nl").text()
    assert deeds() == ["experiment.begun"]


def test_all_experiments_stand_on_one_page_running_first(as_marketer: Any) -> None:
    assert "No experiments yet" in as_marketer.see("/studio/experiments/?of=nl").text()
    number = begun(as_marketer)
    text = as_marketer.see("/studio/experiments/").text()
    assert "They run" in text
    assert "They have ended" not in text
    as_marketer.send(f"/studio/experiments/{number}/end", page=f"/studio/experiments/{number}")
    text = as_marketer.see("/studio/experiments/?of=nl").css_first("[aria-labelledby=ended]").text()
    assert "Fewer" in text
    assert "No experiment runs" in as_marketer.see("/studio/slots/?of=nl").text()
    assert as_marketer.get("/studio/experiments/?of=en").status_code == 403


def test_an_experiment_that_changes_nothing_is_refused(as_marketer: Any) -> None:
    same = {"count": "6", "goes_by_chance": "y", "name": "The same", "percent": "10"}
    answer = as_marketer.send("/studio/experiments/new/home?of=nl", same)
    assert answer.status_code == 422
    assert "Change something" in answer.text


def test_a_report_says_when_it_is_too_early_and_when_one_may_stop(as_marketer: Any) -> None:
    number = begun(as_marketer)
    path = f"/studio/experiments/{number}"
    assert "Too early to say" in as_marketer.see(path).css_first(".lead").text()
    enter(number, {"usual": 1, "other": 2})
    assert "It helps" in as_marketer.see(path).css_first(".lead").text()
    file = as_marketer.get(f"{path}.csv")
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert file.mimetype == "text/csv"
    assert rows[0][1:3] == ["Persons", "Items read per person"]
    assert 0.5 < float(rows[2][4]) < 1.5
    assert deeds()[-1] == "experiment.exported"


def test_what_was_tried_can_become_the_usual_way_and_ends(as_marketer: Any) -> None:
    path = f"/studio/experiments/{begun(as_marketer)}"
    answer = as_marketer.send(f"{path}/take-over", page=path)
    assert answer.status_code == 303
    assert plans.present_rules(NL, Slot.HOME).count == 3
    assert deeds() == ["experiment.begun", "experiment.ended", "slot.changed"]
    assert not HTMLParser(as_marketer.get(path).text).css("form[method=post][action$=end]")
    assert as_marketer.post(f"{path}/end", data={"csrf_token": as_marketer.token()}).status_code == 404


def test_a_holdout_begins_once_and_ends(as_marketer: Any) -> None:
    sent = as_marketer.send("/studio/experiments/holdout?of=nl", {"percent": "5"}, page="/studio/slots/?of=nl")
    path = sent.location
    assert "What is read most" in as_marketer.see(path).text()
    assert as_marketer.send(f"{path}/end", page=path).status_code == 303
    assert deeds() == ["experiment.begun", "experiment.ended"]


def enter(number: int, means: dict[str, int]) -> None:
    """So many persons whose week is over; every other reads one item more than the mean, the others one less."""
    with unit_of_work():
        for person in range(600):
            way = way_of(f"v{person}", number, 50)
            read = means[way] + (1 if person % 2 else -1)
            at = clock.now() - timedelta(days=9)
            db.session.add(Trial(experiment_id=number, person=f"v{person}", arm=way, began_at=at, read_count=read))


def test_weeks_that_were_cut_short_do_not_count(as_marketer: Any) -> None:
    number = begun(as_marketer)
    with unit_of_work():
        trial = Trial(experiment_id=number, person="v1", arm="other", began_at=clock.now())
        db.session.add(trial)
    as_marketer.send(f"/studio/experiments/{number}/end", page=f"/studio/experiments/{number}")
    assert count(Trial) == 0
