"""`flask recommend evaluate|train`: how good lists would have been for a log of reads; what is counted and learned."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from community.core.db import unit_of_work
from community.core.import_commands import show_progress
from community.core.schema import schema_problem
from community.personalisation import training
from community.personalisation.engine.folder import read_folder
from community.personalisation.queries.logs import log_of
from community.personalisation.slots import Slot
from community.sites.models import SITES

PROTOCOLS = ("last20", "last1", "random20", "time", "cold0", "cold1", "cold3", "rolling")

recommend = AppGroup("recommend", help="What to show to whom.")


@recommend.command("evaluate")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--own", "site", type=click.Choice(sorted(SITES)), help="A site's own log instead of a folder.")
@click.option("--protocol", type=click.Choice(PROTOCOLS), default="rolling", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the lists: who TAB item item ...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(folder: Path | None, site: str | None, protocol: str, out: Path | None, as_json: bool) -> None:
    """Lists for what a protocol holds back, beside lists of what is popular; nothing is stored.

    The weights of the parts are learned from what the protocol tells, never from what it asks."""
    if folder is not None and site is None:
        log = read_folder(folder)
    elif site is not None and folder is None:
        log = log_of(SITES[site])
    else:
        raise click.UsageError("Name a folder, or --own and a site.")
    # numpy is for those who count, not for every page process that knows these commands
    engine = import_module("community.personalisation.engine.evaluation")
    if not log.reads:
        raise click.ClickException("No reads are found there.")
    result = engine.evaluated(log, protocol, show_progress)
    if out is not None:
        out.write_text("".join(_line(answer, log) for answer in result.answers), encoding="utf-8")
    found = {"protocol": protocol, "asked": len(result.answers), **engine.figures(result.answers)}
    found["weights"] = list(result.blend.tiers)
    click.echo(json.dumps(found) if as_json else _in_words(found))


@recommend.command("train")
@click.option("--back", "site", type=click.Choice(sorted(SITES)), help="Weigh as before the last change at this site.")
@click.option("--slot", type=click.Choice(list(Slot)), help="With --back: of this slot alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def train(site: str | None, slot: Slot | None, as_json: bool) -> None:
    """Count the neighbours of all items, and learn each site's weights, and those of its slots, from its own log; the
    worker does it nightly."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    if site is not None:
        with unit_of_work():
            earlier = training.go_back(SITES[site], slot)
        name = f"{site}, {slot}" if slot else site
        click.echo(f"Weights of {name}: {earlier.learned_at:%Y-%m-%d}" if earlier else f"Weights of {name}: the usual")
        return
    count = training.count_all(show_progress)
    changes = {code: training.learn_weights(one, show_progress) for code, one in SITES.items()}
    changed = [f"{code}/{change.slot}" if change.slot else code for code in changes for change in changes[code]]
    found = {"items": count, "changed": changed}
    click.echo(json.dumps(found) if as_json else f"{count} items have neighbours; new weights: {found['changed']}")


def _line(answer: Any, log: Any) -> str:
    return f"{answer.asked.name}\t{' '.join(log.name_of(item) for item in answer.items)}\n"


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{found['asked']} lists for {found['protocol']}"]
    lines += [
        f"{name:10s} {value:.4f}  (what is popular: {found['popular'][name]:.4f})"
        for name, value in found["lists"].items()
    ]
    return "\n".join(lines)


COMMANDS = (recommend,)
