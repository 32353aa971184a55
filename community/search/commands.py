"""`flask search rebuild` and `flask search evaluate`."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from community.core.import_commands import show_progress
from community.core.schema import schema_problem
from community.search import actions, evaluation
from community.search.languages import LANGUAGES
from community.search.place import place

search = AppGroup("search", help="The search index.")


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(as_json: bool) -> None:
    """Build the search index anew from the database, and swap it in; searching goes on meanwhile."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    count = actions.rebuild(show_progress)
    click.echo(json.dumps({"documents": count}) if as_json else f"{count} documents can be found.")


@search.command("evaluate")
@click.argument("collection", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the lists go.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def evaluate(collection: Path, out: Path, language: str) -> None:
    """Write ranked lists for a folder with docs.jsonl.gz and queries.tsv.gz; nothing of it is stored in the site."""
    try:
        count = evaluation.evaluate(collection, language, place.engine, out)
    except evaluation.NoCollection as missing:
        raise click.ClickException(str(missing)) from missing
    click.echo(f"{count} lists are in {out}.")


COMMANDS = (search,)
