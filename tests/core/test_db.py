"""One deed, one commit; nothing else writes."""

import threading
import time

import pytest
from flask import Flask
from sqlalchemy import create_engine, select

from community.core import clock
from community.core import db as db_room
from community.core.db import Deed, db, store, unit_of_work
from community.core.generation import Generation
from community.core.jobs import JobRow, JobState
from tests import makers


def test_rows_change_only_inside_a_unit_of_work(app: Flask) -> None:
    db.session.add(Generation(site="nl", number=1))
    with pytest.raises(RuntimeError, match="unit_of_work"):
        db.session.flush()
    db.session.rollback()


def test_an_error_undoes_the_whole_deed(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.add(Deed(key="k", path="/", at=clock.now()))
        db.session.flush()
        raise ZeroDivisionError
    assert db.session.get(Deed, "k") is None


def test_what_is_stored_at_once_goes_with_its_deed_and_its_number_is_free(app: Flask) -> None:
    def made() -> JobRow:
        row = JobRow(name="none", arguments=[], run_at=clock.now(), created_at=clock.now())
        store(row)
        return row

    undone = []
    with pytest.raises(ZeroDivisionError), unit_of_work():
        undone.append(made())
        raise ZeroDivisionError
    with unit_of_work():
        row = made()
        assert row.state == JobState.WAITING
    assert list(db.session.scalars(select(JobRow))) == [row]


def test_a_process_for_which_nobody_waits_leaves_the_database_for_as_long_as_it_wrote(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets deeds run beside each other")
    monkeypatch.setattr(db_room, "_gives_way", threading.Event())
    db_room.give_way()
    began = time.monotonic()
    with unit_of_work():
        time.sleep(0.05)
    assert time.monotonic() - began >= 0.1


def test_what_was_read_before_is_read_anew_inside(app: Flask) -> None:
    anna = makers.member("Anna")
    with db.engine.begin() as other:
        other.exec_driver_sql("UPDATE members SET title = 'Midwife'")
    assert anna.title == ""
    with unit_of_work():
        assert anna.title == "Midwife"


@pytest.mark.only_on("sqlite")
def test_sqlite_keeps_what_was_acknowledged(app: Flask) -> None:
    with create_engine(db.engine.url).connect() as connection:  # the tests' own is in a hurry
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                    ("journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
