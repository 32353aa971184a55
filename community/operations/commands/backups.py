"""`flask backup DIR` and `flask restore DIR`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from community.core import clock
from community.core.db import db, shorten_log
from community.core.import_commands import show_progress
from community.core.refused import Refused
from community.core.schema import present_schema
from community.operations.actions.restored import begin_anew
from community.operations.backups import making, restoring, running
from community.operations.commands.ready import be_ready, place_of
from community.search.actions import rebuild
from community.search.place import place as index_place
from community.web.cache import cache

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("backup")
@folder_argument
@click.option("--keep", type=click.IntRange(min=1), help="Of the backups beside DIR keep so many, none over 30 days.")
@json_option
@with_appcontext
def backup(folder: Path, keep: int | None, as_json: bool) -> None:
    """Write database, pictures and settings to DIR, as they stand at one moment; the site may run on."""
    be_ready()
    folder, now = folder.absolute(), clock.real_now()
    with _said_in_words():
        made = making.make(folder, place_of(current_app), present_schema() or "", now, show_progress)
        dropped = making.drop_old(folder, keep, now) if keep else []
        restoring.drop_old_asides(place_of(current_app), now)
    told = {"backup": str(folder), "schema": made.schema, "files": len(made.files), "bytes": made.bytes}
    told["dropped"] = [str(path) for path in dropped]
    words = f"{folder}: {len(made.files)} files, {made.bytes / 1e6:.1f} MB"
    _answer(told, "\n".join([words, *(f"dropped: {path}" for path in dropped)]), as_json)


@click.command("restore")
@folder_argument
@click.option("--yes", is_flag=True, help="Do not ask again.")
@json_option
@with_appcontext
def restore(folder: Path, yes: bool, as_json: bool) -> None:
    """Bring back what stands in DIR. Server and worker must be stopped; what is here now is put aside."""
    place = place_of(current_app)
    with _said_in_words():
        running.hold_alone(place.data)
        manifest = restoring.checked(folder, place)
        if sys.stdin.isatty() and not yes:
            click.confirm(f"Put the state of {manifest.made_at} in the place of the present one?", abort=True, err=True)
        shorten_log()  # what is put aside is whole without it
        db.session.remove()
        db.engine.dispose()
        aside = restoring.put_back(folder, place, manifest, clock.real_now(), show_progress)
    upgrade()
    erased = begin_anew()
    cache.clear()
    index_place.drop()
    rebuild(show_progress)
    current_app.extensions["huey"].flush()
    told = {"restored": str(folder), "made_at": manifest.made_at, "files": len(manifest.files)}
    told |= {"schema": manifest.schema, "erased_again": erased, "aside": [str(path) for path in aside]}
    words = [f"Restored: {len(manifest.files)} files of {manifest.made_at}. Everybody signs in again."]
    words += [f"Erased again: {erased}"] if erased else []
    _answer(told, "\n".join([*words, *(f"put aside: {path}" for path in aside)]), as_json)


def _answer(told: dict[str, Any], words: str, as_json: bool) -> None:
    click.echo(json.dumps(told) if as_json else words)


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise click.ClickException(refused.why) from refused
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The disk'}: {error.strerror}") from error
