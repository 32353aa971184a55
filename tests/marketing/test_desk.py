"""The marketer's desk: who may look, what is shown, what never is, and that each look is on record."""

from typing import Any

import pytest

from community.core import audit, clock
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.profiles.models import Child, Fact
from community.service.models import Case
from community.shop.models import Customer, Order
from community.touchpoints.actions import project
from community.touchpoints.models import Verb
from tests import makers


def words(browser: Any, path: str) -> str:
    return " ".join(browser.see(path).css_first("main").text().split())


def profile_of(member: Member) -> str:
    return f"/marketing/members/{member.id}"


def an_order(member: Member, cents: int = 3995) -> None:
    with unit_of_work():
        customer = Customer(site=member.site, source="shop", external_id=str(member.id), email=member.email)
        customer.member_id = member.id
        order = Order(site=member.site, source="shop", number="A-17", ordered_at=clock.now(), total_cents=cents)
        order.customer = customer
        db.session.add(order)


@pytest.fixture
def cora_of_all_trades(cora: Member, did: Any) -> Member:
    sleep = [makers.article(f"Slaap {number}", theme="Sleep") for number in "ab"]
    for item in sleep:
        did(Verb.PAGE_READ, item.key)
    did(Verb.ORDER_PLACED, "order:1", cents=3995)
    makers.pregnancy(cora)
    an_order(cora)
    project()
    return cora


def test_only_who_may_see_profiles_comes_in(visitor, as_bob, as_editor, as_moderator, as_marketer, cora):
    for path in ("/marketing/", profile_of(cora), "/marketing/quality", "/marketing/segments/"):
        assert visitor.get(path).location.startswith("/sign-in?next=")
        assert [b.get(path).status_code for b in (as_bob, as_editor, as_moderator)] == [403] * 3
        assert as_marketer.get(path).status_code == 200


def test_members_of_other_sites_are_not_the_marketers(as_marketer, app):
    other = makers.member("Dale", site="en")
    assert as_marketer.get(profile_of(other)).status_code == 403
    assert "Dale" not in words(as_marketer, "/marketing/")
    assert as_marketer.get("/marketing/members/99999").status_code == 404


def test_the_profile_shows_phase_reasons_contacts_orders_and_stage(as_marketer, cora_of_all_trades):
    page = words(as_marketer, profile_of(cora_of_all_trades))
    for shown in ("Buy", "Why Buy", "Ordered", "Read a page: Slaap a", "Care", "week 24", "A-17", "€39.95", "know"):
        assert shown.lower() in page.lower(), shown


def test_facts_show_where_they_come_from(as_marketer, cora):
    with unit_of_work():
        row = Fact(member_id=cora.id, name="Shoe size", value="39", source="Summer survey", at=clock.now())
        db.session.add(row)
    page = words(as_marketer, profile_of(cora))
    assert all(word in page for word in ("Shoe size", "39", "Summer survey, 2"))


def test_without_the_yes_to_offers_what_was_done_is_for_the_service_alone(as_marketer, anna):
    makers.pregnancy(anna)
    makers.read(makers.article("Geheim lezen"), anna)
    makers.comment(makers.article("Openbaar"), anna)
    project()
    page = words(as_marketer, profile_of(anna))
    assert "did not agree to a profile for offers" in page
    for hidden in ("Wrote a comment", "Openbaar", "Geheim lezen", "week 24", "Orders", "Customer service"):
        assert hidden not in page


def test_reading_from_before_the_yes_to_offers_is_not_shown(as_marketer, cora):
    makers.read(makers.article("Vroeger"), cora, allows="pa")
    makers.read(makers.article("Later"), cora, allows="pao")
    page = words(as_marketer, profile_of(cora))
    assert "Vroeger" not in page
    assert "Read a page: Later" in page


def test_what_was_done_before_the_yes_to_offers_is_not_shown(as_marketer, anna):
    makers.comment(makers.article("Vroeger"), anna)
    with unit_of_work():
        db.session.get_one(Member, anna.id).offers = True
    makers.comment(makers.article("Later"), anna)
    page = words(as_marketer, profile_of(anna))
    assert "Vroeger" not in page
    assert "Later" in page


def test_after_something_changed_the_profile_asks_for_care_and_shows_no_family(as_marketer, cora_of_all_trades, did):
    baby = makers.article("Wiegje kiezen", stage=(-100, 30))
    did(Verb.PAGE_READ, baby.key)
    did(Verb.PREGNANCY_CHANGED, cora_of_all_trades.key)
    with unit_of_work():
        db.session.get_one(Member, cora_of_all_trades.id).guarded_since = clock.now()
    page = words(as_marketer, profile_of(cora_of_all_trades))
    assert "Handle with care" in page
    for hidden in ("week 24", "Wiegje", "Pregnancy"):
        assert hidden not in page


def test_what_an_anonymous_parent_wrote_or_a_club_said_has_no_name_here(as_marketer, cora):
    makers.reply(makers.topic(makers.board(), makers.member(), "Stil verdriet"), cora, is_anonymous=True)
    group = makers.club(members=[cora])
    makers.topic(makers.board(site="nl", club=group, title="Club"), cora, "Onder ons gezegd")
    page = words(as_marketer, profile_of(cora))
    assert "Stil verdriet" not in page
    assert "Onder ons" not in page


def test_each_look_is_on_record_before_the_page_and_the_member_sees_it(as_marketer, cora, browser_of):
    as_marketer.get(profile_of(cora))
    [entry] = db.session.query(AuditEntry).filter_by(about=cora.key, deed="profile.viewed")
    assert entry.facts == {"role": "marketer"}
    assert audit.first_broken() is None
    looks = browser_of(cora).see("/account/privacy").css("[aria-labelledby=looks] li")
    assert [" ".join(look.text().split())[-9:] for look in looks] == ["marketing"]
    as_marketer.get(profile_of(cora))
    assert len(browser_of(cora).see("/account/privacy").css("[aria-labelledby=looks] li")) == 1


def test_a_member_nobody_looked_at_reads_so(as_bob):
    section = as_bob.see("/account/privacy").css_first("[aria-labelledby=looks]")
    assert section.css("li") == []
    assert section.css_first("p") is not None


def test_members_are_found_by_name_by_address_and_by_segment(as_marketer, cora, bob, did):
    did(Verb.ORDER_PLACED, "order:1", cents=5)
    project()
    assert "Cora" in words(as_marketer, "/marketing/?q=cor")
    found = words(as_marketer, "/marketing/?q=bob@example")
    assert "Bob" in found
    assert "Cora" not in found


def test_cases_are_counted_and_their_words_are_not_told(as_marketer, cora):
    now = clock.now()
    with unit_of_work():
        row = Case(site=cora.site, kind="question", subject="Mijn geheim", member_id=cora.id, email="x@example.org")
        row.digest, row.opened_at, row.due_at, row.changed_at = "d", now, now, now
        db.session.add(row)
    page = words(as_marketer, profile_of(cora))
    assert "1 case" in page
    assert "Mijn geheim" not in page


def test_the_statements_of_a_profile_do_not_grow_with_what_happened(as_marketer, cora, did, statements):
    def counted() -> int:
        project()
        as_marketer.get(profile_of(cora))
        return len(statements(lambda: as_marketer.get(profile_of(cora))))

    for number in range(5):
        did(Verb.PAGE_READ, makers.article(theme=f"Theme {number}").key)
    an_order(cora)
    few = counted()
    for number in range(70):
        did(Verb.PAGE_READ, makers.article(theme=f"More {number}").key)
        did(Verb.ORDER_PLACED, f"order:{number}", cents=10)
    assert counted() == few
    assert "Earlier" in words(as_marketer, profile_of(cora))


def test_the_statements_of_the_list_do_not_grow_with_the_members(as_marketer, statements):
    for _five in range(5):
        makers.member()
    few = len(statements(lambda: as_marketer.get("/marketing/")))
    for _more in range(15):
        makers.member(consents=("offers",))
    assert len(statements(lambda: as_marketer.get("/marketing/"))) == few


def test_data_quality_counts_each_flaw_and_names_who_has_it(as_marketer, cora, anna, bob):
    makers.pregnancy(cora)
    with unit_of_work():
        child = db.session.query(Child).one()
        child.due_on = makers.day(-120)
        db.session.add(Customer(site=anna.site, source="shop", external_id="7", email=anna.email))
    assert "Bob" in words(as_marketer, "/marketing/quality?flaw=no-consent")
    assert "Cora" in words(as_marketer, "/marketing/quality?flaw=stale")
    assert "Anna" in words(as_marketer, "/marketing/quality?flaw=twice")
    assert "Nobody" in words(as_marketer, "/marketing/quality?flaw=bounced")
    with unit_of_work():
        db.session.get_one(Member, cora.id).guarded_since = clock.now()
    assert "Cora" not in words(as_marketer, "/marketing/quality?flaw=stale")
