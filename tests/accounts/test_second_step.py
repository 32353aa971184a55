"""The second step: asked at the door and before what weighs most, each code once, and the same door for everybody."""

import io
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from pyotp import TOTP
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.accounts.views import guesses
from community.core import clock, settings
from community.core.db import unit_of_work
from community.core.limits import limiter
from community.members import actions as members
from community.members import passwords, queries, second_step
from community.members.models import Member
from community.members.views import PROVED_AT
from community.operations.queries.work import audit_about
from community.web.pictures import squares_of
from tests import makers
from tests.readers import mails_of

HERE = "/account/security"
SET_UP = f"{HERE}/second-step"


def code_of(secret: str, steps: int = 0) -> str:
    """What an app shows now, or so many times 30 seconds later."""
    return TOTP(secret.replace(" ", "")).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def with_phone(member: Member) -> str:
    """The secret of a member whose second step is on."""
    with unit_of_work():
        return second_step.give(queries.member_by_id(member.id) or member)


def known(browser: Any, member: Member, **more: str) -> Any:
    """The right password, typed."""
    return browser.send("/sign-in", {"email": member.email, "password": makers.PASSWORD, **more})


def prove(browser: Any, code: str, path: str = "/sign-in/code") -> Any:
    """A code, typed."""
    return browser.send(path, {"code": code})


def is_in(browser: Any) -> bool:
    return bool(browser.get("/account/").status_code == 200)


def spare_codes_on(text: str) -> list[str]:
    return [code.text() for code in HTMLParser(text).css("#spare-codes code")]


def let_proof_age(browser: Any) -> None:
    """The second step as it stands eleven minutes later."""
    with browser.session_transaction() as session:
        session[PROVED_AT] -= 11 * 60


@pytest.fixture
def with_limits(app: Flask) -> Iterator[None]:
    """The limits as they stand in earnest."""
    limiter.begin({**app.config, "LIMITS": "on"})
    yield
    limiter.begin(app.config)


@pytest.mark.parametrize("role", ["editor", "publisher", "moderator", "marketer", "service", "admin"])
def test_staff_set_up_the_second_step_when_they_first_come_in(visitor: Any, role: str) -> None:
    member = makers.member("Staf", role=role)
    answer = known(visitor, member, next="/nl/articles/")
    assert answer.location.startswith("/sign-in/second-step")
    assert not is_in(visitor)
    page = visitor.see(answer.location)
    secret = page.css_first("#secret").text()
    assert page.css_first("main svg path[d]") is not None
    assert prove(visitor, "000000", "/sign-in/second-step").status_code == 422
    assert not is_in(visitor)
    shown = prove(visitor, code_of(secret), "/sign-in/second-step")
    codes = spare_codes_on(shown.text)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert 'href="/nl/articles/"' in shown.text
    assert is_in(visitor)
    assert secret not in visitor.see(HERE).html
    assert codes[0] not in visitor.see(HERE).html


def test_an_expert_and_a_member_come_in_by_the_password_alone(app: Flask, visitor: Any, anna: Any) -> None:
    assert known(visitor, makers.member("Ezra", role="expert")).location == "/nl/home"
    assert known(app.test_client(), anna).location == "/nl/home"


def test_a_code_lets_staff_in_and_a_password_alone_does_not(visitor: Any, editor: Any) -> None:
    secret = with_phone(editor)
    answer = known(visitor, editor, next="/studio/")
    assert answer.location.startswith("/sign-in/code")
    assert (is_in(visitor), visitor.get("/studio/").status_code) == (False, 302)
    assert prove(visitor, "123456").status_code == 422
    assert visitor.get("/sign-in/second-step").location.startswith("/sign-in")  # no second set-up beside the first
    entered = prove(visitor, code_of(secret))
    assert (entered.status_code, entered.location) == (303, "/studio/")
    assert is_in(visitor)


def test_a_code_is_taken_once_and_so_is_every_one_before_it(app: Flask, editor: Any) -> None:
    secret = with_phone(editor)
    first, second = app.test_client(), app.test_client()
    code, earlier, later = code_of(secret), code_of(secret, -1), code_of(secret, 1)
    known(first, editor)
    known(second, editor)
    assert prove(first, code).status_code == 303
    assert [prove(second, used).status_code for used in (code, earlier)] == [422, 422]
    assert prove(second, later).status_code == 303


def test_a_phone_may_be_half_a_minute_wrong_and_no_more(editor: Any) -> None:
    secret = with_phone(editor)
    with unit_of_work():
        assert not second_step.accepts(editor, code_of(secret, -3))
        assert not second_step.accepts(editor, code_of(secret, 3))
        assert second_step.accepts(editor, f" {code_of(secret)[:3]} {code_of(secret)[3:]} ")


def test_the_clock_of_a_demonstration_moves_no_codes(editor: Any) -> None:
    secret = with_phone(editor)
    clock.move_by(timedelta(days=400))
    with unit_of_work():
        assert second_step.accepts(editor, code_of(secret))


def test_each_spare_code_is_taken_once_and_only_by_its_owner(app: Flask, anna: Any, bob: Any) -> None:
    for member in (anna, bob):
        with_phone(member)
    with unit_of_work():
        codes = second_step.renew_spare_codes(anna)
    assert not any(code.replace(" ", "") in str(queries.second_step_of(anna).spare_digests) for code in codes)
    for member, code, status in ((bob, codes[0], 422), (anna, codes[0], 303), (anna, codes[0], 422)):
        browser = app.test_client()
        known(browser, member)
        assert prove(browser, code).status_code == status
    assert len(queries.second_step_of(anna).spare_digests) == 9


def test_new_spare_codes_end_the_earlier_ones(as_anna: Any, anna: Any) -> None:
    with_phone(anna)
    with unit_of_work():
        (earlier, *_more) = second_step.renew_spare_codes(anna)
    codes = spare_codes_on(as_anna.send(f"{SET_UP}/codes", page=HERE).text)
    with unit_of_work():
        assert not second_step.accepts(anna, earlier)
        assert second_step.accepts(anna, codes[3])


def test_ten_wrong_codes_close_the_second_step_for_a_while_wherever_they_come_from(
    app: Flask, editor: Any, with_limits: None
) -> None:
    secret = with_phone(editor)
    guesser, owner = app.test_client(), app.test_client()
    known(guesser, editor)
    for _again in range(10):
        assert prove(guesser, "000000").status_code == 422
    known(owner, editor)
    answer = prove(owner, code_of(secret))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_the_code_must_follow_within_ten_minutes_and_the_same_password(app: Flask, editor: Any) -> None:
    secret = with_phone(editor)
    late, old = app.test_client(), app.test_client()
    for browser in (late, old):
        known(browser, editor)
    token = old.see("/sign-in/code").css_first("[name=csrf_token]").attributes["value"]
    with late.session_transaction() as session:
        member_id, at, *more = session["waiting"]
        session["waiting"] = (member_id, at - 601, *more)
    assert late.get("/sign-in/code").location == "/sign-in"
    with unit_of_work():
        members.change_password(queries.member_by_id(editor.id), "quite another evening")
    answer = old.post("/sign-in/code", data={"csrf_token": token, "code": code_of(secret)})
    assert (answer.location, is_in(old)) == ("/sign-in", False)


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/second-step"])
def test_nobody_stands_at_the_second_step_without_the_first(visitor: Any, path: str) -> None:
    assert visitor.get(path).location == "/sign-in"


def test_a_new_password_by_mail_does_not_lead_past_the_second_step(visitor: Any, editor: Any) -> None:
    secret = with_phone(editor)
    with unit_of_work():
        token = members.make_token(editor, members.TokenUse.RESET)
    answer = visitor.send(f"/reset/{token}", {"password": "quite another evening"})
    assert answer.location.startswith("/sign-in/code")
    assert not is_in(visitor)
    assert prove(visitor, code_of(secret)).status_code == 303
    assert is_in(visitor)


def test_a_member_switches_it_on_by_password_and_code_and_off_again(as_anna: Any, anna: Any) -> None:
    secret = as_anna.see(SET_UP).css_first("#secret").text()
    wrong = {"code": code_of(secret), "password": "not this one"}
    assert as_anna.send(SET_UP, wrong).status_code == 422
    assert queries.second_step_of(anna) is None
    shown = as_anna.send(SET_UP, {**wrong, "password": makers.PASSWORD})
    assert len(spare_codes_on(shown.text)) == 10
    assert as_anna.get(SET_UP).location == HERE
    assert as_anna.send(f"{SET_UP}/off", page=HERE).location == HERE
    assert queries.second_step_of(anna) is None
    assert [mail.name for mail in mails_of(anna.id)] == ["second-step", "second-step"]
    assert [entry.deed for entry, _name in audit_about(anna.key)] == ["second-step.ended", "second-step.begun"]


def test_staff_cannot_switch_it_off(as_editor: Any, editor: Any) -> None:
    with_phone(editor)
    assert "Switch off" not in as_editor.see(f"{HERE}?site=en").body.text()
    assert as_editor.post(f"{SET_UP}/off", data={"csrf_token": as_editor.token()}).status_code == 403
    assert queries.second_step_of(editor) is not None


@pytest.mark.parametrize("path", ["/account/export", "/account/delete", f"{HERE}/password", f"{HERE}/email"])
def test_the_code_is_asked_again_before_what_weighs_most(as_editor: Any, editor: Any, path: str) -> None:
    secret = with_phone(editor)
    assert as_editor.get(path).status_code == 200
    let_proof_age(as_editor)
    asked = as_editor.get(path).location
    assert asked == f"{HERE}/code?next={path}"
    assert as_editor.post(path, data={"csrf_token": as_editor.token()}).location.startswith(f"{HERE}/code")
    assert prove(as_editor, "000000", asked).status_code == 422
    assert prove(as_editor, code_of(secret), asked).location == path
    assert as_editor.get(path).status_code == 200


@pytest.mark.parametrize("deed", ["roles", "roles/take", "suspend", "unsuspend", "second-step/reset"])
def test_the_code_is_asked_again_before_an_account_of_others_changes(
    as_admin: Any, admin: Any, moderator: Any, deed: str
) -> None:
    with_phone(admin)
    page = f"/admin/members/{moderator.id}"
    fields = {"csrf_token": as_admin.token(), "role": "admin", "site": "", "held": "moderator@nl"}
    let_proof_age(as_admin)
    answer = as_admin.post(f"{page}/{deed}", data=fields, headers={"Referer": f"http://localhost{page}"})
    assert (answer.status_code, answer.location) == (303, f"{HERE}/code?next={page}")
    assert queries.member_by_id(moderator.id).role_names == ["moderator@nl"]
    assert queries.member_by_id(moderator.id).state == "active"


def test_a_member_without_a_second_step_is_asked_for_the_password_alone(as_anna: Any) -> None:
    let_proof_age(as_anna)
    for path in ("/account/export", "/account/delete", f"{HERE}/password"):
        assert as_anna.get(path).status_code == 200


def test_an_administrator_resets_it_for_who_lost_the_phone_and_never_their_own(
    app: Flask, as_admin: Any, admin: Any, moderator: Any, as_moderator: Any
) -> None:
    for member in (admin, moderator):
        with_phone(member)
    page = f"/admin/members/{moderator.id}"
    assert as_admin.send(f"{page}/second-step/reset", page=page).status_code == 303
    assert queries.second_step_of(moderator) is None
    assert as_moderator.get("/moderation/").status_code == 302
    assert mails_of(moderator.id)[-1].subject == "Your second step is off"
    assert "second-step.ended" in [entry.deed for entry, _name in audit_about(moderator.key)]
    assert known(app.test_client(), moderator).location.startswith("/sign-in/second-step")
    own = f"/admin/members/{admin.id}"
    assert "Reset the second step" not in as_admin.see(own).body.text()
    assert as_admin.post(f"{own}/second-step/reset", data={"csrf_token": as_admin.token()}).status_code == 403
    assert queries.second_step_of(admin) is not None


@pytest.mark.parametrize("reader", ["as_anna", "as_moderator", "as_editor"])
def test_nobody_else_resets_a_second_step(request: pytest.FixtureRequest, bob: Any, reader: str) -> None:
    with_phone(bob)
    browser = request.getfixturevalue(reader)
    answer = browser.post(f"/admin/members/{bob.id}/second-step/reset", data={"csrf_token": browser.token()})
    assert (answer.status_code, queries.second_step_of(bob) is None) == (403, False)


def test_the_operator_resets_it_from_the_command_line(app: Flask, admin: Any, as_admin: Any) -> None:
    with_phone(admin)
    run = app.test_cli_runner().invoke
    done = run(args=["member", "reset-second-step", admin.email])
    assert done.exit_code == 0, done.output
    assert queries.second_step_of(admin) is None
    assert not is_in(as_admin)
    assert run(args=["member", "reset-second-step", "nobody@example.org"]).exit_code == 1


def test_an_export_holds_nothing_that_opens_the_second_step(as_anna: Any, anna: Any) -> None:
    secret, row = with_phone(anna), queries.second_step_of(anna)
    archive = zipfile.ZipFile(io.BytesIO(as_anna.send("/account/export", {"password": makers.PASSWORD}).data))
    text = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "second_steps" in text
    assert not any(word in text for word in (secret, row.salt))


def test_an_erasure_takes_the_second_step_along(as_anna: Any, anna: Any) -> None:
    with_phone(anna)
    assert as_anna.send("/account/delete", {"password": makers.PASSWORD, "posts": "keep"}).status_code == 303
    assert queries.second_step_of(anna) is None


def test_the_rows_alone_give_no_secret(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, row = with_phone(anna), queries.second_step_of(anna)
    monkeypatch.setattr("community.core.seal._key", b"the key of another site")
    assert second_step.secret_of(row.salt) != secret


def test_the_picture_holds_the_dark_squares_of_the_words() -> None:
    picture = squares_of("otpauth://totp/Community:anna?secret=ABC")
    assert picture.size > 8 + 21
    assert picture.path.startswith("M4 4h1v1h-1z")  # the corner that a phone looks for, inside its quiet edge


def test_the_clock_does_not_tell_whether_an_address_has_an_account(
    app: Flask, anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least CPU time of 20 each, in turns, with the hashes as they are in earnest: what else the machine does
    only adds to it. No answer waits here until its time has come, as waiting computes nothing."""
    monkeypatch.setattr(guesses, "EVEN_SECONDS", 0.0)
    earnest = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", earnest)
    monkeypatch.setattr(passwords, "NOBODYS", earnest.hash(makers.PASSWORD))
    with unit_of_work():
        anna.password_hash = earnest.hash(makers.PASSWORD)
    browser = app.test_client()
    join = {"name": "Sara", "password": makers.PASSWORD}
    ways: dict[str, Callable[[str], dict[str, str]]] = {
        "/sign-in": lambda email: {"email": email, "password": "not this one"},
        "/register": lambda email: {**join, "email": email},
        "/reset": lambda email: {"email": email},
    }
    for path, fields in ways.items():
        there = HTMLParser(browser.get(path).text).css("form[method=post] input[name=csrf_token]")
        token = str(there[0].attributes["value"])
        took: dict[bool, list[float]] = {True: [], False: []}
        answers: dict[bool, set[Any]] = {True: set(), False: set()}
        for number in range(40):
            is_known = bool(number % 2)
            email = "anna@example.org" if is_known else f"nobody{number}@example.org"
            sent = {**fields(email), "csrf_token": token, "form_key": secrets.token_urlsafe(8)}
            began = time.process_time()
            answer = browser.post(path, data=sent)
            took[is_known].append(time.process_time() - began)
            answers[is_known].add((answer.status_code, answer.location))
        known, unknown = min(took[True]), min(took[False])
        assert answers[True] == answers[False], path
        assert abs(known - unknown) < 0.15 * unknown, (path, known, unknown)


@pytest.mark.parametrize("path", ["/register", "/confirm", "/reset"])
def test_what_mails_a_link_answers_no_sooner_than_its_time(visitor: Any, path: str) -> None:
    began = time.monotonic()
    visitor.send(path, {"email": "nobody@example.org"})
    assert time.monotonic() - began >= guesses.EVEN_SECONDS


def test_where_the_site_leaves_the_choice_staff_come_in_by_password(visitor: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(second_step.Demand, "of_staff", False)
    keeper = makers.member("Kee", site="en", role="moderator", role_site="en")
    sent = visitor.send("/sign-in", {"email": keeper.email, "password": makers.PASSWORD})
    assert sent.location.endswith("/en/home")
    assert visitor.get("/moderation/").status_code == 200


def without_proof(browser: Any) -> None:
    """A session that began by the password alone, as before the site demanded more."""
    with browser.session_transaction() as session:
        del session[PROVED_AT]


def test_staff_who_came_in_before_the_demand_set_it_up_before_the_next_page_for_staff(
    as_moderator: Any, moderator: Any
) -> None:
    without_proof(as_moderator)
    assert as_moderator.get("/account/").status_code == 200
    asked = as_moderator.get("/moderation/?kind=post")
    assert (asked.status_code, asked.location) == (303, f"{HERE}/code?next=/moderation/%3Fkind%3Dpost")
    assert as_moderator.get(asked.location).location == SET_UP
    secret = as_moderator.see(SET_UP).css_first("#secret").text()
    done = as_moderator.send(SET_UP, {"code": code_of(secret), "password": makers.PASSWORD})
    assert len(spare_codes_on(done.text)) == 10
    assert as_moderator.get("/moderation/").status_code == 200
    assert queries.second_step_of(moderator) is not None


def test_before_that_no_deed_of_theirs_as_staff_is_done(as_admin: Any, admin: Any, bob: Any) -> None:
    secret = with_phone(admin)
    token = as_admin.token()
    without_proof(as_admin)
    asked = as_admin.post(f"/admin/members/{bob.id}/suspend", data={"csrf_token": token, "reason": "spam"})
    assert asked.location.startswith(f"{HERE}/code?next=")
    assert queries.member_by_id(bob.id).state == "active"
    assert prove(as_admin, code_of(secret), f"{HERE}/code?next=/admin/members").location == "/admin/members"
    assert as_admin.get("/admin/members").status_code == 200


def test_where_the_site_leaves_the_choice_no_session_is_led_to_it(
    as_moderator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_step.Demand, "of_staff", False)
    without_proof(as_moderator)
    assert as_moderator.get("/moderation/").status_code == 200


def test_staff_need_a_second_step_unless_the_site_says_otherwise(tmp_path: Path) -> None:
    assert settings.load(DATA_DIR=str(tmp_path))["SECOND_STEP"] == "staff"
    with pytest.raises(settings.WrongSetting, match="staff or choice"):
        settings.load(DATA_DIR=str(tmp_path), SECOND_STEP="nobody")
