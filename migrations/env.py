"""How Alembic finds the database and the tables: through the application that `flask db` runs in.

One history serves SQLite and PostgreSQL. Each change is one transaction, so a kill leaves all or nothing;
SQLite's driver is told to begin it (the application reads in autocommit)."""

from alembic import context
from flask import current_app

from community.core.db import Model, db

config = context.config


def run() -> None:
    """Bring the database to the wanted revision."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        context.configure(connection=connection, target_metadata=Model.metadata, transactional_ddl=True, **options)
        with context.begin_transaction():
            if not is_sqlite:  # two machines that start at once: the second finds all done
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('migrations', 0))")
            context.run_migrations()
        if is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


run()
