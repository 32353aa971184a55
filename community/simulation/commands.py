"""`flask simulate`: a community as large as one wishes, to measure with."""

import json
import sys

import click

from community.core.schema import schema_problem
from community.simulation import actions, queries
from community.simulation.actions import Size


@click.command("simulate")
@click.option("--members", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--articles", type=click.IntRange(0), default=2_000, show_default=True)
@click.option("--topics", type=click.IntRange(1), default=20_000, show_default=True)
@click.option("--posts", type=click.IntRange(1), default=200_000, show_default=True)
@click.option("--touchpoints", type=click.IntRange(0), default=1_000_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same community.")
@click.option("--add", is_flag=True, help="Also where people are who were not simulated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(seed: int, add: bool, as_json: bool, **wanted: int) -> None:
    """Make a large, plausible community, for measuring. What is large enough already stays as it is."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    there = queries.standing()
    created = dict.fromkeys(there, 0)
    if any(there[name] < count for name, count in wanted.items()):
        _refuse_where_it_would_hurt(there, add)
        created = actions.simulate(Size(**wanted), seed, _show_progress)
    told = {"created": created, "standing": queries.standing()}
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, count in told["standing"].items():
        click.echo(f"{name:<12} {count:>9} here, {created[name]} of them new")


COMMANDS = (simulate,)


def _refuse_where_it_would_hurt(there: dict[str, int], add: bool) -> None:
    if there["members"]:
        raise click.ClickException("A simulation of another size stands here. Begin on an empty site.")
    if not add and queries.has_members_of_its_own():
        raise click.ClickException("People live here who were not simulated. Say --add if you mean it.")


def _show_progress(step: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{step:<26} {done:>9}/{of}", nl=done >= of, err=True)
