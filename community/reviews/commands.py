"""`flask import reviews FILE --site S`: bring what others said of products in."""

from pathlib import Path

import click

from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.reviews.actions.importing import ReviewImport
from community.sites.models import SITES

COMMANDS = (import_group,)


@import_group.command("reviews")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the reviews.")
@dry_run_option
@json_option
def reviews(path: Path, code: str, is_dry: bool, as_json: bool) -> None:
    """Take the reviews of FILE: WooCommerce's CSV, or one with a product, a text and stars."""
    run_import(path, ReviewImport(path, SITES[code], is_dry, show_progress).run, as_json)
