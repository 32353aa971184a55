"""Answers by mail come into their case: once, without what they quote, and from who asked alone."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from community.core.db import db
from community.members.models import Member
from community.messages.models import Mail
from community.service.models import Case, CaseMessage
from tests import makers


@pytest.fixture
def take(app: Any, tmp_path: Path) -> Any:
    """`flask service take-mail` of such mails."""

    def taken(*mails: EmailMessage) -> dict[str, int]:
        for number, mail in enumerate(mails):
            (tmp_path / f"{number}.eml").write_bytes(bytes(mail))
        answer = app.test_cli_runner().invoke(args=["service", "take-mail", str(tmp_path), "--json"])
        assert answer.exit_code == 0, answer.output
        return dict(json.loads(answer.stdout))

    return taken


def our_mail() -> Mail:
    db.session.rollback()
    return db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()


def answer_to(mail: Mail, words: str, sender: str, **heads: str) -> EmailMessage:
    """An answer as a mail program makes it: our words quoted below."""
    made = EmailMessage()
    made["Subject"], made["From"] = f"Re: {mail.subject}", f"Anna <{sender}>"
    made["Message-ID"] = "<one@example.org>"
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in mail.text.split("\n"))
    made.set_content(f"{words}\n\nOp ma 4 apr. 2026 om 10:12 schreef Community <x@example.org>:\n\n{quoted}\n")
    return made


def words_of(case: Case) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(CaseMessage.body).where(CaseMessage.case_id == case.id)))


def test_an_answer_comes_in_once_without_what_it_quotes(take: Any, anna: Member) -> None:
    case = makers.case(anna)
    mail = answer_to(our_mail(), "It is the blue one.\nThank you!", anna.email or "")
    assert take(mail) == {"taken": 1, "unchanged": 0, "others": 0}
    assert take(mail) == {"taken": 0, "unchanged": 1, "others": 0}
    assert words_of(case) == ["How is this meant?", "It is the blue one.\nThank you!"]


def test_somebody_else_cannot_write_into_it(take: Any, anna: Member) -> None:
    case = makers.case(anna)
    assert take(answer_to(our_mail(), "Let me in.", "eve@example.org"))["others"] == 1
    forged = answer_to(our_mail(), "Let me in.", anna.email or "")
    forged.replace_header("Subject", f"Re: [#{case.id}-0123456789]")
    assert take(forged)["others"] == 1
    assert words_of(case) == ["How is this meant?"]


def test_an_automatic_answer_and_a_broken_mail_are_left_alone(take: Any, anna: Member, tmp_path: Path) -> None:
    case = makers.case(anna)
    (tmp_path / "broken.eml").write_bytes(b"Subject: =?utf-8?b?////?=\nContent-Type: text/plain; charset=nope\n\n\xff")
    away = answer_to(our_mail(), "I am on holiday.", anna.email or "", Auto_Submitted="auto-replied")
    assert take(away) == {"taken": 0, "unchanged": 0, "others": 2}
    assert words_of(case) == ["How is this meant?"]
