"""`flask import bounces`: what came back stops mail to members' addresses, and twice is once."""

import json
import mailbox

import pytest

from community.messages.queries.bounces import bounces_of, suppression_of
from tests.messages.bounces.mails import answer, complaint, report


@pytest.fixture
def take(app):
    def run(path, *more):
        answer = app.test_cli_runner().invoke(args=["import", "bounces", str(path), "--json", *more])
        return answer.exit_code, json.loads(answer.stdout) if answer.exit_code in (0, 3) else answer.output

    return run


@pytest.fixture
def folder(tmp_path, anna, bob):
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "one.eml").write_bytes(report("Anna@example.org"))
    (folder / "two.eml").write_bytes(complaint("bob@example.org"))
    (folder / "three.eml").write_bytes(answer("anna@example.org"))
    return folder


def test_a_folder_stops_mail_to_who_is_gone_and_to_who_complained(take, folder):
    status, told = take(folder)
    assert status == 0
    assert told["found"] == {"hard": 1, "soft": 0, "complaint": 1, "none": 1}
    assert told["created"] == {"hard": 1, "soft": 0, "complaint": 1, "none": 0}
    assert told["unchanged"]["none"] == 1
    assert told["files"]["one.eml"] == [{"recipient": "anna@example.org", "status": "5.1.1", "kind": "hard"}]
    assert (suppression_of("anna@example.org").kind, suppression_of("bob@example.org").kind) == ("hard", "complaint")


def test_a_second_run_changes_nothing(take, folder):
    take(folder)
    _status, told = take(folder)
    assert told["created"] == {"hard": 0, "soft": 0, "complaint": 0, "none": 0}
    assert told["unchanged"] == {"hard": 1, "soft": 0, "complaint": 1, "none": 1}
    assert len(bounces_of("anna@example.org")) == 1


def test_a_dry_run_counts_and_stores_nothing(take, folder):
    _status, told = take(folder, "--dry-run")
    assert told["created"]["hard"] == 1
    assert bounces_of("anna@example.org") == []


def test_an_address_that_is_nobodys_is_not_kept(take, tmp_path, app):
    (tmp_path / "one.eml").write_bytes(report("stranger@example.org"))
    status, told = take(tmp_path / "one.eml")
    assert (status, told["skipped"]["hard"]) == (3, 1)
    assert told["problems"][0]["what"] == "stranger@example.org"
    assert bounces_of("stranger@example.org") == []


def test_an_mbox_and_a_maildir_hold_the_same(take, tmp_path, anna):
    box = mailbox.mbox(tmp_path / "box")
    for status in ("5.1.1", "5.1.2"):
        box.add(report("anna@example.org", status))
    box.close()
    assert set(take(tmp_path / "box")[1]["files"]) == {"box:1", "box:2"}
    mailbox.Maildir(tmp_path / "dir").add(report("anna@example.org"))
    assert take(tmp_path / "dir")[1]["found"]["hard"] == 1


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_nothing_to_read_is_said(take, tmp_path, path):
    (tmp_path / "empty").mkdir()
    assert take(tmp_path / path)[0] == 2
