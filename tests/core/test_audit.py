"""The audit log shows that it was tampered with."""

from flask import Flask
from sqlalchemy import select

from community.core import audit
from community.core.audit import AuditEntry
from community.core.db import db, unit_of_work


def test_a_whole_chain_verifies_and_a_changed_row_shows(app: Flask) -> None:
    with unit_of_work():
        for number in range(3):
            audit.keep("role.granted", f"member:{number}", None, role="editor")
    assert audit.first_broken() is None
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_entries SET about = 'member:9' WHERE id = 2")
    db.session.rollback()
    assert audit.first_broken() == 2


def test_a_missing_row_shows(app: Flask) -> None:
    with unit_of_work():
        for number in range(3):
            audit.keep("role.granted", f"member:{number}", None)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entries WHERE id = 2")
    db.session.rollback()
    assert audit.first_broken() == 3


def test_the_command_says_whether_it_is_whole(app: Flask) -> None:
    with unit_of_work():
        audit.keep("role.granted", "member:1", None)
    verify = ["moderation", "verify"]
    assert app.test_cli_runner().invoke(args=verify).exit_code == 0
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_entries SET deed = 'role.taken'")
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=verify)
    assert (answer.exit_code, "Row 1" in answer.output) == (1, True)


def test_a_typed_reason_can_be_erased_and_not_changed(app: Flask) -> None:
    with unit_of_work():
        for about in ("post:1", "post:2"):
            audit.keep("writer.revealed", about, None, why=f"Police asks about {about}")
    with unit_of_work():
        audit.forget_whys(["post:1"])
    assert audit.first_broken() is None
    kept = [str(facts) for facts in db.session.scalars(select(AuditEntry.facts).order_by(AuditEntry.id))]
    assert ("Police" in kept[0], "Police" in kept[1]) == (False, True)
    with unit_of_work():
        entry = db.session.get_one(AuditEntry, 2)
        entry.facts = {**entry.facts, "why": "Nobody asks about post:2"}
    assert audit.first_broken() == 2
