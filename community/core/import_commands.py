"""What every `flask import ...` shares: the group, its options, progress, and the report in words."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from community.core.imports import OUTCOMES, Report, Unreadable

import_group = AppGroup("import", help="Bring an existing site in. Every import can be run again.")
dry_run_option = click.option("--dry-run", "is_dry", is_flag=True, help="Count, and change nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def run_import(path: Path, run: Callable[[], Report], as_json: bool) -> NoReturn:
    """Run it, say what came of it, and leave with its status: 2 where nothing in `path` could be read."""
    try:
        report = run()
    except Unreadable as unreadable:
        click.echo(f"{path.name}: {unreadable}", err=True)
        sys.exit(2)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _words(report))
    sys.exit(report.status)


def show_progress(done: int, total: int) -> None:
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
