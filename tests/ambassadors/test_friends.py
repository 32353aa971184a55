"""Friends: by a link that tells nothing, counted once they confirm, and looked at where there is a doubt."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from community.ambassadors.models import Referral
from community.ambassadors.policy import is_same_person, postbox_of
from community.core import audit
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work
from community.members.models import Member
from community.operations.actions.leaving import erase
from community.shop.models import Customer
from community.sites.models import SITES
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.ambassadors.conftest import confirm, entries, join, later, leave, register, standing
from tests.conftest import Browser

AsMember = Callable[[Member], Browser]


def code_of(member: Member) -> str:
    return join(member)


def referrals() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(found.state, found.why) for found in db.session.scalars(select(Referral).order_by(Referral.id))]


def told() -> int:
    query = select(func.count()).select_from(Touchpoint).where(Touchpoint.verb == Verb.FRIEND_CAME)
    return db.session.scalar(query) or 0


def bring(visitor: Browser, code: str, name: str = "Fenna", email: str = "") -> None:
    """A friend follows the link, registers and confirms."""
    visitor.get(f"/nl/r/{code}")
    register(visitor, name, email)
    confirm(visitor)


def known_customer(email: str) -> None:
    with unit_of_work():
        db.session.add(Customer(site=SITES["nl"], source="shop", external_id="7", email=email))


def only_id() -> int:
    return db.session.scalars(select(Referral.id)).one()


def test_a_friend_counts_once_confirmed_and_gives_points_two_days_later(otto: Member, visitor: Browser) -> None:
    visitor.get(f"/nl/r/{code_of(otto)}")
    register(visitor, "Fenna")
    assert referrals() == [("waiting", "")]
    assert told() == 0
    confirm(visitor)
    assert referrals() == [("counted", "")]
    assert (told(), standing(otto).friend_count) == (1, 1)
    later()
    assert entries(otto) == [("friend", 25, "given", "")]
    assert standing(otto).points == 25


def test_a_link_leads_to_the_front_page_with_one_word_for_right_and_wrong_codes(otto: Member, app: Any) -> None:
    app.test_client_class = Browser
    answers = [app.test_client().get(f"/nl/r/{code}") for code in (code_of(otto), "heron-wrong1")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, "/nl/")] * 2
    headers = [sorted(name for name, _value in answer.headers) for answer in answers]
    assert headers[0] == headers[1]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["private, no-store"] * 2
    reader = app.test_client()
    assert "A friend sent you here" in reader.get("/en/r/heron-wrong1", follow_redirects=True).text


def test_following_a_link_asks_the_database_nothing_and_changes_nothing(
    otto: Member, visitor: Browser, statements: Any
) -> None:
    code = code_of(otto)
    assert statements(lambda: visitor.get(f"/nl/r/{code}")) == []


def test_a_cookie_for_thirty_days_comes_with_a_yes_alone_and_goes_with_it(otto: Member, visitor: Browser) -> None:
    code = code_of(otto)
    visitor.get(f"/nl/r/{code}")
    assert visitor.get_cookie("came_by") is None
    ours = {"Sec-Fetch-Site": "same-origin"}
    visitor.post("/nl/consent", data={"choice": "all"}, headers=ours)
    kept = visitor.get_cookie("came_by")
    assert kept is not None
    assert (kept.value, kept.max_age, kept.http_only) == (code, 30 * 86_400, True)
    visitor.post("/nl/consent", data={"choice": "none"}, headers=ours)
    assert visitor.get_cookie("came_by") is None


def test_a_friend_who_agreed_comes_back_days_later(otto: Member, visitor: Browser) -> None:
    visitor.set_cookie("consent", "p")
    visitor.get(f"/nl/r/{code_of(otto)}")
    visitor.delete_cookie("session")
    register(visitor, "Fenna")
    assert referrals() == [("waiting", "")]


def test_a_code_opens_nothing_once_its_owner_left_and_is_the_same_after_coming_back(
    otto: Member, visitor: Browser
) -> None:
    code = code_of(otto)
    leave(otto)
    bring(visitor, code)
    assert referrals() == []
    assert join(otto) == code


def test_a_code_tells_nothing_of_its_owner(otto: Member) -> None:
    code = code_of(otto)
    assert "otto" not in code
    assert str(otto.id) not in code.partition("-")[0]
    assert len(code) <= 20


@pytest.mark.parametrize(
    ("email", "name"), [("otto+2@example.org", "Fenna"), ("fenna@example.org", "Otto 2"), ("x@example.org", "0tto 3")]
)
def test_nobody_brings_themselves(otto: Member, visitor: Browser, email: str, name: str) -> None:
    bring(visitor, code_of(otto), name, email)
    assert referrals() == [("held", "self")]
    later()
    assert (entries(otto), told()) == ([], 0)


def test_who_registers_in_the_ambassadors_own_browser_is_no_friend(otto: Member, browser_of: AsMember) -> None:
    own = browser_of(otto)
    own.see("/account/ambassador")
    own.post("/sign-out", data={"csrf_token": own.token()})
    bring(own, code_of(otto))
    assert referrals() == [("held", "browser")]


def test_the_second_friend_out_of_one_browser_is_looked_at(otto: Member, visitor: Browser) -> None:
    visitor.get(f"/nl/r/{code_of(otto)}")
    register(visitor, "Fenna")
    register(visitor, "Gerda")
    confirm(visitor)
    assert referrals() == [("waiting", ""), ("held", "household")]


def test_whom_our_shops_know_earns_nothing_until_somebody_looked(
    otto: Member, visitor: Browser, marketer: Member, browser_of: AsMember
) -> None:
    known_customer("fenna@example.org")
    bring(visitor, code_of(otto))
    assert referrals() == [("held", "customer")]
    later()
    assert (entries(otto), told()) == ([], 0)
    desk = browser_of(marketer)
    assert "Our shops knew this address before." in desk.see("/marketing/referrals").text()
    path = f"/marketing/referrals/{only_id()}"
    assert desk.send(f"{path}/count", page="/marketing/referrals").location == "/marketing/referrals"
    later()
    assert (standing(otto).points, standing(otto).friend_count, told()) == (25, 1, 1)


def test_who_was_here_before_with_nearly_the_same_address_is_looked_at(otto: Member, visitor: Browser) -> None:
    makers.member("Fleur")
    bring(visitor, code_of(otto), "Gerda", "fleur+again@example.org")
    assert referrals() == [("held", "member")]


def test_a_decision_can_be_turned_round_and_stands_in_the_audit_log(
    otto: Member, visitor: Browser, marketer: Member, browser_of: AsMember
) -> None:
    bring(visitor, code_of(otto))
    later()
    desk, path = browser_of(marketer), f"/marketing/referrals/{only_id()}"
    desk.send(f"{path}/refuse", page="/marketing/referrals?state=counted")
    assert (standing(otto).points, standing(otto).friend_count) == (0, 0)
    assert entries(otto) == [("friend", 25, "refused", "gone")]
    desk.send(f"{path}/count", page="/marketing/referrals?state=refused")
    assert (standing(otto).points, standing(otto).friend_count, told()) == (25, 1, 1)
    deeds = db.session.scalars(select(AuditEntry.deed).where(AuditEntry.about == f"referral:{only_id()}"))
    assert sorted(deeds) == ["referral.counted", "referral.refused"]
    assert audit.first_broken() is None


def test_a_marketer_decides_neither_about_themselves_nor_for_another_site(
    visitor: Browser, marketer: Member, browser_of: AsMember
) -> None:
    desk = browser_of(marketer)
    known_customer("fenna@example.org")
    bring(visitor, join(marketer))
    token, path = desk.token(), f"/marketing/referrals/{only_id()}/count"
    assert desk.post(path, data={"csrf_token": token}).status_code == 404  # an English ambassador
    assert referrals() == [("held", "customer")]


def test_a_dutch_marketer_does_not_count_a_friend_of_their_own(visitor: Browser, browser_of: AsMember) -> None:
    marketer = makers.member("Mies", role="marketer", role_site="nl")
    known_customer("fenna@example.org")
    bring(visitor, join(marketer))
    desk = browser_of(marketer)
    path = f"/marketing/referrals/{only_id()}/count"
    assert desk.post(path, data={"csrf_token": desk.token()}).status_code == 403


def test_the_list_of_friends_costs_the_same_however_long_it_is(
    otto: Member, marketer: Member, browser_of: AsMember, statements: Any
) -> None:
    desk = browser_of(marketer)

    def with_more(count: int) -> int:
        for _number in range(count):
            friend_id = makers.member().id
            with unit_of_work():
                row = Referral(ambassador_id=otto.id, friend_id=friend_id, state="held", why="customer")
                row.came_at = otto.joined_at
                db.session.add(row)
        return len(statements(lambda: desk.get("/marketing/referrals")))

    desk.get("/marketing/referrals")
    assert with_more(3) == with_more(12)


def test_a_friend_who_leaves_takes_along_that_they_were_brought(otto: Member, visitor: Browser) -> None:
    bring(visitor, code_of(otto))
    later()
    with unit_of_work():
        erase(db.session.scalars(select(Member).where(Member.name == "Fenna")).one(), with_posts=True)
    assert referrals() == []
    assert standing(otto).points == 25


def test_addresses_that_reach_one_person_are_one() -> None:
    assert postbox_of("Anna+shop@example.org") == postbox_of("anna@example.org")
    assert postbox_of("an.na@gmail.com") == postbox_of("anna@gmail.com")
    assert postbox_of("an.na@example.org") != postbox_of("anna@example.org")
    assert not is_same_person(Member(name="Anna", email="a@x.org"), Member(name="Bob", email="b@x.org"))
