"""`flask search rebuild`."""

import json

import click
from flask.cli import AppGroup

from community.core.import_commands import show_progress
from community.core.schema import schema_problem
from community.search import actions

search = AppGroup("search", help="The search index.")


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(as_json: bool) -> None:
    """Build the search index anew from the database, and swap it in; searching goes on meanwhile."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    count = actions.rebuild(show_progress)
    click.echo(json.dumps({"documents": count}) if as_json else f"{count} documents can be found.")


COMMANDS = (search,)
