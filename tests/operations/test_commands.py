"""`flask member create`, and programs that refuse another schema than their own."""

import json
import stat
import zipfile

import pytest

from community.members.actions import is_password
from community.members.queries import member_by_email
from tests import makers


@pytest.fixture
def flask(app):
    makers.stamp()
    return app.test_cli_runner().invoke


def password_in(output: str) -> str:
    return output.strip().rsplit(" ", 1)[-1]


def test_the_first_administrator_is_made_with_a_password_shown_once(flask, browser_of):
    made = flask(args=["member", "create", "Renske@Example.org", "--role", "admin", "--name", "Renske"])
    assert made.exit_code == 0, made.output
    member = member_by_email("renske@example.org")
    assert (member.name, member.role_names, member.state) == ("Renske", ["admin@*"], "active")
    assert is_password(member, password_in(made.output))
    assert browser_of(member).get("/admin/").status_code == 200


def test_a_role_for_one_site(flask):
    flask(args=["member", "create", "mo@example.org", "--role", "moderator", "--site", "nl"])
    member = member_by_email("mo@example.org")
    assert (member.role_names, member.site.code) == (["moderator@nl"], "nl")


def test_an_ordinary_member_holds_no_role(flask):
    assert flask(args=["member", "create", "ann@example.org"]).exit_code == 0
    assert member_by_email("ann@example.org").role_names == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["not-an-address"], "@"),
        (["a@example.org", "--role", "queen"], "queen"),
        (["a@example.org", "--site", "xx"], "xx"),
        (["anna@example.org"], "address"),
        (["a@example.org", "--name", "Anna"], "name"),
        (["a@example.org", "--name", "\u200b"], "name"),
    ],
)
def test_what_cannot_be_made_is_said_without_a_traceback(flask, anna, arguments, words):
    answer = flask(args=["member", "create", *arguments])
    assert answer.exit_code in (1, 2)
    assert words in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["demo", "load"], ["member", "create", "a@example.org"]])
def test_nothing_runs_on_another_schema(app, command):
    makers.stamp("ffffffffffff")
    answer = app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 1
    assert "newer" in answer.output


def test_everything_about_a_member_is_exported(flask, anna, tmp_path):
    path = tmp_path / "anna.zip"
    assert flask(args=["member", "export", "anna@example.org", "--to", str(path)]).exit_code == 0
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("data.json"))["members"][0]["email"] == "anna@example.org"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = json.loads(flask(args=["member", "export", "anna", "--json"]).stdout)
    assert told["members"][0]["name"] == "Anna"
    assert "password_hash" not in told["members"][0]


def test_a_member_is_erased_and_the_conversation_stays(flask, anna, visitor):
    article = makers.article()
    makers.comment(article, anna, "I sing to mine.")
    assert flask(args=["member", "erase", str(anna.id), "--yes"]).exit_code == 0
    assert member_by_email("anna@example.org") is None
    shown = visitor.get(article.path).text
    assert "I sing to mine." in shown
    assert "Anna" not in shown
    assert flask(args=["member", "erase", str(anna.id), "--yes"]).exit_code == 1


def test_the_only_administrator_is_not_erased(flask, admin):
    answer = flask(args=["member", "erase", "ada@example.org", "--yes"])
    assert answer.exit_code == 1
    assert "only administrator" in answer.output
    assert member_by_email("ada@example.org") is not None
