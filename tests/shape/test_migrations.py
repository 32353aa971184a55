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


def test_a_filled_site_of_the_first_history_keeps_everything(tmp_path: Path) -> None:
    app = create_app(DATA_DIR=str(tmp_path), TESTING=True)
    now = "2026-11-01 08:00:00.000000"
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in FILLED:
                connection.exec_driver_sql(statement.replace("NOW", f"'{now}'"))
        upgrade()
        assert schema_problem() is None
        with db.engine.connect() as connection:
            read = connection.exec_driver_sql
            assert read("SELECT id, body FROM posts ORDER BY id").fetchall() == [(1, "First"), (2, "See a.example")]
            assert read("SELECT last_live_number, substr(active_at, 1, 10) FROM items").fetchall() == [(1, now[:10])]
            assert read("SELECT about, open_key, kind, reason FROM concerns").fetchall() == [
                ("post:2", "post:2", "held", "first-link")
            ]
            assert read("SELECT name, group_ids, notice_count FROM members").fetchall() == [("Anna", "[]", 0)]
            assert read("SELECT projection, touchpoint_id FROM bookmarks").fetchall() == [("reading", 8)]
            assert read("SELECT item_id, other_id, weight FROM co_reads").fetchall() == [(1, 1, 1.5)]
            assert read("PRAGMA foreign_key_check").fetchall() == []
        db.engine.dispose()


FILLED = (
    "INSERT INTO members (id, email, name, password_hash, title, state, site, joined_at, personalisation, analytics,"
    " mail, offers, role_names) VALUES (1, 'anna@example.org', 'Anna', '', '', 'active', 'nl', NOW, 0, 0, 0, 0, '[]')",
    "INSERT INTO items (id, kind, site, visibility, title, summary, slug, path, stage_basis, is_quiet, minutes,"
    " created_at, published_at, changed_at, post_count, last_post_number, state, author_name)"
    " VALUES (1, 'article', 'nl', 'public', 'Night', '', 'night', '/nl/articles/night', 'corrected', 0, 1,"
    " NOW, NOW, NOW, 1, 2, 'live', '')",
    "INSERT INTO articles (id, body, is_html, body_html, sources, version) VALUES (1, '', 0, '', '[]', 1)",
    "INSERT INTO posts (id, item_id, number, author_id, body, body_html, held_because, created_at, state, author_name)"
    " VALUES (1, 1, 1, 1, 'First', '', '', NOW, 'live', '')",
    "INSERT INTO posts (id, item_id, number, author_id, body, body_html, held_because, created_at, state, author_name)"
    " VALUES (2, 1, 2, 1, 'See a.example', '', 'first-link', NOW, 'held', '')",
    "INSERT INTO bookmarks (projection, touchpoint_id) VALUES ('reads', 8), ('co_reads', 7), ('popularity', 7)",
    "INSERT INTO co_reads (item_id, other_id, weight) VALUES (1, 1, 1.5)",
)
