"""Password, address and sessions of a member."""

import re
from typing import Any

from community.members import actions as members
from community.members import queries
from tests import makers
from tests.readers import mails_of

HERE = "/account/security"
NEW = "quite another evening"


def link_to(anna: Any, name: str) -> str:
    mail = next(mail for mail in reversed(mails_of(anna.id)) if mail.name == name)
    found = re.search(r"http://localhost(/\S+)", mail.text)
    assert found is not None
    return found[1]


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(as_anna: Any, anna: Any, browser_of: Any) -> None:
    elsewhere = browser_of(anna)
    wrong = as_anna.send(f"{HERE}/password", {"old_password": "not this one", "password": NEW})
    assert wrong.status_code == 422
    assert 'id="old_password-error"' in wrong.text
    right = as_anna.send(f"{HERE}/password", {"old_password": makers.PASSWORD, "password": NEW})
    assert right.status_code == 303
    assert as_anna.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert members.is_password(queries.member_by_id(anna.id), NEW)
    assert mails_of(anna.id)[-1].name == "password-changed"


def test_a_weak_new_password_is_refused_at_its_field(as_anna: Any, anna: Any) -> None:
    answer = as_anna.send(f"{HERE}/password", {"old_password": makers.PASSWORD, "password": "password1"})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text


def test_a_new_address_counts_once_it_is_confirmed_there_and_the_old_one_is_told(
    as_anna: Any, anna: Any, visitor: Any
) -> None:
    as_anna.send(f"{HERE}/email", {"email": "Anna@New.example.org", "old_password": makers.PASSWORD})
    mail = mails_of(anna.id)[-1]
    assert (mail.name, mail.to_new_address) == ("new-email", True)
    assert queries.member_by_id(anna.id).email == "anna@example.org"  # type: ignore[union-attr]
    path = link_to(anna, "new-email")
    assert visitor.get(path).status_code == 200
    assert queries.member_by_id(anna.id).email == "anna@example.org"  # type: ignore[union-attr]
    assert visitor.send(path).status_code == 303
    assert queries.member_by_id(anna.id).email == "anna@new.example.org"  # type: ignore[union-attr]
    mail = mails_of(anna.id)[-1]
    assert (mail.name, mail.old_address) == ("address-changed", "anna@example.org")
    assert as_anna.get("/account/").status_code == 302
    assert visitor.get(path).status_code == 410


def test_a_taken_new_address_gets_the_same_answer_and_its_owner_is_told(as_anna: Any, anna: Any, bob: Any) -> None:
    answers = []
    for email in ("free@example.org", "bob@example.org"):
        answer = as_anna.send(f"{HERE}/email", {"email": email, "old_password": makers.PASSWORD})
        answers.append((answer.status_code, answer.location))
    assert answers[0] == answers[1] == (303, HERE)
    assert mails_of(bob.id)[-1].name == "already-registered"
    assert len(mails_of(anna.id)) == 1


def test_a_changed_address_kills_a_mailed_reset(as_anna: Any, anna: Any, visitor: Any) -> None:
    visitor.send("/reset", {"email": "anna@example.org"})
    reset = link_to(anna, "reset")
    as_anna.send(f"{HERE}/email", {"email": "new@example.org", "old_password": makers.PASSWORD})
    visitor.send(link_to(anna, "new-email"))
    assert visitor.get(reset).status_code == 410


def test_sessions_are_listed_and_one_or_all_are_ended(as_anna: Any, anna: Any, browser_of: Any) -> None:
    elsewhere = browser_of(anna)
    forms = as_anna.see(HERE).css("form[action$='/end']")
    one = next(f.attributes["action"] for f in forms if "sessions/end" not in (f.attributes["action"] or ""))
    as_anna.send(one, page=HERE)
    assert elsewhere.get("/account/").status_code == 302
    third = browser_of(anna)
    as_anna.send(f"{HERE}/sessions/end", page=HERE)
    assert third.get("/account/").status_code == 302
    assert as_anna.get("/account/").status_code == 302


def test_nobody_ends_anothers_session(as_bob: Any, as_anna: Any, anna: Any) -> None:
    (session,) = queries.sign_ins_of(anna)
    as_bob.post(f"{HERE}/sessions/{session.id}/end", data={"csrf_token": as_bob.token()})
    assert as_anna.get("/account/").status_code == 200
