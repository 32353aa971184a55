"""`flask marketing score`."""

import json
import sys

import click
from flask.cli import AppGroup

from community.marketing import actions
from community.marketing.queries import scoring

marketing = AppGroup("marketing", help="Where the members stand.")


@marketing.command("score")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def score(as_json: bool) -> None:
    """Phases and figures of all members, made anew of the record."""
    with click.progressbar(length=scoring.count_of_interest(), label="members", file=sys.stderr) as bar:
        total = actions.score_all(bar.update)
    phases = scoring.phase_counts()
    words = "".join(f"\n{phase:10}{count:8}" for phase, count in phases.items())
    click.echo(json.dumps({"members": total, "phases": phases}) if as_json else f"{'members':10}{total:8}{words}")
