"""A backup of a site on PostgreSQL comes back whole, or changes nothing."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from community.core.db import db
from community.items.models import Post
from community.members import queries as members
from community.members.models import Member
from community.operations import erasures
from community.operations.backups import running
from tests import makers

pytestmark = pytest.mark.only_on("postgresql")


@pytest.fixture
def flask(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Commands; a restore lets go of the folder when its program ends: here, at once."""
    monkeypatch.setattr(running, "hold_alone", lambda folder: None)
    (app.config["DATA_DIR"] / erasures.NAME).unlink(missing_ok=True)
    return app.test_cli_runner().invoke


@pytest.fixture
def backup(flask, anna: Member, tmp_path: Path) -> Path:
    """A backup of Anna and her comment."""
    makers.comment(makers.article("On sleep"), anna, "We slept in the end.")
    folder = tmp_path / "backups" / "first"
    answer = flask(args=["backup", str(folder), "--json"])
    assert answer.exit_code == 0, answer.output
    return folder


def names() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Member.name)))


def test_what_came_after_it_stands_aside_and_ids_go_on(flask, backup: Path, bob: Member) -> None:
    answer = flask(args=["restore", str(backup), "--yes", "--json"])
    assert answer.exit_code == 0, answer.output
    assert names() == {"Anna"}
    assert list(db.session.scalars(select(Post.body))) == ["We slept in the end."]
    aside = json.loads(answer.stdout)["aside"]
    assert [Path(path).stat().st_size > 0 for path in aside if "database.dump.before" in path] == [True]
    assert makers.member("Carla").id == 2


def test_who_was_erased_since_is_erased_again(flask, backup: Path, anna: Member) -> None:
    assert flask(args=["member", "erase", anna.email, "--yes"]).exit_code == 0
    answer = flask(args=["restore", str(backup), "--yes"])
    assert answer.exit_code == 0, answer.output
    db.session.rollback()
    assert members.member_by_email("anna@example.org") is None


def test_one_that_is_damaged_is_refused_and_nothing_changes(flask, backup: Path, bob: Member) -> None:
    with (backup / "database.dump").open("r+b") as file:
        file.seek(-40, 2)
        file.write(b"not what it was")
    answer = flask(args=["restore", str(backup), "--yes"])
    assert (answer.exit_code, "not as it was" in answer.output) == (1, True)
    assert names() == {"Anna", "Bob"}


def test_one_that_does_not_load_leaves_all_as_it_was(flask, backup: Path, bob: Member) -> None:
    (backup / "database.dump").write_bytes(b"no dump")
    told = json.loads((backup / "manifest.json").read_text())
    told["files"].pop("database.dump")
    (backup / "manifest.json").write_text(json.dumps(told))
    answer = flask(args=["restore", str(backup), "--yes"])
    assert (answer.exit_code, "pg_restore" in answer.output) == (1, True)
    assert names() == {"Anna", "Bob"}
