"""What every command of this room asks before it begins."""

import click
from flask import Flask

from community.core.db import db
from community.core.schema import schema_problem
from community.media import store
from community.operations.actions.leaving import erase_again
from community.operations.backups.making import Place
from community.web.cache import cache


def be_ready() -> None:
    """The tables are ours, and nobody who was erased is back: a backup may have brought them."""
    problem = schema_problem()
    if problem:
        raise click.ClickException(problem)
    if erase_again():
        cache.clear()


def place_of(app: Flask) -> Place:
    """Where this site stands."""
    return Place(db.engine.url, app.config["DATA_DIR"], store.place())
