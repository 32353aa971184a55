"""`flask import products FILE --site S` and `flask import orders FILE --site S`: bring a shop's files in."""

from functools import partial
from pathlib import Path

import click

from community.core import outside
from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.media.actions import MOST_BYTES
from community.shop.actions.importing_products import ProductImport
from community.sites.models import SITES

COMMANDS = (import_group,)
file_argument = click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@import_group.command("products")
@file_argument
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the products.")
@click.option("--media", type=click.Choice(["list", "fetch"]), default="list", help="Name pictures, or load them.")
@dry_run_option
@json_option
def products(path: Path, code: str, media: str, is_dry: bool, as_json: bool) -> None:
    """Take the products of FILE: Shopify's or WooCommerce's CSV, or a Google Merchant feed."""
    fetch = partial(outside.fetch, most_bytes=MOST_BYTES) if media == "fetch" else None
    run_import(path, ProductImport(path, SITES[code], fetch, is_dry, show_progress).run, as_json)
