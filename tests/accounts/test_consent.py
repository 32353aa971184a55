"""Consent: each purpose apart, kept with its words, withdrawn at once; for members and for visitors."""

from typing import Any

import pytest

from community.core.db import db
from community.members import queries as members
from community.members.models import Purpose
from community.personalisation.queries.counting import reads_of
from community.touchpoints.models import Verb
from tests import makers
from tests.readers import touchpoints_of

FROM_US = {"headers": {"Sec-Fetch-Site": "same-origin"}}
READER = {"headers": {"User-Agent": "Mozilla/5.0 Firefox/140"}}
ALL = {"consent_personalisation": "y", "consent_analytics": "y", "consent_mail": "y"}


def reads(member_id: int) -> int:
    return len([t for t in touchpoints_of(member_id) if t.verb == Verb.PAGE_READ])


def cookies(browser: Any) -> dict[str, str]:
    found = {name: browser.get_cookie(name) for name in ("consent", "visitor", "theme")}
    return {name: cookie.value for name, cookie in found.items() if cookie is not None}


def test_each_change_is_a_line_with_day_source_and_version_of_the_words(as_bob: Any, bob: Any) -> None:
    as_bob.send("/account/privacy", {"consent_personalisation": "y"})
    as_bob.send("/account/privacy", {"consent_personalisation": "y", "consent_mail": "y"})
    as_bob.send("/account/notices")
    lines = [(line.purpose, line.is_given, line.source) for line in reversed(members.consents_of(bob))]
    assert lines == [("personalisation", True, "privacy"), ("mail", True, "privacy"), ("mail", False, "notices")]
    page = as_bob.see("/account/privacy?site=en").text()
    assert "to the words of" in page
    assert "You took it back on" in page


def test_withdrawing_both_forgets_the_reading_at_once(as_anna: Any, anna: Any, run_jobs: Any) -> None:
    article = makers.article()
    as_anna.get(article.path, **READER)
    run_jobs()
    assert reads(anna.id) == 1
    assert len(reads_of(f"m{anna.id}")) == 1
    as_anna.send("/account/privacy")
    assert (reads(anna.id), reads_of(f"m{anna.id}")) == (0, [])
    as_anna.get(article.path, **READER)
    assert reads(anna.id) == 0


def test_withdrawing_personalisation_keeps_what_analytics_may_count(as_anna: Any, anna: Any, run_jobs: Any) -> None:
    as_anna.get(makers.article().path, **READER)
    run_jobs()
    as_anna.send("/account/privacy", {"consent_analytics": "y"})
    assert reads_of(f"m{anna.id}") == []
    assert {t.allows for t in touchpoints_of(anna.id) if t.verb == Verb.PAGE_READ} == {"a"}


def test_deeds_stay_when_reading_is_withdrawn(as_anna: Any, anna: Any) -> None:
    makers.comment(makers.article(), anna)
    as_anna.send("/account/privacy")
    assert [t.verb for t in touchpoints_of(anna.id)] == [Verb.COMMENT_WRITTEN]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"choice": "all"}, "pa"),
        ({"choice": "none"}, "n"),
        ({"consent_personalisation": "y"}, "p"),
        ({"consent_analytics": "y"}, "a"),
        ({}, "n"),
    ],
)
def test_a_visitor_chooses_and_gets_a_number_only_with_a_yes(visitor: Any, fields: dict[str, str], kept: str) -> None:
    assert visitor.post("/nl/consent", data=fields, **FROM_US).status_code == 303
    assert cookies(visitor)["consent"] == kept
    assert ("visitor" in cookies(visitor)) == (kept != "n")


def test_the_cookies_of_a_choice_are_out_of_the_reach_of_scripts(visitor: Any) -> None:
    answer = visitor.post("/nl/consent", data={"choice": "all"}, **FROM_US)
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_yes_and_no_are_equal_buttons(visitor: Any) -> None:
    page = visitor.see("/en/consent")
    buttons = page.css("form[action='/en/consent'] button[name=choice]")
    assert {button.attributes["value"]: button.attributes["class"] for button in buttons} == {
        "all": "btn btn--ghost",
        "none": "btn btn--ghost",
    }
    assert not any("checked" in box.attributes for box in page.css("input[type=checkbox]"))


def test_a_choice_comes_from_a_page_of_ours(visitor: Any) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert visitor.post("/nl/consent", data={"choice": "all"}, headers=headers).status_code == 403
        assert visitor.post("/theme", data={"theme": "dark"}, headers=headers).status_code == 403
    assert cookies(visitor) == {}


def test_the_page_of_choices_is_shared_and_sets_nothing(visitor: Any) -> None:
    answer = visitor.get("/nl/consent")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers.get("ETag")
    assert "Set-Cookie" not in answer.headers


def test_the_page_of_choices_shows_what_was_chosen(visitor: Any) -> None:
    visitor.post("/nl/consent", data={"consent_analytics": "y"}, **FROM_US)
    boxes = visitor.see("/nl/consent").css("input[type=checkbox]")
    assert [box.attributes["name"] for box in boxes if "checked" in box.attributes] == ["consent_analytics"]


def test_a_member_is_sent_to_the_choices_of_the_account(as_anna: Any) -> None:
    for answer in (as_anna.get("/nl/consent"), as_anna.post("/nl/consent", data={"choice": "all"}, **FROM_US)):
        assert (answer.status_code, answer.location) == (303, "/account/privacy")
    assert cookies(as_anna) == {}


@pytest.mark.only_on("sqlite")
def test_a_visitor_who_says_no_again_leaves_nothing(visitor: Any, run_jobs: Any) -> None:
    visitor.post("/nl/consent", data={"choice": "all"}, **FROM_US)
    number = cookies(visitor)["visitor"]
    visitor.get(makers.article().path, **READER)
    run_jobs()
    assert len(reads_of(f"v{number}")) == 1
    visitor.post("/nl/consent", data={"choice": "none"}, **FROM_US)
    assert reads_of(f"v{number}") == []
    assert number not in dump()
    assert cookies(visitor) == {"consent": "n"}


def test_a_visitor_who_refused_leaves_no_row(visitor: Any) -> None:
    visitor.post("/nl/consent", data={"choice": "none"}, **FROM_US)
    visitor.get(makers.article().path, **READER)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from touchpoints").scalar() == 0


def test_a_visitors_reading_joins_the_member_who_agrees_to_the_same(visitor: Any, anna: Any, run_jobs: Any) -> None:
    visitor.post("/nl/consent", data={"choice": "all"}, **FROM_US)
    visitor.get(makers.article().path, **READER)
    run_jobs()
    visitor.send("/sign-in", {"email": "anna@example.org", "password": makers.PASSWORD})
    assert reads(anna.id) == 1
    assert len(reads_of(f"m{anna.id}")) == 1


def test_a_visitors_reading_does_not_join_a_member_who_agreed_to_less(visitor: Any, bob: Any) -> None:
    visitor.post("/nl/consent", data={"choice": "all"}, **FROM_US)
    visitor.get(makers.article().path, **READER)
    visitor.send("/sign-in", {"email": "bob@example.org", "password": makers.PASSWORD})
    assert reads(bob.id) == 0


def test_consents_of_a_registration_say_so_in_the_ledger(visitor: Any) -> None:
    fields = {"email": "sara@example.org", "name": "Sara", "password": makers.PASSWORD, "consent_analytics": "y"}
    visitor.send("/register", fields)
    sara = members.member_by_email("sara@example.org")
    assert sara is not None
    assert [(line.purpose, line.source) for line in members.consents_of(sara)] == [(Purpose.ANALYTICS, "register")]


@pytest.mark.parametrize(("wanted", "kept"), [("dark", "dark"), ("light", "light"), ("system", None), ("x", None)])
def test_colours_are_kept_and_the_reader_stays_where_she_was(visitor: Any, wanted: str, kept: str | None) -> None:
    headers = {**FROM_US["headers"], "Referer": "http://localhost/en/rules"}
    answer = visitor.post("/theme", data={"theme": wanted}, headers=headers)
    assert (answer.status_code, answer.location) == (303, "/en/rules")
    assert cookies(visitor).get("theme") == kept
    if kept:
        assert visitor.see("/en/rules").css_first("html").attributes["data-theme"] == kept


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/rules", "House rules"),
        ("/nl/rules", "Huisregels"),
        ("/en/privacy", "hello@community.example"),
        ("/nl/privacy", "hello@community.example"),
    ],
)
def test_the_two_texts_stand_in_the_language_of_the_site(visitor: Any, path: str, words: str) -> None:
    answer = visitor.get(path)
    assert words in answer.text
    assert "{" not in answer.text.split("<main")[1].split("</main")[0]
    assert answer.headers["Cache-Control"] == "no-cache"


def test_every_page_that_the_texts_lead_to_is_there(visitor: Any, as_anna: Any) -> None:
    for path in ("/en/rules", "/nl/rules", "/en/privacy", "/nl/privacy"):
        for link in visitor.see(path).css("main a"):
            target = link.attributes["href"] or ""
            if target.startswith("/"):
                assert as_anna.get(target).status_code in (200, 303), target


def dump() -> str:
    """Every value of every table."""
    with db.engine.connect() as connection:
        tables = connection.exec_driver_sql("select name from sqlite_master where type = 'table'").scalars().all()
        return "\n".join(str(row) for table in tables for row in connection.exec_driver_sql(f"select * from {table}"))


def test_a_choice_survives_that_the_form_is_sent_twice(as_bob: Any, bob: Any) -> None:
    for _twice in "ab":
        as_bob.send("/account/privacy", ALL)
    assert len(members.consents_of(bob)) == 3
