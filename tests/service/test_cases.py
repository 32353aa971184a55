"""Questions and complaints: asked with and without an account, answered by an agent, and what follows from them."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.chat.models import Line
from community.core.db import db, unit_of_work
from community.members import actions as members
from community.members.models import Member, Purpose
from community.messages.actions import mails
from community.messages.models import Mail, MailClass
from community.operations.queries.work import audit_about
from community.profiles.queries import standing_of
from community.service.models import Case, CaseMessage
from community.touchpoints.models import Touchpoint
from tests import makers
from tests.conftest import Browser
from tests.shop import makers as shops

WORDS = {"kind": "complaint", "subject": "The strap breaks", "body": "It broke on the second day."}
Count = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def agent(app: Any) -> Member:
    """Somebody of the Dutch service, who reads English."""
    return makers.member("Sara", site="en", role="service", role_site="nl")


@pytest.fixture
def as_agent(agent: Member, browser_of: Callable[[Any], Browser]) -> Browser:
    return browser_of(agent)


def ask(reader: Browser, **more: str) -> Any:
    return reader.send("/nl/contact", {**WORDS, **more})


def only_case() -> Case:
    db.session.rollback()
    return db.session.scalars(select(Case)).one()


def said() -> list[str]:
    return list(db.session.scalars(select(CaseMessage.body).order_by(CaseMessage.number)))


def last_mail() -> Mail:
    return db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()


def promotion_to(member: Member) -> Mail | None:
    with unit_of_work():
        fresh = db.session.get_one(Member, member.id)
        members.set_consent(fresh, Purpose.OFFERS, True, "test")
        return mails.send_later(fresh, "trial", MailClass.PROMOTIONAL)


def test_a_member_complains_once_however_often_the_form_is_sent(as_anna: Browser, anna: Member) -> None:
    form = {**WORDS, "form_key": "one-key"}
    token = as_anna.token()
    answers = [as_anna.post("/nl/contact", data={**form, "csrf_token": token}) for _time in range(2)]
    assert [answer.location for answer in answers] == [f"/account/cases/{only_case().id}"] * 2
    assert said() == ["It broke on the second day."]
    assert (last_mail().name, last_mail().address) == ("case-opened", anna.email)
    assert "The strap breaks" in as_anna.get("/account/cases/").text


def test_it_is_answered_by_an_agent_and_read_by_who_asked(as_anna: Browser, as_agent: Browser, anna: Member) -> None:
    ask(as_anna)
    path = f"/service/cases/{only_case().id}"
    assert "The strap breaks" in as_agent.get("/service/").text
    assert as_agent.send(path, {"body": "A new one is under way.", "what": "answer"}).status_code == 303
    assert "A new one is under way." in as_anna.get(only_case().path).text
    assert (only_case().state, last_mail().name) == ("answered", "case-answered")
    assert db.session.get_one(Member, anna.id).notice_count == 1
    as_anna.send(only_case().path, {"body": "It is red, mine was blue."})
    assert only_case().state == "open"
    as_agent.send(path, {"body": "Then a blue one.", "what": "solve"})
    assert only_case().state == "solved"
    verbs = db.session.scalars(select(Touchpoint.verb).where(Touchpoint.about == only_case().key)).all()
    assert sorted(verbs) == ["case.answered", "case.answered", "case.opened", "case.solved"]


def test_a_products_page_leads_to_the_service_with_its_name(as_anna: Browser, visitor: Browser) -> None:
    product = shops.product("Sling")
    path = visitor.see(product.path).css_first("a[href*='contact?about=']").attributes["href"]
    assert path == f"/nl/contact?about=product:{product.id}"
    form = as_anna.see(path)
    assert form.css_first("input[name=subject]").attributes["value"] == "Sling"
    assert form.css_first("input[name=kind][value=complaint]").attributes.get("checked", "no") != "no"


def test_what_was_said_leads_to_the_service_too(
    as_anna: Browser, as_bob: Browser, as_agent: Browser, visitor: Browser, bob: Member
) -> None:
    as_bob.send("/nl/chat/kitchen-table", {"body": "Mine broke."})
    line = db.session.scalars(select(Line).options(joinedload(Line.room))).one()
    room = line.room.title
    answer = makers.reply(makers.topic(makers.board("Buggies"), bob, "Which buggy?"), bob)
    for about, title in ((answer.key, "Which buggy?"), (line.key, room)):
        link = as_anna.see(f"/report/{about.replace(':', '/')}?site=nl").css_first("a[href*='contact?about=']")
        assert link.attributes["href"] == f"/nl/contact?about={about}"
        assert as_anna.see(link.attributes["href"]).css_first("[name=subject]").attributes["value"] == title
    assert "It is about" not in visitor.see(f"/nl/contact?about={line.key}").text()
    as_anna.send(f"/nl/contact?about={line.key}", WORDS)
    assert room in as_agent.see(f"/service/cases/{only_case().id}").css_first("main header").text()


def test_what_colleagues_note_is_for_them_alone(as_anna: Browser, as_agent: Browser) -> None:
    ask(as_anna)
    as_agent.send(f"/service/cases/{only_case().id}", {"body": "She rang twice.", "what": "note"})
    assert "She rang twice." in as_agent.get(f"/service/cases/{only_case().id}").text
    assert "She rang twice." not in as_anna.get(only_case().path).text
    assert only_case().state == "open"


def test_who_has_no_account_comes_back_by_the_mailed_link(visitor: Browser, as_agent: Browser) -> None:
    answer = ask(visitor, name="Nora", email="nora@example.org")
    assert answer.location.startswith("/nl/contact/thanks?number=")
    mail = last_mail()
    assert mail.address == "nora@example.org"
    link = re.search(r"http://localhost(/nl/contact/\S+)", mail.text)
    assert link is not None
    assert visitor.send(link[1], {"body": "One more thing."}).status_code == 303
    as_agent.send(f"/service/cases/{only_case().id}", {"body": "Gladly.", "what": "answer"})
    assert link[1] in last_mail().text
    assert "Gladly." in visitor.get(link[1]).text
    assert visitor.get(link[1][:-1] + "x").status_code == 404


def test_a_wrong_address_loses_nothing_that_was_typed(visitor: Browser) -> None:
    answer = ask(visitor, name="Nora", email="nora@")
    assert answer.status_code == 422
    assert "It broke on the second day." in answer.text


def test_others_do_not_find_a_case(as_anna: Browser, as_bob: Browser, visitor: Browser) -> None:
    ask(as_anna)
    case = only_case()
    assert as_bob.get(case.path).status_code == 404
    assert visitor.get(f"/nl/contact/{case.id}-{case.seal}").status_code == 404  # a member's stands in the account


def test_an_agent_of_another_site_does_not_find_it(as_anna: Browser, browser_of: Callable[[Any], Browser]) -> None:
    ask(as_anna)
    foreign = browser_of(makers.member("Emma", role="service", role_site="en"))
    assert foreign.get(f"/service/cases/{only_case().id}").status_code == 404


def test_an_open_complaint_stops_promotions_and_a_solved_one_lets_them_go(
    as_anna: Browser, as_agent: Browser, anna: Member
) -> None:
    assert promotion_to(anna) is not None
    ask(as_anna)
    assert promotion_to(anna) is None
    path = f"/service/cases/{only_case().id}"
    as_agent.send(f"{path}/solve", page=path)
    assert promotion_to(anna) is not None
    standing = standing_of(anna.id)
    assert standing is not None
    assert standing.complaint_count == 0


def test_a_promotion_that_waits_is_not_sent_after_a_complaint(as_anna: Browser, anna: Member) -> None:
    mail = promotion_to(anna)
    assert mail is not None
    ask(as_anna)
    mails.deliver(mail.id)
    db.session.rollback()
    assert db.session.get_one(Mail, mail.id).why_failed == mails.NOT_WANTED


def test_a_question_stops_nothing(as_anna: Browser, anna: Member) -> None:
    ask(as_anna, kind="question")
    assert promotion_to(anna) is not None


def test_a_look_at_the_history_is_kept(as_anna: Browser, as_agent: Browser, anna: Member, agent: Member) -> None:
    ask(as_anna)
    as_agent.get(f"/service/cases/{only_case().id}")
    assert [(entry.deed, entry.actor_id) for entry, _name in audit_about(anna.key)] == [("profile.viewed", agent.id)]


def test_the_desk_costs_the_same_for_five_and_for_fifty(
    as_agent: Browser, anna: Member, statements: Count, app: Any
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            makers.case(anna, f"Case {number}")

    def costs() -> list[int]:
        return [len(statements(partial(as_agent.get, path))) for path in ("/service/", "/service/cases/1")]

    fill(5)
    few = costs()
    fill(45)
    assert costs() == few
    assert max(few) <= 16
