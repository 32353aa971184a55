"""The door: register, confirm, sign in and out, reset; the same answer whoever asks."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.core.limits import limiter
from community.members import actions as members
from community.members import passwords
from community.members import queries as member_queries
from community.members.models import Member, MemberState
from community.messages.models import Mail
from community.profiles.queries import children_of
from tests import makers
from tests.readers import mails_of

JOIN = {"email": "sara@example.org", "name": "Sara", "password": makers.PASSWORD}


def last_mail(email: str) -> Mail:
    member = member_queries.member_by_email(email)
    assert member is not None
    return mails_of(member.id)[-1]


def link_in(mail: Mail) -> str:
    found = re.search(r"http://localhost(/\S+)", mail.text)
    assert found is not None
    return found[1]


def member_at(email: str) -> Member:
    member = member_queries.member_by_email(email)
    assert member is not None
    return member


def seen(text: str) -> HTMLParser:
    return HTMLParser(text)


@pytest.fixture
def with_limits(app: Flask) -> Iterator[None]:
    """The limits as they stand in earnest."""
    limiter.begin({**app.config, "LIMITS": "on"})
    yield
    limiter.begin(app.config)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that is hashed or compared."""
    seen: list[str] = []
    real = passwords.hasher

    class Counted:
        def hash(self, password: str) -> str:
            seen.append("hash")
            return real.hash(password)

        def verify(self, kept: str, password: str) -> bool:
            seen.append("verify")
            return real.verify(kept, password)

    monkeypatch.setattr(passwords, "hasher", Counted())
    return seen


def test_a_parent_registers_confirms_and_is_at_home(visitor: Any) -> None:
    due = makers.day(112).isoformat()
    answer = visitor.send("/register?site=nl", {**JOIN, "due_date": due, "consent_personalisation": "y"})
    assert (answer.status_code, answer.location) == (303, "/register/mailed?site=nl")
    assert visitor.get("/sign-in").status_code == 200

    mail = last_mail("sara@example.org")
    path = link_in(mail)
    assert path.startswith("/confirm/")
    answer = visitor.send(path)
    assert (answer.status_code, answer.location) == (303, "/nl/home")
    sara = member_at("sara@example.org")
    assert (sara.state, sara.username, sara.site.code) == (MemberState.ACTIVE, "sara", "nl")
    assert sara.consents == {"personalisation"}
    assert [child.due_on for child in children_of(sara)] == [makers.day(112)]
    assert visitor.get("/account/").status_code == 200


def test_following_the_link_alone_confirms_nothing(visitor: Any) -> None:
    visitor.send("/register", JOIN)
    assert visitor.get(link_in(last_mail("sara@example.org"))).status_code == 200
    assert member_at("sara@example.org").state == MemberState.UNCONFIRMED


def test_a_confirmation_works_once(visitor: Any, app: Flask) -> None:
    visitor.send("/register", JOIN)
    path = link_in(last_mail("sara@example.org"))
    assert visitor.send(path).status_code == 303
    other = app.test_client()
    answer = other.get(path)
    assert answer.status_code == 410
    assert "/confirm?site=" in answer.text


def test_after_confirming_the_reader_goes_where_she_was(visitor: Any) -> None:
    visitor.send("/register?next=/nl/articles/sleep", JOIN)
    assert visitor.send(link_in(last_mail("sara@example.org"))).location == "/nl/articles/sleep"


def test_all_consents_stand_apart_and_are_off(visitor: Any) -> None:
    page = visitor.see("/register")
    boxes = page.css("input[type=checkbox]")
    names = {box.attributes["name"] for box in boxes}
    assert names == {"consent_personalisation", "consent_analytics", "consent_mail", "consent_offers"}
    assert not any("checked" in box.attributes for box in boxes)


def test_a_taken_address_gets_the_very_same_answer_and_another_mail(
    visitor: Any, app: Flask, anna: Any, hashes: list[str]
) -> None:
    answers = []
    for email, name in (("new@example.org", "Newcomer"), ("anna@example.org", "Somebody Else")):
        browser = app.test_client()
        before = len(hashes)
        first = browser.send("/register", {**JOIN, "email": email, "name": name})
        shown = browser.get(first.location)
        answers.append((first.status_code, first.location, first.text, shown.text, len(hashes) - before))
    assert answers[0] == answers[1]
    assert last_mail("new@example.org").name == "confirm"
    assert last_mail("anna@example.org").name == "already-registered"
    assert member_at("anna@example.org").name == "Anna"


def test_registering_twice_does_not_tell_by_the_name_that_the_address_was_free(visitor: Any) -> None:
    visitor.send("/register", JOIN)
    answer = visitor.send("/register", {**JOIN, "email": "other@example.org"})
    assert answer.status_code == 303


def test_of_two_with_one_name_the_second_to_confirm_gets_a_number(visitor: Any, app: Flask) -> None:
    for email in ("one@example.org", "two@example.org"):
        app.test_client().send("/register", {**JOIN, "email": email})
    for email in ("two@example.org", "one@example.org"):
        app.test_client().send(link_in(last_mail(email)))
    assert (member_at("two@example.org").name, member_at("one@example.org").name) == ("Sara", "Sara 2")
    assert member_at("one@example.org").username == "sara-2"


def test_who_types_an_address_first_keeps_no_key_to_it(visitor: Any, app: Flask) -> None:
    """Somebody else registered with my address: I choose the password that counts."""
    visitor.send("/register", JOIN)
    app.test_client().send("/register", {**JOIN, "password": "quite another evening"})
    mail = last_mail("sara@example.org")
    assert mail.name == "already-registered"
    path = link_in(mail)
    assert path.startswith("/reset/")
    assert app.test_client().send(path, {"password": "quite another evening"}).status_code == 303
    sara = member_at("sara@example.org")
    assert sara.state == MemberState.ACTIVE
    assert members.is_password(sara, "quite another evening")
    assert not members.is_password(sara, makers.PASSWORD)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "", "Fill in your e-mail address."),
        ("email", "sara@", "Write it like name@example.org"),
        ("email", "sara\x00@example.org", "cannot be stored"),
        ("name", "", "Choose the name that others see."),
        ("name", "🎈🎈🎈", "at least two letters"),
        ("name", "Сarа", "one alphabet"),
        ("name", "Anna", "has this name already"),
        ("name", "ANNA", "has this name already"),
        ("name", "Adm1n", "kept for the people who work here"),
        ("name", "Sa\x00ra", "cannot be stored"),
        ("name", "a" * 61, "under 60 characters"),
        ("password", "short", "Use 8 to 128 characters."),
        ("password", "password1", "guessed first"),
        ("password", "a" * 129, "Use 8 to 128 characters."),
        ("due_date", "2026-02-31", "does not exist"),
        ("due_date", makers.day(730).isoformat(), "within the next 42 weeks"),
        ("due_date", "tomorrow", "does not exist"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    visitor: Any, anna: Any, field: str, value: str, words: str
) -> None:
    answer = visitor.send("/register", {**JOIN, "consent_mail": "y", field: value})
    assert answer.status_code == 422
    page = seen(answer.text)
    assert page.css_first("title").text().strip().startswith("Error:")
    bad = page.css("[aria-invalid=true]")
    assert [one.attributes["name"] for one in bad] == [field]
    assert words in page.css_first(f"#{field}-error").text()
    assert words in page.css_first("#errors").text()
    kept = {**JOIN, field: value}
    for name in ("email", "name"):
        if "\x00" not in kept[name]:
            assert page.css_first(f"[name={name}]").attributes["value"] == kept[name].strip()
    assert page.css_first("[name=password]").attributes.get("value", "") in ("", None)
    assert "checked" in page.css_first("[name=consent_mail]").attributes
    assert member_queries.member_by_email("sara@example.org") is None


def test_the_same_form_sent_twice_makes_one_member(visitor: Any) -> None:
    page = visitor.see("/register")
    form = page.css_first("form[action='/register']")
    fields = {i.attributes["name"]: i.attributes.get("value") or "" for i in form.css("input[type=hidden]")} | JOIN
    assert [visitor.post("/register", data=fields).location for _twice in "ab"] == ["/register/mailed?site=en"] * 2
    assert len(mails_of(member_at("sara@example.org").id)) == 1


def test_a_registration_needs_its_token(visitor: Any) -> None:
    assert visitor.post("/register", data=JOIN).status_code == 400


def test_registrations_from_one_network_are_limited(visitor: Any, with_limits: None) -> None:
    for number in range(5):
        fields = {**JOIN, "email": f"s{number}@example.org", "name": "Sara " + "abcde"[number]}
        assert visitor.send("/register", fields).status_code == 303
    answer = visitor.send("/register", JOIN)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "sara@example.org" in answer.text


def test_mistakes_in_a_registration_are_not_counted(visitor: Any, with_limits: None) -> None:
    for _again in range(7):
        assert visitor.send("/register", {**JOIN, "password": "password1"}).status_code == 422
    assert visitor.send("/register", JOIN).status_code == 303


def test_signing_in_leads_home_and_begins_a_new_session(visitor: Any, anna: Any) -> None:
    visitor.get("/sign-in")
    with visitor.session_transaction() as session:
        session["left_behind"] = "yes"
    answer = visitor.send("/sign-in", {"email": " ANNA@example.org ", "password": makers.PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/nl/home")
    with visitor.session_transaction() as session:
        assert "left_behind" not in session
        assert session.permanent
    assert visitor.get("/account/").headers["Cache-Control"] == "private, no-store"


def test_two_pages_opened_at_once_after_signing_in_share_their_forms(visitor: Any, anna: Any) -> None:
    with visitor.session_transaction() as session:
        before = session.get("csrf_token")
    visitor.send("/sign-in", {"email": "anna@example.org", "password": makers.PASSWORD})
    with visitor.session_transaction() as session:
        assert session["csrf_token"] not in (None, before)
    assert "Set-Cookie" not in visitor.get("/account/security").headers


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/nl/articles/sleep?page=2", "/nl/articles/sleep?page=2"),
        ("https://evil.example/", "/nl/home"),
        ("//evil.example/", "/nl/home"),
        ("/\\evil.example/", "/nl/home"),
        ("\\\\evil.example", "/nl/home"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/nl/home"),
        ("javascript:alert(1)", "/nl/home"),
    ],
)
def test_signing_in_leads_only_to_pages_of_ours(visitor: Any, anna: Any, asked: str, led: str) -> None:
    fields = {"email": "anna@example.org", "password": makers.PASSWORD, "next": asked}
    assert visitor.send("/sign-in", fields).location == led


def test_a_wrong_address_and_a_wrong_password_get_the_same_words(
    visitor: Any, app: Flask, anna: Any, hashes: list[str]
) -> None:
    answers = []
    for email in ("anna@example.org", "nobody@example.org"):
        before = len(hashes)
        answer = app.test_client().send("/sign-in", {"email": email, "password": "not this one"})
        words = seen(answer.text).css_first("#errors").text()
        answers.append((answer.status_code, words, hashes[before:]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_ten_guesses_close_the_account_for_a_while_and_the_owner_is_not_told_apart(
    visitor: Any, anna: Any, with_limits: None
) -> None:
    wrong = {"email": "anna@example.org", "password": "not this one"}
    for _again in range(10):
        assert visitor.send("/sign-in", wrong).status_code == 422
    answer = visitor.send("/sign-in", {**wrong, "password": makers.PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_a_right_password_forgets_the_count_of_its_account_and_costs_the_network_nothing(
    app: Flask, anna: Any, bob: Any, with_limits: None
) -> None:
    for _again in range(12):
        browser = app.test_client()
        fields = {"email": "anna@example.org", "password": makers.PASSWORD}
        assert browser.send("/sign-in", fields).status_code == 303


def test_guesses_from_one_network_are_counted_over_all_accounts(visitor: Any, with_limits: None) -> None:
    for number in range(10):
        fields = {"email": f"a{number}@example.org", "password": "wrong one"}
        assert visitor.send("/sign-in", fields).status_code == 422
    assert visitor.send("/sign-in", {"email": "b@example.org", "password": "wrong one"}).status_code == 429


def test_an_unconfirmed_member_gets_the_mail_again_and_is_told(visitor: Any) -> None:
    makers.member("Sara", confirmed=False)
    answer = visitor.send("/sign-in", {"email": "sara@example.org", "password": makers.PASSWORD})
    assert answer.status_code == 422
    assert "waits to be confirmed" in answer.text
    assert last_mail("sara@example.org").name == "confirm"
    assert visitor.get("/account/").status_code == 302


def test_a_closed_account_is_told_only_to_who_knows_its_password(visitor: Any, anna: Any) -> None:
    makers.set_state(anna, MemberState.SUSPENDED)
    wrong = visitor.send("/sign-in", {"email": "anna@example.org", "password": "not this one"})
    known = {"email": "anna@example.org", "password": makers.PASSWORD}
    right = visitor.send("/sign-in", known, follow_redirects=True)
    assert "closed for now" in right.text
    assert "closed for now" not in wrong.text
    assert visitor.get("/account/").status_code == 302


def test_signing_out_ends_the_session_on_the_server_too(as_anna: Any) -> None:
    with as_anna.session_transaction() as session:
        token = session["_user_id"]
    assert as_anna.send("/sign-out", page="/account/").status_code == 303
    with as_anna.session_transaction() as session:
        session["_user_id"] = token
    assert as_anna.get("/account/").status_code == 302


def test_signing_out_is_no_link(as_anna: Any) -> None:
    assert as_anna.get("/sign-out").status_code == 405


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
def test_asking_for_a_link_says_the_same_to_everybody(visitor: Any, anna: Any, path: str) -> None:
    answers = []
    for email in ("anna@example.org", "nobody@example.org"):
        answer = visitor.send(path, {"email": email})
        answers.append((answer.status_code, answer.location, visitor.get(answer.location).text))
    assert answers[0] == answers[1]
    assert answers[0][0] == 303


def test_a_forgotten_password_is_chosen_anew_and_every_session_ends(visitor: Any, anna: Any, as_anna: Any) -> None:
    visitor.send("/reset", {"email": "anna@example.org"})
    mail = last_mail("anna@example.org")
    assert mail.name == "reset"
    path = link_in(mail)
    answer = visitor.get(path)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    answer = visitor.send(path, {"password": "quite another evening"})
    assert (answer.status_code, answer.location) == (303, "/nl/home")
    assert as_anna.get("/account/").status_code == 302
    assert visitor.get("/account/").status_code == 200
    assert last_mail("anna@example.org").name == "password-changed"
    assert visitor.get(path).status_code == 410


def test_a_weak_new_password_is_said_at_the_field_and_the_link_lives_on(visitor: Any, anna: Any) -> None:
    visitor.send("/reset", {"email": "anna@example.org"})
    path = link_in(last_mail("anna@example.org"))
    answer = visitor.send(path, {"password": "password1"})
    assert answer.status_code == 422
    assert visitor.send(path, {"password": "quite another evening"}).status_code == 303


def test_a_reset_link_dies_after_an_hour(visitor: Any, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.send("/reset", {"email": "anna@example.org"})
    path = link_in(last_mail("anna@example.org"))
    makers.let_tokens_age(minutes=61)
    answer = visitor.get(path)
    assert answer.status_code == 410
    assert "/reset?site=" in answer.text


def test_a_newer_link_kills_the_older_one(visitor: Any, anna: Any) -> None:
    visitor.send("/reset", {"email": "anna@example.org"})
    first = link_in(last_mail("anna@example.org"))
    visitor.send("/reset", {"email": "anna@example.org"})
    assert visitor.get(first).status_code == 410
    assert visitor.get(link_in(last_mail("anna@example.org"))).status_code == 200


def test_resets_are_limited_for_an_address_that_nobody_has_just_the_same(visitor: Any, with_limits: None) -> None:
    for _again in range(5):
        assert visitor.send("/reset", {"email": "nobody@example.org"}).status_code == 303
    assert visitor.send("/reset", {"email": "nobody@example.org"}).status_code == 429


def test_a_visitor_at_a_members_page_comes_back_to_it_after_signing_in(visitor: Any, anna: Any) -> None:
    answer = visitor.get("/account/privacy")
    assert answer.status_code == 302
    answer = visitor.send(answer.location, {"email": "anna@example.org", "password": makers.PASSWORD})
    assert answer.location == "/account/privacy"
