"""What only a PostgreSQL server can show: its history of tables, and what its errors tell."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from community.app import create_app
from community.core import clock
from community.core.db import Deed, Model, db, unit_of_work
from community.core.schema import schema_problem
from tests.conftest import Browser

pytestmark = pytest.mark.only_on("postgresql")


def test_the_history_makes_the_tables_of_the_code_and_leads_back(database: Any, tmp_path: Path) -> None:
    app = create_app(DATA_DIR=str(tmp_path), DATABASE_URL=database.another("history"), TESTING=True)
    with app.app_context():
        assert schema_problem() is not None
        upgrade()
        assert schema_problem() is None
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Model.metadata) == []
        downgrade(revision="base")
        assert schema_problem() is not None
        db.engine.dispose()


def test_a_refused_row_keeps_its_values_to_itself(app: Flask) -> None:
    row = {"key": "a.secret@example.org", "path": "/", "at": clock.now()}
    with pytest.raises(IntegrityError) as told, unit_of_work():
        db.session.execute(insert(Deed), [row])
        db.session.execute(insert(Deed), [row])
    assert "secret" not in f"{told.value} {told.value.orig}"


@pytest.mark.parametrize("path", ["/nl/forums/posts/99999999999", "/nl/articles/%00"])
def test_what_no_row_can_have_is_not_there(visitor: Browser, path: str) -> None:
    assert visitor.get(path, follow_redirects=True).status_code == 404


def test_a_deed_has_its_number_before_it_writes(app: Flask) -> None:
    with unit_of_work():
        assert db.session.scalar(select(func.pg_current_xact_id_if_assigned())) is not None
        assert db.session.scalar(text("SHOW transaction_isolation")) == "read committed"
    assert db.session.scalar(select(func.pg_current_xact_id_if_assigned())) is None
