"""`flask moderation verify`."""

import sys

import click
from flask.cli import AppGroup

from community.core import audit

moderation = AppGroup("moderation", help="The record of decisions.")


@moderation.command("verify")
def verify() -> None:
    """Look whether the audit log is whole: each row carries a digest over itself and the row before it."""
    broken = audit.first_broken()
    if broken is not None:
        click.echo(f"Row {broken} of the audit log does not follow from the one before it.", err=True)
        sys.exit(1)
    click.echo("The audit log is whole.")
