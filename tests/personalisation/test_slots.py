"""Slots: one call, rules of the staff, pins, what was shown too often, the holdout, chance, and the log."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import func, select

from community.core import clock, memory
from community.core.db import db, unit_of_work
from community.items.models import Item, State
from community.members.models import Member, Purpose, Visitor
from community.personalisation import actions, slots_actions
from community.personalisation.experiments import Way, number_of
from community.personalisation.models import Shown, Trial
from community.personalisation.queries.slots import offer_for, offer_of_visit
from community.personalisation.slots import ONE_LIST_IN, Chance, Channel, Offer, Place, Rules, Slot, chance_of
from community.profiles.queries import family_of
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import Touchpoint
from tests import makers

NL = SITES["nl"]
HOME = Place(Slot.HOME, NL)
WEEK_24 = (-119, -92)


@pytest.fixture(autouse=True)
def _in_english(app: Any) -> Any:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        yield


@pytest.fixture
def staff(app: Any) -> Member:
    return makers.member("Eva", role="editor", role_site="nl")


def offered(who: Any, place: Place = HOME, **more: Any) -> Offer:
    db.session.rollback()
    today = clock.today(NL.zone)
    return offer_for(who, place, family_of(who, today), today, **more)


def titles(offer: Offer) -> list[str]:
    return [one.item.title for one in offer.recommended]


def set_rules(rules: Rules, by: Member, slot: Slot = Slot.HOME) -> None:
    with unit_of_work():
        slots_actions.change_rules(NL, slot, rules, db.session.get_one(Member, by.id))


def show(offer: Offer, days_ago: int = 0) -> None:
    with unit_of_work():
        slots_actions.keep_offers([offer.as_log(clock.now() - timedelta(days=days_ago))])


def log() -> list[Shown]:
    db.session.rollback()
    return list(db.session.scalars(select(Shown).order_by(Shown.slot, Shown.position)))


def test_the_same_call_gives_the_same_items_on_the_page_and_in_the_letter(anna: Any) -> None:
    makers.pregnancy(anna)
    for number in range(9):
        makers.article(f"Week {number}", theme=f"Theme {number % 3}", stage=WEEK_24)
    home, letter = titles(offered(anna)), titles(offered(anna, Place(Slot.MAIL, NL, channel=Channel.MAIL)))
    assert (len(home), len(letter)) == (6, 4)
    assert letter == home[:4]


def test_rules_set_number_kinds_and_reasons(anna: Any, staff: Member) -> None:
    makers.pregnancy(anna)
    for number in range(4):
        makers.article(f"Week {number}", stage=WEEK_24)
        makers.article(f"Any time {number}")
    board = makers.board("Talk")
    for number in range(3):
        makers.topic(board, staff, f"Talk {number}")
    set_rules(Rules(5, most={"topic": 1}, goes_by_chance=False), staff)
    assert len(titles(offered(anna))) == 5
    assert sum(title.startswith("Talk") for title in titles(offered(anna))) <= 1
    set_rules(Rules(8, parts=("stage",), goes_by_chance=False), staff)
    assert {title[:4] for title in titles(offered(anna))} == {"Week"}
    assert offered(anna).choice.version == 2


def test_a_kind_has_the_places_that_are_owed_to_it(anna: Any, staff: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.pregnancy(anna)
    for number in range(30):
        makers.article(f"Week {number}", stage=WEEK_24)
    board = makers.board("Talk")
    for number in range(3):
        makers.topic(board, staff, f"Talk {number}")
    set_rules(Rules(3, parts=("stage",), goes_by_chance=False), staff)
    assert {title[:4] for title in titles(offered(anna))} == {"Week"}
    set_rules(Rules(3, least={"topic": 2, "product": 1}), staff)
    found = titles(offered(anna))
    assert len(found) == 3  # no product may come, so its place is another's
    assert sum(title.startswith("Talk") for title in found) >= 2
    monkeypatch.setattr("community.personalisation.queries.slots.chance_of", lambda *_asked: Chance(4 * ONE_LIST_IN))
    set_rules(Rules(2, least={"topic": 1}), staff)
    assert any(title.startswith("Talk") for title in titles(offered(anna)))


def test_a_mix_keeps_places_for_what_is_owed_and_gives_back_what_nobody_fills() -> None:
    def kinds(rules: Rules, found: str) -> str:
        chosen, _rest = rules.mixed(SimpleNamespace(item=SimpleNamespace(kind=letter)) for letter in found)
        return "".join(one.item.kind for one in chosen)

    assert kinds(Rules(3, least={"t": 1}), "aaaat") == "aat"
    assert kinds(Rules(3, least={"t": 1}), "taaa") == "taa"
    assert kinds(Rules(3, least={"t": 2}), "aaaa") == "aaa"
    assert kinds(Rules(3, least={"t": 1, "b": 1}, most={"a": 0}), "aatttb") == "ttb"
    assert kinds(Rules(2, most={"a": 1}), "aaat") == "at"


def test_a_pin_comes_first_with_its_reason_and_never_past_the_gate(anna: Any, bob: Any, staff: Member) -> None:
    makers.pregnancy(anna)
    for number in range(3):
        makers.article(f"Week {number}", stage=WEEK_24)
    pin, baby = makers.article("Our picnic"), makers.article("Teething", stage=(120, 240))
    set_rules(Rules(3, pins=(pin.id, baby.id), goes_by_chance=False), staff)
    found = offered(anna)
    assert titles(found)[0] == "Our picnic"
    assert found.recommended[0].reasons[0] == "Our editors chose this."
    assert "Teething" not in titles(found)
    with unit_of_work():
        actions.dismiss(db.session.get_one(Member, anna.id), db.session.get_one(Item, pin.id))
    assert "Our picnic" not in titles(offered(anna))
    assert "Our picnic" in titles(offered(bob))


def test_a_pin_stands_at_the_end_of_every_article_but_its_own(anna: Any, staff: Member) -> None:
    pin, other = makers.article("Our picnic"), makers.article("Other")
    set_rules(Rules(4, pins=(pin.id,), goes_by_chance=False), staff, Slot.ARTICLE)
    assert "Our picnic" in titles(offered(anna, Place(Slot.ARTICLE, NL, other)))
    assert "Our picnic" not in titles(offered(anna, Place(Slot.ARTICLE, NL, pin)))


def test_nothing_stands_beside_a_quiet_item(anna: Any, staff: Member) -> None:
    pin, quiet = makers.article("Our picnic"), makers.article("A loss", is_quiet=True)
    set_rules(Rules(4, pins=(pin.id,)), staff, Slot.ARTICLE)
    assert titles(offered(anna, Place(Slot.ARTICLE, NL, quiet))) == []


def test_what_was_shown_in_five_visits_and_not_read_leaves_the_list(anna: Any) -> None:
    for number in range(3):
        makers.article(f"Article {number}")
    for days_ago in (9, 7, 5, 3):
        show(offered(anna), days_ago)
    show(offered(anna), 3)  # the same visit
    assert len(titles(offered(anna))) == 3
    show(offered(anna), 1)
    assert titles(offered(anna)) == []


def test_what_was_not_shown_for_two_months_may_come_again(anna: Any) -> None:
    makers.article("Old friend")
    offer = offered(anna)
    for days_ago in (80, 75, 70, 65, 62):
        show(offer, days_ago)
    assert titles(offered(anna)) == []
    slots_actions.forget_shown()
    assert titles(offered(anna)) == ["Old friend"]


def test_the_log_holds_position_version_and_one_row_for_each_item(anna: Any, staff: Member) -> None:
    for number in range(3):
        makers.article(f"Article {number}")
    set_rules(Rules(3, goes_by_chance=False), staff)
    for days_ago in (3, 2, 1):
        show(offered(anna), days_ago)
    assert [(row.person, row.slot, row.position, row.times, row.version) for row in log()] == [
        (f"m{anna.id}", "home", position, 3, 1) for position in (1, 2, 3)
    ]


def test_without_consent_nothing_is_kept(bob: Any, anna: Any) -> None:
    makers.article("Article")
    assert offered(bob).person is None
    offer = offered(anna)
    with unit_of_work():
        db.session.get_one(Member, anna.id).personalisation = False
    show(offer)  # gathered before the withdrawal, stored after it
    assert log() == []


def test_withdrawal_takes_what_was_shown_along(anna: Any) -> None:
    makers.article("Article")
    show(offered(anna))
    with unit_of_work():
        actions.forget(db.session.get_one(Member, anna.id))
    assert log() == []


def test_the_holdout_sees_what_is_read_most_in_every_slot_within_the_gate(anna: Any, bob: Any, staff: Member) -> None:
    makers.pregnancy(anna)
    makers.article("This week", stage=WEEK_24)
    baby, popular, lead = (
        makers.article("Teething", stage=(120, 240)),
        makers.article("Popular"),
        makers.article("Lead"),
    )
    for name in ("Cleo", "Dora", "Ella"):
        other = makers.member(name, consents=("personalisation",))
        for item in (baby, popular):
            makers.read(item, other)
    project()
    with unit_of_work():
        by = db.session.get_one(Member, staff.id)
        made = slots_actions.begin_experiment(NL, None, "Holdout", 100, Rules(0, is_plain=True), by)
    for place in (HOME, Place(Slot.ARTICLE, NL, lead)):
        assert titles(offered(anna, place)) == ["Popular"]
    assert "This week" in titles(offered(bob))  # who agreed to nothing takes no part
    show(offered(anna))
    trial = db.session.get_one(Trial, (made.id, f"m{anna.id}"))
    assert trial.arm == Way.OTHER
    assert {row.arm for row in log()} == {"holdout"}


def test_one_list_in_fifty_has_one_place_by_chance(anna: Any) -> None:
    now = clock.now()
    taken = [chance_of(f"m{number}", NL, now) for number in range(5_000)]
    assert 60 <= sum(chance.is_taken for chance in taken) <= 140
    assert {chance.put_in([1, 2, 3], [4, 5], [0, 2]) for chance in taken if chance.is_taken} == {0, 2}
    assert not chance_of(None, NL, now).is_taken
    assert number_of("m1", "x") == number_of("m1", "x")


def test_the_list_by_chance_is_logged_as_such(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        makers.article(f"Article {number}")
    usual = titles(offered(anna))
    taken = Chance(3 * ONE_LIST_IN)
    monkeypatch.setattr("community.personalisation.queries.slots.chance_of", lambda *_asked: taken)
    offer = offered(anna)
    assert len(set(titles(offer)) - set(usual)) == 1
    assert offer.chance_at is not None
    show(offer)
    assert [row.position for row in log() if row.by_chance] == [offer.chance_at + 1]


def test_a_visit_of_whom_nothing_is_kept_leads_on_from_what_it_read(app: Any) -> None:
    for number in range(4):
        makers.article(f"Sleep {number}", theme="Sleep")
        makers.article(f"Food {number}", theme="Food")
    read = db.session.scalars(select(Item.id).where(Item.title.in_(("Sleep 0", "Sleep 1")))).all()
    offer = offer_of_visit(Visitor(), Place(Slot.FRONT, NL), list(read))
    assert {title[:5] for title in titles(offer)[:2]} == {"Sleep"}
    assert not {"Sleep 0", "Sleep 1"} & set(titles(offer))
    assert offer.recommended[0].reasons[0].startswith("You read “Sleep")
    assert offer.person is None


def test_a_forged_visit_finds_nothing_hidden(app: Any, anna: Any) -> None:
    hidden = makers.article("Taken away", state=State.HIDDEN)
    makers.article("Public")
    assert titles(offer_of_visit(Visitor(), Place(Slot.FRONT, NL), [hidden.id, 999_999])) == []


def test_statements_stay_the_same_whatever_was_shown(anna: Any, statements: Any, staff: Member) -> None:
    makers.pregnancy(anna)
    found = [makers.article(f"Week {number}", stage=WEEK_24) for number in range(4)]
    offered(anna)
    few = len(statements(lambda: offered(anna)))
    for number in range(30):
        makers.article(f"More {number}", stage=WEEK_24)
    set_rules(Rules(12, goes_by_chance=False), staff)
    memory.forget_all()
    offered(anna)
    assert len(statements(lambda: offered(anna))) == few
    set_rules(Rules(12, pins=tuple(item.id for item in found)), staff)
    offered(anna)
    assert len(statements(lambda: offered(anna))) <= few + 2


def test_a_visitor_who_agreed_is_logged_by_their_number(app: Any) -> None:
    makers.article("Article")
    visitor = Visitor(frozenset({Purpose.PERSONALISATION}), "abc")
    show(offered(visitor))
    assert [row.person for row in log()] == ["vabc"]


def test_a_member_begins_anew_and_lets_what_they_refused_come_again(as_anna: Any, anna: Any) -> None:
    read, refused = makers.article("Sleep", theme="Sleep"), makers.article("Money")
    makers.read(read, anna)
    project()
    show(offered(anna))
    as_anna.send("/account/interests", {"action": f"not-this:{refused.key}"})
    page = as_anna.see("/account/interests")
    assert page.css_first("[value=show-refused]")
    assert page.css_first("[value^='less:']")
    assert titles(offered(anna)) == []
    as_anna.send("/account/interests", {"action": "begin-anew"})
    as_anna.send("/account/interests", {"action": "show-refused"})
    page = as_anna.see("/account/interests")
    assert not page.css("[value=show-refused], [value^='less:']")
    assert set(titles(offered(anna))) == {"Sleep", "Money"}
    assert log() == []
    assert db.session.get_one(Member, anna.id).personalisation


def test_a_visit_without_consent_is_personal_and_leaves_no_row(visitor: Any) -> None:
    for number in range(4):
        makers.article(f"Sleep {number}", theme="Sleep", site="en")
        makers.article(f"Food {number}", theme="Food", site="en")
    quiet = makers.article("A loss", site="en", is_quiet=True)
    article = db.session.scalars(select(Item).where(Item.title == "Sleep 1")).one()
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    before = db.session.scalar(select(func.count()).select_from(Touchpoint))
    assert visitor.see("/en/").css_first("[aria-labelledby=for-you]") is None
    for item in (quiet, article):
        visitor.see(item.path)
        answer = visitor.post("/read", data={"item": item.key, "seconds": 9, "share": 1}, headers=ours)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"visit={article.id};")
    assert "HttpOnly" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    front = visitor.get("/en/")
    assert front.headers["Cache-Control"] == "private, no-store"
    chosen = HTMLParser(front.text).css_first("[aria-labelledby=for-you]").text()
    assert "Sleep 0" in chosen
    assert "You read “Sleep 1” just now." in chosen
    assert db.session.scalar(select(func.count()).select_from(Touchpoint)) == before
    assert log() == []


def test_a_forged_cookie_of_a_visit_does_no_harm(visitor: Any) -> None:
    makers.article("Public", site="en")
    for forged in ("x", "1.'.2", "9" * 400, "-1.³", "1." * 300):
        visitor.set_cookie("visit", forged)
        assert visitor.get("/en/").status_code == 200
