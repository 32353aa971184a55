"""What we know about you, the profile and its audiences, interests and the buttons under "why"."""

from collections.abc import Callable
from typing import Any

import pytest

from community.core.db import db, unit_of_work
from community.items import queries as items
from community.members import queries as members
from community.members.models import MemberState
from community.personalisation.models import Dismissed
from community.profiles import actions as profiles
from community.profiles.queries import interests_of, profile_of
from community.sites.models import SITES
from tests import makers

PLACES = (
    "/account/",
    "/account/profile",
    "/account/children",
    "/account/interests",
    "/account/notices",
    "/account/privacy",
    "/account/security",
    "/account/security/password",
    "/account/security/email",
    "/account/export",
    "/account/delete",
    "/account/changed",
)
PROFILE = {
    "name": "Anna",
    "title": "",
    "town": "Utrecht",
    "about": "Reads at night.",
    "partner_role": "mother",
    "site": "nl",
    "visible_town": "me",
    "visible_about": "me",
    "visible_children": "me",
    "visible_interests": "me",
}


@pytest.mark.parametrize("path", PLACES)
def test_every_place_of_the_account_is_for_its_member_alone(as_anna: Any, visitor: Any, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={path}")
    page = as_anna.see(path)
    assert len(page.css("h1")) == 1
    assert page.css_first("nav.account-places a[aria-current=page]") is not None
    assert as_anna.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/account/profile", "/account/children/1/remove", "/account/changed/resume"])
def test_a_suspended_member_is_a_visitor_at_once(as_anna: Any, anna: Any, path: str) -> None:
    token = as_anna.token()
    makers.set_state(anna, MemberState.SUSPENDED)
    assert as_anna.post(path, data={"csrf_token": token}).status_code == 302


@pytest.mark.parametrize("path", PLACES)
def test_the_number_of_statements_does_not_grow(
    as_anna: Any, anna: Any, statements: Callable[..., list[str]], path: str
) -> None:
    fill(anna, 5)
    few = len(statements(lambda: as_anna.see(path)))
    fill(anna, 45)
    many = len(statements(lambda: as_anna.see(path)))
    assert few == many <= 8


def fill(anna: Any, number: int) -> None:
    for _one in range(number):
        makers.pregnancy(anna)
        makers.comment(makers.article(theme=f"Theme {_one}"), anna)
    with unit_of_work():
        for tag in items.themes(SITES["nl"])[:number]:
            profiles.set_interest(members.member_by_email("anna@example.org"), tag, 1)  # type: ignore[arg-type]
    for _one in range(number):
        with unit_of_work():
            makers.members.begin_session(anna, "Firefox on Android")


def test_what_we_know_about_you_names_each_fact_with_its_source(as_anna: Any, anna: Any) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/profile", PROFILE)
    text = as_anna.see("/account/?site=en").css_first("main").text()
    for fact in ("anna@example.org", "24 weeks", "Utrecht", "Reads at night.", "Mother", "You told us.", "2026-11"):
        assert fact in text


def test_a_profile_is_seen_by_nobody_until_its_member_says_so(
    as_anna: Any, anna: Any, as_bob: Any, visitor: Any
) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/profile", PROFILE)
    for browser in (visitor, as_bob):
        page = browser.see("/nl/members/anna").text()
        assert "Anna" in page
        assert "Utrecht" not in page
        assert "expecting" not in page
    assert "Utrecht" in as_anna.see("/nl/members/anna").text()


def test_each_field_shows_to_its_own_audience(as_anna: Any, anna: Any, as_bob: Any, visitor: Any) -> None:
    makers.pregnancy(anna)
    makers.child(anna, 200)
    as_anna.send("/account/profile", {**PROFILE, "visible_town": "public", "visible_children": "members"})
    assert "Utrecht" in visitor.see("/en/members/anna").text()
    assert "expecting" not in visitor.see("/en/members/anna").text()
    seen = as_bob.see("/en/members/anna").text()
    assert "expecting, due in" in seen
    assert "a child of 6 months" in seen
    assert "24" not in seen.split("Latest comments")[0]


def test_after_the_one_stop_a_profile_shows_no_pregnancy(as_anna: Any, anna: Any, as_bob: Any) -> None:
    makers.pregnancy(anna)
    as_anna.send("/account/profile", {**PROFILE, "visible_children": "public"})
    as_anna.send("/account/changed")
    assert "expecting" not in as_bob.see("/en/members/anna").text()


def test_a_guarded_reader_sees_no_comment_under_an_article_with_a_week(as_anna: Any, anna: Any, bob: Any) -> None:
    makers.comment(makers.article("Hearing at this week", stage=(-119, -92)), bob)
    makers.comment(makers.article("Money for parents"), bob)
    assert "Hearing at this week" in as_anna.see("/nl/members/bob").text()
    makers.pregnancy(anna)
    as_anna.send("/account/changed")
    page = as_anna.see("/nl/members/bob").text()
    assert "Hearing at this week" not in page
    assert "Money for parents" in page


def test_an_unknown_or_erased_or_closed_member_has_no_profile(visitor: Any, anna: Any) -> None:
    assert visitor.get("/nl/members/nobody").status_code == 404
    makers.set_state(anna, MemberState.SUSPENDED)
    assert visitor.get("/nl/members/anna").status_code == 404


def test_hidden_and_deleted_comments_are_not_on_a_profile(visitor: Any, bob: Any) -> None:
    post = makers.comment(makers.article("Money"), bob, "Seen by nobody.")
    assert "Seen by nobody." in visitor.see("/nl/members/bob").text()
    with unit_of_work():
        makers.items.set_post_state(items.post_by_id(post.id), makers.State.HIDDEN)  # type: ignore[arg-type]
    assert "Seen by nobody." not in visitor.see("/nl/members/bob").text()


def test_a_profile_costs_a_visitor_five_statements_at_most(
    visitor: Any, as_anna: Any, anna: Any, statements: Callable[..., list[str]]
) -> None:
    shown = {name: "public" for name in PROFILE if name.startswith("visible_")}
    as_anna.send("/account/profile", {**PROFILE, **shown})
    fill(anna, 5)
    few = len(statements(lambda: visitor.see("/nl/members/anna")))
    fill(anna, 45)
    assert few == len(statements(lambda: visitor.see("/nl/members/anna"))) <= 5


def test_a_name_that_looks_like_anothers_is_refused_at_its_field(as_anna: Any, bob: Any) -> None:
    answer = as_anna.send("/account/profile", {**PROFILE, "name": "B0b"})
    assert answer.status_code == 422
    assert members.member_by_username("anna").name == "Anna"  # type: ignore[union-attr]


def test_the_line_beside_a_name_pretends_to_no_office(as_anna: Any) -> None:
    assert as_anna.send("/account/profile", {**PROFILE, "title": "Moderator of all"}).status_code == 422
    assert as_anna.send("/account/profile", {**PROFILE, "title": "Mother of twins"}).status_code == 303


def test_script_in_a_profile_is_text(as_anna: Any, visitor: Any) -> None:
    evil = "<script>alert(1)</script>"
    as_anna.send("/account/profile", {**PROFILE, "about": evil, "visible_about": "public", "title": evil})
    assert evil not in visitor.get("/nl/members/anna").text
    assert "&lt;script&gt;" in visitor.get("/nl/members/anna").text


def test_a_profile_takes_only_its_own_fields(as_anna: Any, anna: Any) -> None:
    as_anna.send("/account/profile", {**PROFILE, "role_names": "admin@*", "state": "active", "email": "x@example.org"})
    found = members.member_by_username("anna")
    assert found is not None
    assert (found.email, found.role_names) == ("anna@example.org", [])


def test_a_choice_that_is_none_is_said_in_words(as_anna: Any) -> None:
    for field in ("site", "partner_role", "visible_town"):
        assert as_anna.send("/account/profile", {**PROFILE, field: "xx"}).status_code == 422


def test_themes_are_wanted_more_or_less(as_anna: Any, anna: Any) -> None:
    makers.article(theme="Sleep")
    makers.article(theme="Food")
    sleep, food = sorted(items.themes(SITES["nl"]), key=lambda tag: tag.name, reverse=True)
    as_anna.send("/account/interests", {f"tag-{sleep.id}": "1", f"tag-{food.id}": "-1", "tag-999": "1"})
    assert {i.tag.name: i.weight for i in interests_of(anna)} == {"Sleep": 1, "Food": -1}
    as_anna.send("/account/interests", {f"tag-{sleep.id}": "0", f"tag-{food.id}": "9"})
    assert {i.tag.name: i.weight for i in interests_of(anna)} == {"Food": -1}


def test_not_this_is_never_shown_again_and_leads_back(as_anna: Any, anna: Any) -> None:
    article = makers.article(theme="Sleep")
    fields = {"csrf_token": as_anna.token(), "action": f"not-this:{article.key}"}
    answer = as_anna.post("/account/interests", data=fields, headers={"Referer": "http://localhost/nl/home"})
    assert (answer.status_code, answer.location) == (303, "/nl/home")
    assert db.session.get(Dismissed, (anna.id, article.id)) is not None


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://localhost//evil.example/x"])
def test_the_way_back_never_leaves_the_site(as_anna: Any, referrer: str) -> None:
    fields = {"csrf_token": as_anna.token(), "action": "stop-reading"}
    answer = as_anna.post("/account/interests", data=fields, headers={"Referer": referrer})
    assert answer.location == "/account/interests"


def test_less_of_an_article_is_less_of_its_subject(as_anna: Any, anna: Any) -> None:
    article = makers.article(theme="Sleep")
    as_anna.post("/account/interests", data={"csrf_token": as_anna.token(), "action": f"less:{article.key}"})
    assert [(i.tag.name, i.weight) for i in interests_of(anna)] == [("Sleep", -1)]


@pytest.mark.parametrize("key", ["article:999999", "article:x", "tag:", "tag:99999999999999999999", "", ":"])
def test_a_why_button_with_a_key_that_is_none_does_nothing(as_anna: Any, anna: Any, key: str) -> None:
    fields = {"csrf_token": as_anna.token(), "action": f"less:{key}"}
    assert as_anna.post("/account/interests", data=fields).status_code == 303
    assert interests_of(anna) == []


def test_reading_can_stop_to_choose_and_begin_again(as_anna: Any, anna: Any) -> None:
    as_anna.send("/account/interests", {"action": "stop-reading"})
    assert profile_of(anna).uses_reading is False  # type: ignore[union-attr]
    as_anna.send("/account/interests", {"action": "use-reading"})
    db.session.expire_all()
    assert profile_of(anna).uses_reading is True  # type: ignore[union-attr]
