"""`flask touchpoints rebuild NAME`."""

import json
import sys

import click
from flask.cli import AppGroup

from community.touchpoints import actions, queries

touchpoints = AppGroup("touchpoints", help="The record of contacts and what is read from it.")


@touchpoints.command("rebuild")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(name: str, as_json: bool) -> None:
    """Make a projection anew from nothing (NAME `all`: every one)."""
    names = list(actions.PROJECTIONS) if name == "all" else [name]
    if unknown := set(names) - set(actions.PROJECTIONS):
        raise click.ClickException(f"No projection {unknown.pop()}. There are: {', '.join(actions.PROJECTIONS)}")
    result = {}
    for each in names:
        with click.progressbar(length=queries.touchpoint_count(), label=each, file=sys.stderr) as bar:
            result[each] = actions.rebuild(each, bar.update)
    click.echo(json.dumps({"read": result}) if as_json else "\n".join(f"{n}: {c} read" for n, c in result.items()))
