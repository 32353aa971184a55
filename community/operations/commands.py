"""`flask serve`, `flask worker`, `flask member create`: the programs of the place, its first administrator."""

import os
import shutil
import sys
from secrets import token_urlsafe

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from community.core import wakeups
from community.core.db import unit_of_work
from community.core.permissions import Role
from community.core.refused import Refused
from community.core.schema import schema_problem
from community.core.settings import surroundings
from community.members.models import Identity
from community.members.queries import member_by_email
from community.operations import actions
from community.sites.models import DEFAULT, SITES

PAGE_PROCESSES, THREADS_EACH = 2, 4
WORKERS = 2
member = AppGroup("member", help="Members: the first administrator, privacy requests.")


@member.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value, show_default=True)
@click.option("--site", type=click.Choice(list(SITES)), help="Where the role is held; none: everywhere.")
@click.option("--name", help="What others see; none: the first part of the address.")
def create(email: str, role: str, site: str | None, name: str | None) -> None:
    """Make a confirmed member and print the password, this once."""
    _refuse_wrong_schema()
    password = token_urlsafe(12)
    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
        identity = Identity(address, name or address.partition("@")[0], password, SITES[site] if site else DEFAULT)
        with unit_of_work():
            if member_by_email(address):
                raise Refused("Somebody has this address already.")
            actions.create_member(identity, Role(role), SITES[site] if site else None)
    except (EmailNotValidError, Refused) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{address}  {role}  {site or 'all sites'}\nPassword (shown this once): {password}")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the jobs and keep the schedules; SIGINT and SIGTERM let running jobs finish."""
    _refuse_wrong_schema()
    wakeups.work(current_app._get_current_object(), workers=WORKERS)  # type: ignore[attr-defined]


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Serve pages. Refuses to run on another schema than its own."""
    _refuse_wrong_schema()
    figures = current_app.config["DATA_DIR"] / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir()
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    server += ["--workers", str(PAGE_PROCESSES), "--blocking-threads", str(THREADS_EACH), "--respawn-failed-workers"]
    os.execve(sys.executable, [*server, "wsgi:app"], surroundings(PROMETHEUS_MULTIPROC_DIR=str(figures)))


COMMANDS = (member, worker, serve)


def _refuse_wrong_schema() -> None:
    problem = schema_problem()
    if problem:
        raise click.ClickException(problem)
