"""`flask import stackexchange DIR --site S --board B`: bring the talk of a question-and-answer site in."""

from pathlib import Path

import click

from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.core.text import slug_of
from community.forums.actions.importing import StackExchangeImport
from community.sites.models import SITES

COMMANDS = (import_group,)


def _slug(_context: click.Context, _parameter: click.Parameter, written: str) -> str:
    """A board's name as it can stand in an address."""
    if slug_of(written) != written:
        raise click.BadParameter(f"A board's name in its address is like {slug_of(written)!r}.")
    return written


@import_group.command("stackexchange")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the topics.")
@click.option("--board", required=True, callback=_slug, help="The board, by its name in the address; made if needed.")
@dry_run_option
@json_option
def stackexchange(folder: Path, code: str, board: str, is_dry: bool, as_json: bool) -> None:
    """Take the questions, answers and comments of a Stack Exchange data dump in DIR."""
    run_import(folder, StackExchangeImport(folder, SITES[code], board, is_dry, show_progress).run, as_json)
