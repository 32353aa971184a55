"""`flask import wordpress PATH --site S`: bring an existing site in."""

import json
import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup

from community.articles.actions.importing import WordPressImport
from community.articles.wordpress.wxr import Unreadable
from community.core import outside
from community.core.imports import OUTCOMES, Report
from community.media.actions import MOST_BYTES
from community.sites.models import SITES

import_group = AppGroup("import", help="Bring an existing site in. Every import can be run again.")
COMMANDS = (import_group,)


@import_group.command("wordpress")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "code", required=True, type=click.Choice(list(SITES)), help="The site that gets the articles.")
@click.option("--media", type=click.Choice(["list", "fetch"]), default="list", help="Name pictures, or load them.")
@click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def wordpress(path: Path, code: str, media: str, dry_run: bool, as_json: bool) -> None:
    """Take the posts, pages and comments of a WordPress export (WXR) in PATH."""
    fetch = partial(outside.fetch, most_bytes=MOST_BYTES) if media == "fetch" else None
    try:
        report = WordPressImport(path, SITES[code], fetch, dry_run, _progress).run()
    except Unreadable as unreadable:
        click.echo(f"{path.name}: {unreadable}", err=True)
        sys.exit(2)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _words(report))
    sys.exit(report.status)


def _progress(done: int, total: int) -> None:
    """One line on a terminal, nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total}", nl=done >= total, err=True)


def _words(report: Report) -> str:
    """The report as a table, and what was left out below it."""
    lines = [f"{'':20}" + "".join(f"{name:>11}" for name in ("found", *OUTCOMES))]
    for kind, count in report.found.items():
        counts = [count, *(report.outcomes[name][kind] for name in OUTCOMES)]
        lines.append(f"{kind:20}" + "".join(f"{number:11}" for number in counts))
    lines += [f"{problem.where}: {problem.what}: {problem.why}" for problem in report.problems]
    return "\n".join(lines)
