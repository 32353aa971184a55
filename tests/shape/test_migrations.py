"""The history of the tables leads to the tables of the code, and back."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from community.app import create_app
from community.core.db import Model, db
from community.core.schema import schema_problem


def test_the_history_makes_the_tables_of_the_code(tmp_path: Path) -> None:
    app = create_app(DATA_DIR=str(tmp_path), TESTING=True)
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
