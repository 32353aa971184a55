"""What a mail tells of a recipient: gone, not now, a complaint, or nothing at all."""

import json

import pytest

from community.messages.bounces.reading import read
from tests.conftest import SHARED
from tests.messages.bounces.mails import answer, complaint, free_text, report

BOUNCES = SHARED / "data" / "bounces"


def kinds(content):
    return [(told.recipient, told.kind) for told in read(content)]


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", "hard"),
        ("5.1.2", "smtp; Host or domain name not found", "hard"),
        ("5.1.10", "smtp; 556 5.1.10 Domain has null MX", "hard"),
        ("5.0.0", "smtp; 550 <anna@example.org>: User unknown", "hard"),
        ("5.1.1", "smtp; 552 5.1.1 Mailbox is full", "soft"),
        ("5.2.2", "smtp; 552 5.2.2 Over quota", "soft"),
        ("5.7.1", "smtp; 554 5.7.1 Blocked by Spamhaus", "soft"),
        ("5.7.26", "smtp; 550 5.7.26 This mail is unauthenticated (DMARC)", "soft"),
        ("5.3.4", "smtp; 552 Message size exceeds the limit", "soft"),
        ("4.4.1", "smtp; connect to mx.example.org: Connection timed out", "soft"),
        ("5.0.0", "smtp; 550 User unknown (in reply to end of DATA command)", "soft"),
        ("5.0.0", "smtp; 500 Something that nobody ever said", "soft"),
    ],
)
def test_a_delivery_report_tells_who_is_gone(status, said, kind):
    assert kinds(report("anna@example.org", status, said)) == [("anna@example.org", kind)]


@pytest.mark.parametrize(("action", "kind"), [("delayed", "soft"), ("delivered", None), ("relayed", None)])
def test_what_is_late_or_arrived_is_no_failure(action, kind):
    assert kinds(report("anna@example.org", "2.0.0", "smtp; 250 ok", action)) == [("anna@example.org", kind)]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("550 5.1.1 No such user here", "hard"), ("550 Mailbox not found", "hard"), ("452 4.2.2 Mailbox full", "soft")],
)
def test_a_free_text_names_its_recipient_and_not_those_of_the_returned_mail(said, kind):
    assert kinds(free_text("anna@example.org", said)) == [("anna@example.org", kind)]


def test_a_complaint_names_its_reader_and_a_report_on_signatures_nobody():
    assert kinds(complaint("anna@example.org")) == [("anna@example.org", "complaint")]
    assert kinds(complaint("anna@example.org", "auth-failure")) == []


@pytest.mark.parametrize("more", ["Auto-Submitted: auto-replied", "Precedence: auto_reply", "X-Autoreply: yes"])
def test_an_answer_of_a_person_stops_nobody(more):
    assert kinds(answer("anna@example.org", more)) == []


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_other_line_ends_say_the_same(end):
    content = report("anna@example.org")
    assert read(content.replace(b"\n", end)) == read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff\xfe",
        b"Content-Type: multipart/report; boundary=\n\n--\n",
        b"From: MAILER-DAEMON\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n!!!",
        b"Subject: =?no-such?b?!!?=\nFrom: =?utf-8?q?mailer-daemon?=\n\nx",
        report("anna@example.org")[:600],
        b"Subject: failed\n\n" + b"a@" * 100_000,
        b"From: mailer-daemon\n\n" + b"<" * 200_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: message/rfc822\n\n" * 300,
    ],
)
def test_what_is_broken_breaks_nothing(content):
    read(content)


def test_the_figures_over_mails_of_many_servers():
    if not BOUNCES.exists():
        pytest.skip("the collection of returned mails is not on this machine")
    hard = found = others = false = 0
    for name, facts in json.loads((BOUNCES / "facts.json").read_text())["files"].items():
        expected = facts.get("expected")
        if expected is not None:
            told = [each.kind for each in read((BOUNCES / name).read_bytes())]
            meant, called = sum(each["hard"] for each in expected), told.count("hard")
            hard, found = hard + meant, found + min(meant, called)
            others, false = others + len(expected) - meant, false + max(0, called - meant)
            assert expected or not told, f"{name} is no bounce"
    assert found / hard >= 0.95
    assert false / others <= 0.01
