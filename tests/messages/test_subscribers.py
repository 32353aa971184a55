"""Lists of subscribers from elsewhere: nobody gets mail by one, and who left stays without."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db, unit_of_work
from community.members import actions as members
from community.members.models import Member, Purpose
from community.messages.actions.mails import send_later
from community.messages.models import MailClass, Subscriber
from tests import makers

REAL = Path(__file__).parents[3] / "shared" / "data" / "subscribers"
MAILCHIMP = "Email Address,First Name,Last Name,OPTIN_TIME"


@pytest.fixture
def take(app: Any, tmp_path: Path) -> Any:
    """`flask import subscribers` of such a file."""

    def taken(content: str | Path, *options: str) -> tuple[int, dict[str, Any]]:
        path = content if isinstance(content, Path) else tmp_path / "list.csv"
        if isinstance(content, str):
            path.write_text(content)
        answer = app.test_cli_runner().invoke(
            args=["import", "subscribers", str(path), "--site", "nl", "--json", *options]
        )
        return answer.exit_code, json.loads(answer.stdout) if answer.exit_code != 2 else {}

    return taken


def states() -> dict[str, str]:
    db.session.rollback()
    return {row.address: row.state for row in db.session.scalars(select(Subscriber))}


def test_who_left_elsewhere_gets_no_mail_here_and_no_later_list_changes_that(take: Any) -> None:
    member = makers.member("Uma", consents=("mail",))
    assert take(f"{MAILCHIMP},UNSUB_TIME\nUMA@example.org,Uma,,2019-01-01 10:00:00,2020-01-01 10:00:00\n")[0] == 0
    assert take(f"{MAILCHIMP}\numa@example.org,Uma,,2019-01-01 10:00:00\n")[1]["unchanged"] == {"subscribers": 1}
    assert states() == {"uma@example.org": "left"}
    fresh = db.session.get_one(Member, member.id)
    assert fresh.mail is False
    with unit_of_work():
        assert send_later(fresh, "trial", MailClass.EDITORIAL) is None


def test_who_left_may_say_yes_again_here(take: Any) -> None:
    member = makers.member("Uma", consents=("mail",))
    take(f"{MAILCHIMP},UNSUB_TIME\numa@example.org,Uma,,,2020-01-01 10:00:00\n")
    with unit_of_work():
        members.set_consent(db.session.get_one(Member, member.id), Purpose.MAIL, True, "/account/privacy")
    take(f"{MAILCHIMP},UNSUB_TIME\numa@example.org,Uma,,,2020-01-01 10:00:00\n")
    assert db.session.get_one(Member, member.id).mail is True


def test_a_cleaned_address_gets_nothing(take: Any) -> None:
    member = makers.member("Cleo", consents=("mail",))
    take(f"{MAILCHIMP},CLEAN_TIME\ncleo@example.org,Cleo,,,2020-01-01 10:00:00\n")
    assert states() == {"cleo@example.org": "cleaned"}
    with unit_of_work():
        assert send_later(db.session.get_one(Member, member.id), "trial", MailClass.SERVICE) is None


def test_who_wants_mail_elsewhere_is_known_and_gets_none(take: Any) -> None:
    member = makers.member("Wim")
    take("email,name,attributes,status\nwim@example.org,Wim,{},enabled\nno@example.org,No,{},blocklisted\n")
    assert states() == {"wim@example.org": "wants", "no@example.org": "left"}
    assert db.session.get_one(Member, member.id).mail is False


def test_a_row_without_an_address_is_named_and_the_others_come(take: Any) -> None:
    status, told = take("name;email\nAlice;alice@example.com;more\nBob;nobody\n")
    assert (status, told["created"], told["skipped"]) == (3, {"subscribers": 1}, {"subscribers": 1})
    assert [(problem["where"], problem["what"]) for problem in told["problems"]] == [("line 3", "nobody")]


def test_a_trial_run_changes_nothing(take: Any) -> None:
    assert take("email\na@example.com\n", "--dry-run")[1]["created"] == {"subscribers": 1}
    assert states() == {}


def test_a_file_without_addresses_is_refused(take: Any) -> None:
    assert take("animal,legs\ncat,4\n")[0] == 2


@pytest.mark.skipif(not REAL.exists(), reason="the shared lists are not on this machine")
def test_real_lists_are_taken_whole_and_once(take: Any) -> None:
    facts = json.loads((REAL / "facts.json").read_text())
    for path in sorted(REAL.glob("*.csv")):
        told, again = take(path)[1], take(path)[1]
        bad = facts[path.name]["without_at"] + path.read_text().count("@adv,")  # a domain without a dot
        assert told["found"] == {"subscribers": facts[path.name]["rows"]}
        assert (told["created"]["subscribers"], told["skipped"]["subscribers"]) == (
            facts[path.name]["distinct_emails"] - bad,
            bad,
        )
        assert again["unchanged"]["subscribers"] == told["created"]["subscribers"]
    assert {state for address, state in states().items() if address.startswith("u")} >= {"left"}
