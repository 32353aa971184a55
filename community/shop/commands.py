"""`flask import products FILE --site S` and `flask import orders FILE --site S`: bring a shop's files in."""

from functools import partial
from pathlib import Path

import click

from community.core import outside
from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.media.actions import MOST_BYTES
from community.shop.actions.importing_orders import OrderImport
from community.shop.actions.importing_products import ProductImport
from community.shop.files.orders import HEADS
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


def _named(_context: click.Context, _parameter: click.Parameter, written: str) -> dict[str, str]:
    """`head=ours,...` as the head of each column and what it is to us."""
    pairs = [pair.rpartition("=") for pair in written.split(",") if pair.strip()]
    for _head, _equals, ours in pairs:
        if ours.strip() not in HEADS:
            raise click.BadParameter(f"Say head=ours, with ours one of: {', '.join(HEADS)}.")
    return {head.strip(): ours.strip() for head, _equals, ours in pairs}


@import_group.command("orders")
@file_argument
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the orders.")
@click.option("--map", "named", default="", callback=_named, metavar="HEAD=OURS,...", help="What columns are.")
@click.option("--shop", default="", help="Whose numbers these are, where several shops send the same columns.")
@dry_run_option
@json_option
def orders(path: Path, code: str, named: dict[str, str], shop: str, is_dry: bool, as_json: bool) -> None:
    """Take the orders of FILE, with their customers: any CSV with a line for each thing bought."""
    order_import = OrderImport(path, SITES[code], named, shop[:80], is_dry, show_progress)
    run_import(path, order_import.run, as_json)
