"""Whether the tables are those of this program: it runs on no other schema than its own (`security.md` 55)."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from community.core.db import db
from community.core.settings import ROOT

MIGRATIONS = ROOT / "migrations"


def schema_problem() -> str | None:
    """What is wrong with the database's schema and what to do, in one line; None where all is well."""
    ours = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    theirs = present_schema()
    if theirs == ours:
        return None
    if theirs is None:
        return "The database has no tables of ours yet. Make them first: flask db upgrade"
    if knows_schema(theirs):
        return (
            f"The database is older ({theirs}) than this program ({ours}). Bring it up to date first: flask db upgrade"
        )
    return (
        f"The database is newer ({theirs}) than this program ({ours}). "
        "Start the newer program, or restore a backup of before."
    )


def present_schema() -> str | None:
    """The database's schema; None where it has no tables of ours."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows_schema(revision: str) -> bool:
    """Whether it is this program's schema or an earlier one of it."""
    return revision in {known.revision for known in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
