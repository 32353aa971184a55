"""The export holds everything; after an erasure nothing of the person is left, and the conversation is."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from community.accounts import actions
from community.core import clock
from community.core.db import db, unit_of_work
from community.members import queries as members
from community.members.models import Member, MemberState
from community.operations.actions import leaving
from community.operations.personal import PERSONAL, Erased
from community.operations.queries.personal import counts_about
from community.profiles import actions as profiles
from tests import makers

RIGHT = {"password": makers.PASSWORD}
PARTS = (
    *("members", "profiles", "children", "consents", "sign_ins", "interests", "tasks_done", "posts", "touchpoints"),
    *("reads", "dismissed", "mails", "tokens", "audit_entries"),
)
READER = {"headers": {"User-Agent": "Mozilla/5.0 Firefox/140"}}


@pytest.fixture
def full_life(app: Flask, visitor: Any, run_jobs: Any) -> Any:
    """Zebedea, who used every room, in her browser."""
    zebedea = makers.member("Zebedea", consents=("personalisation", "analytics", "mail"))
    fields = {"email": "zebedea@example.org", "password": makers.PASSWORD}
    assert visitor.send("/sign-in", fields).status_code == 303
    makers.pregnancy(zebedea)
    article = makers.article("On sleep", theme="Sleep")
    makers.comment(article, zebedea, "We slept in the end.")
    visitor.get(article.path, **READER)
    visitor.send("/account/profile", {"name": "Zebedea", "town": "Zuidlaren", "about": "Reads.", "title": "knitter"})
    visitor.post("/account/interests", data={"csrf_token": visitor.token(), "action": f"less:{article.key}"})
    with unit_of_work():
        member = db.session.get_one(Member, zebedea.id)
        profiles.set_tasks(member, {"order-kit"}, {"order-kit"})
        actions.ask_reset("zebedea@example.org")
    run_jobs()
    app.test_client().get(article.path)
    return visitor


def opened(answer: Any) -> tuple[dict[str, Any], str]:
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert {"data.json", "index.html"} <= set(archive.namelist())
    return json.loads(archive.read("data.json")), archive.read("index.html").decode()


def everything(folder: Path) -> bytes:
    """Every table as text, and every file of the data folder as it lies there."""
    with db.engine.connect() as connection:
        tables = connection.exec_driver_sql("select name from sqlite_master where type = 'table'").scalars().all()
        rows = [str(row) for table in tables for row in connection.exec_driver_sql(f"select * from {table}")]
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.session.remove()
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    return "\n".join(rows).encode() + b"".join(files)


def test_the_export_has_an_entry_of_each_room_and_opens_no_door(full_life: Any) -> None:
    answer = full_life.send("/account/export", RIGHT)
    assert answer.content_type == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    parts, readable = opened(answer)
    for part in PARTS:
        assert parts[part], part
    assert parts["members"][0]["email"] == "zebedea@example.org"
    assert parts["posts"][0]["body"] == "We slept in the end."
    assert parts["posts"][0]["item"] == "On sleep"
    assert parts["interests"][0]["tag"] == "Sleep"
    whole = json.dumps(parts)
    assert "password_hash" not in whole
    assert "digest" not in {name for rows in parts.values() for row in rows for name in row}
    for word in ("Zuidlaren", "We slept in the end.", "On sleep"):
        assert word in readable


def test_the_export_needs_the_password_and_is_written_down(as_anna: Any, anna: Any) -> None:
    assert as_anna.send("/account/export", {"password": "not this one"}).status_code == 422
    assert as_anna.send("/account/export", RIGHT).status_code == 200
    with db.engine.connect() as connection:
        deeds = connection.exec_driver_sql("select deed, about from audit_entries").all()
    assert [tuple(deed) for deed in deeds] == [("member.exported", f"member:{anna.id}")]


def test_text_in_an_export_runs_nothing(as_anna: Any, anna: Any) -> None:
    evil = "<script>alert(1)</script>"
    makers.comment(makers.article(evil), anna, evil)
    _parts, readable = opened(as_anna.send("/account/export", RIGHT))
    assert evil not in readable


def test_the_export_holds_nothing_of_others(as_anna: Any, anna: Any, bob: Any) -> None:
    makers.comment(makers.article(), bob, "What Bob said.")
    parts, readable = opened(as_anna.send("/account/export", RIGHT))
    assert "What Bob said." not in json.dumps(parts) + readable


def test_erasing_says_what_will_be_gone_and_needs_the_password(as_anna: Any, anna: Any) -> None:
    makers.comment(makers.article(), anna)
    assert "You wrote 1 post here." in as_anna.see("/account/delete?site=en").text()
    assert as_anna.send("/account/delete", {"password": "not this one", "posts": "keep"}).status_code == 422
    assert members.member_by_id(anna.id).state == MemberState.ACTIVE  # type: ignore[union-attr]


@pytest.mark.only_on("sqlite")
def test_after_an_erasure_no_table_and_no_file_knows_the_person(full_life: Any, app: Flask) -> None:
    assert b"Zebedea" in everything(app.config["DATA_DIR"])
    answer = full_life.send("/account/delete", {**RIGHT, "posts": "keep"})
    assert (answer.status_code, answer.location) == (303, "/deleted")
    whole = everything(app.config["DATA_DIR"]).lower()
    for value in (b"zebedea", b"zuidlaren", b"knitter", b"order-kit"):
        assert value not in whole, value
    assert b"we slept in the end." in whole


def test_no_row_leads_to_who_was_erased_but_the_empty_place_and_the_audit_log(full_life: Any) -> None:
    zebedea = members.member_by_email("zebedea@example.org")
    assert zebedea is not None
    full_life.send("/account/delete", {**RIGHT, "posts": "keep"})
    places = {held.table for held in PERSONAL if held.erased is Erased.PLACE} | {"audit_entries"}
    assert set(counts_about(zebedea.id)) == places


def test_comments_stay_without_a_name_or_go_as_was_chosen(anna: Any, bob: Any, browser_of: Any, visitor: Any) -> None:
    article = makers.article("On sleep")
    makers.comment(article, anna, "Anna said this.")
    makers.comment(article, bob, "Bob said that.")
    browser_of(anna).send("/account/delete", {**RIGHT, "posts": "keep"})
    browser_of(bob).send("/account/delete", {**RIGHT, "posts": "gone"})
    page = visitor.get(article.path).text
    assert "Anna said this." in page
    assert "Anna</" not in page
    assert "Bob said that." not in page
    assert visitor.get("/nl/members/anna").status_code == 404


def test_every_browser_is_signed_out_and_the_address_is_free_again(
    as_anna: Any, anna: Any, browser_of: Any, visitor: Any
) -> None:
    elsewhere = browser_of(anna)
    as_anna.send("/account/delete", {**RIGHT, "posts": "keep"})
    assert elsewhere.get("/account/").status_code == 302
    assert as_anna.get("/account/").status_code == 302
    assert as_anna.get("/deleted").status_code == 200
    fields = {"email": "anna@example.org", "name": "Anna", "password": makers.PASSWORD}
    assert visitor.send("/register", fields).status_code == 303
    assert members.member_by_email("anna@example.org") is not None


def test_the_last_administrator_stays(as_admin: Any, admin: Any) -> None:
    answer = as_admin.send("/account/delete", {**RIGHT, "posts": "keep"})
    assert answer.status_code == 422
    assert members.member_by_id(admin.id).state == MemberState.ACTIVE  # type: ignore[union-attr]


def test_what_is_old_goes_by_itself(app: Flask, anna: Any, run_jobs: Any) -> None:
    makers.member("Never Confirmed", confirmed=False)
    clock.move_by(timedelta(days=31))
    leaving.forget_what_is_old()
    assert members.member_by_email("never-confirmed@example.org") is None
    assert members.member_by_email("anna@example.org") is not None
