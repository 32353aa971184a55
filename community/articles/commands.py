"""`flask import wordpress PATH --site S`: bring a WordPress site's posts, pages and comments in."""

from functools import partial
from pathlib import Path

import click

from community.articles.actions.importing import WordPressImport
from community.core import outside
from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.media.actions import MOST_BYTES
from community.sites.models import SITES

COMMANDS = (import_group,)


@import_group.command("wordpress")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the articles.")
@click.option("--media", type=click.Choice(["list", "fetch"]), default="list", help="Name pictures, or load them.")
@dry_run_option
@json_option
def wordpress(path: Path, code: str, media: str, is_dry: bool, as_json: bool) -> None:
    """Take the posts, pages and comments of a WordPress export (WXR) in PATH."""
    fetch = partial(outside.fetch, most_bytes=MOST_BYTES) if media == "fetch" else None
    run_import(path, WordPressImport(path, SITES[code], fetch, is_dry, show_progress).run, as_json)
