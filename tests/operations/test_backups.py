"""A backup holds everything and nothing half; a restore brings it back whole, or changes nothing."""

import io
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from community.core import clock
from community.core.db import db, unit_of_work
from community.media import store
from community.media.actions import keep_picture, render
from community.media.folder import Folder
from community.members.queries import member_by_email
from community.messages.models import Mail
from community.operations import erasures
from community.operations.backups import running
from community.operations.backups.making import Place
from community.operations.backups.restoring import drop_old_asides
from tests import makers


@pytest.fixture
def flask(app):
    makers.stamp()
    (app.config["DATA_DIR"] / erasures.NAME).unlink(missing_ok=True)
    for name in store.place().names():
        store.place().remove(name)
    return app.test_cli_runner().invoke


@pytest.fixture
def backup(flask, anna, tmp_path):
    """A backup with Anna, her comment and her picture."""
    makers.comment(makers.article("On sleep"), anna, "We slept in the end.")
    picture_of(anna)
    folder = tmp_path / "backups" / "first"
    answer = flask(args=["backup", str(folder), "--json"])
    assert answer.exit_code == 0, answer.output
    return folder


@pytest.fixture
def restore(flask, monkeypatch):
    """Restoring lets go of the folder when the command's program ends: here, at once."""
    monkeypatch.setattr(running, "hold_alone", lambda folder: None)
    return lambda folder, *more: flask(args=["restore", str(folder), "--yes", *more])


def picture_of(member):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    content.seek(0)
    rendered = render(content)
    with unit_of_work():
        keep_picture(rendered, "Red", member)


def names(path):
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("select name from members")}


@pytest.mark.only_on("sqlite")
def test_everything_is_in_it_with_its_digests(backup):
    told = json.loads((backup / "manifest.json").read_text())
    there = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    assert there == set(told["files"]) | {"manifest.json"}
    assert {"database.sqlite", "settings/secret-key"} < set(told["files"])
    assert any(name.startswith("media/") for name in told["files"])
    assert names(backup / "database.sqlite") == {"Anna"}
    assert backup.stat().st_mode & 0o077 == 0


def test_a_folder_with_something_in_it_is_refused(flask, backup):
    answer = flask(args=["backup", str(backup)])
    assert answer.exit_code == 1
    assert "not empty" in answer.output
    assert list(backup.parent.iterdir()) == [backup]


def test_old_backups_go_and_other_folders_stay(flask, backup):
    (backup.parent / "mine").mkdir()
    for name in ("second", "third"):
        assert flask(args=["backup", str(backup.parent / name), "--keep", "2"]).exit_code == 0
    assert {path.name for path in backup.parent.iterdir()} == {"mine", "second", "third"}


@pytest.mark.only_on("sqlite")
def test_a_backup_comes_back_and_what_was_there_is_put_aside(app, backup, restore, bob, visitor):
    pictures = store.place().names()
    shutil.rmtree(app.config["MEDIA_URL"])
    Path(app.config["MEDIA_URL"]).mkdir()
    told = json.loads(restore(backup, "--json").stdout)
    assert names(app.config["DATA_DIR"] / "community.db") == {"Anna"}
    assert store.place().names() == pictures
    aside = [path for path in told["aside"] if "community.db.before" in path]
    assert names(aside[0]) == {"Anna", "Bob"}
    assert "We slept in the end." in visitor.get("/nl/articles/on-sleep").text


def test_sessions_of_then_are_over_and_mails_of_then_wait_for_a_person(app, flask, anna, browser_of, restore, tmp_path):
    as_anna = browser_of(anna)
    with unit_of_work():
        db.session.add(
            Mail(member_id=anna.id, mail_class="service", name="x", subject="x", text="x", html="x",
                 created_at=anna.joined_at)
        )  # fmt: skip
    flask(args=["backup", str(tmp_path / "b")])
    assert restore(tmp_path / "b").exit_code == 0
    assert as_anna.get("/account/").status_code == 302
    assert db.session.query(Mail).one().state == "unknown"


@pytest.mark.only_on("sqlite")
def test_who_was_erased_since_is_erased_again(app, flask, backup, anna, restore, visitor, run_jobs):
    assert flask(args=["member", "erase", str(anna.id), "--yes", "--posts", "gone"]).exit_code == 0
    told = json.loads(restore(backup, "--json").stdout)
    assert told["erased_again"] == 1
    assert names(app.config["DATA_DIR"] / "community.db") == {""}
    assert "We slept in the end." not in visitor.get("/nl/articles/on-sleep").text
    run_jobs()
    assert store.place().names() == set()


@pytest.mark.only_on("sqlite")
def test_a_database_that_was_copied_back_by_hand_is_erased_again_at_the_next_start(app, flask, backup, anna):
    flask(args=["member", "erase", str(anna.id), "--yes"])
    db.session.remove()
    db.engine.dispose()
    for path in app.config["DATA_DIR"].glob("community.db*"):
        path.unlink()
    shutil.copy(backup / "database.sqlite", app.config["DATA_DIR"] / "community.db")
    assert member_by_email("anna@example.org") is not None
    db.session.remove()
    flask(args=["member", "export", "nobody"])
    assert member_by_email("anna@example.org") is None


def test_a_line_about_another_database_erases_nobody(app, flask, anna):
    erasures.remember(anna.id, anna.joined_at.replace(year=2001), anna.joined_at, with_posts=True)
    flask(args=["member", "export", "nobody"])
    assert member_by_email("anna@example.org") is not None


def broken_file(folder):
    with (folder / "database.sqlite").open("r+b") as file:
        file.seek(5000)
        file.write(b"other bytes")


def missing_picture(folder):
    next((folder / "media").iterdir()).unlink()


def newer(folder):
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**told, "schema": "ffffffffffff"}))


def leads_out(folder):
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**told, "files": {"../../etc/passwd": "0"}}))


def no_manifest(folder):
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (broken_file, "not as it was"),
        (missing_picture, "missing"),
        (newer, "newer than this program"),
        (leads_out, "no backup"),
        (no_manifest, "no backup"),
    ],
)
@pytest.mark.only_on("sqlite")
def test_what_is_not_whole_is_refused_and_nothing_changes(app, backup, bob, restore, damage, words):
    damage(backup)
    answer = restore(backup)
    assert (answer.exit_code, words in answer.output) == (1, True), answer.output
    assert names(app.config["DATA_DIR"] / "community.db") == {"Anna", "Bob"}


def test_a_site_that_runs_is_not_restored_under_its_feet(app, flask, backup, tmp_path):
    descriptor = running._locked(app.config["DATA_DIR"], running.fcntl.LOCK_SH, "")
    answer = flask(args=["restore", str(backup), "--yes"])
    running.os.close(descriptor)
    assert (answer.exit_code, "Stop server and worker" in answer.output) == (1, True)


def test_what_was_put_aside_expires_as_backups_do(app, tmp_path):
    old, media = tmp_path / "community.db.before-x", tmp_path / "media.before-x"
    old.write_text("x")
    media.mkdir()
    place = Place(db.engine.url, tmp_path, Folder(tmp_path / "media"))
    drop_old_asides(place, clock.real_now() + timedelta(days=29))
    assert old.exists()
    drop_old_asides(place, clock.real_now() + timedelta(days=31))
    assert not old.exists()
    assert not media.exists()
