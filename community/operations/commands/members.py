"""`flask member create|export|erase|reset-second-step`."""

import json
import os
import sys
from secrets import token_urlsafe

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from community.core import audit
from community.core.db import unit_of_work
from community.core.permissions import Role
from community.core.refused import Refused
from community.members.models import Identity, Member
from community.members.queries import member_by_email, member_by_id, member_by_username
from community.operations.actions import leaving
from community.operations.actions import members as actions
from community.operations.archive import archive_of
from community.operations.commands.ready import be_ready
from community.operations.queries.personal import everything_about
from community.sites.models import DEFAULT, SITES
from community.web.cache import cache

member = AppGroup("member", help="Members: the first administrator, privacy requests.")


@member.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value, show_default=True)
@click.option("--site", type=click.Choice(list(SITES)), help="Where the role is held; none: everywhere.")
@click.option("--name", help="What others see; none: the first part of the address.")
def create(email: str, role: str, site: str | None, name: str | None) -> None:
    """Make a confirmed member and print the password, this once."""
    be_ready()
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


@member.command("export")
@click.argument("user")
@click.option("--to", type=click.Path(dir_okay=False), help="The file to write; none: member-<number>.zip here.")
@click.option("--json", "as_json", is_flag=True, help="Print the data as one JSON object instead.")
def export(user: str, to: str | None, as_json: bool) -> None:
    """Write everything that is stored under USER (address, username or number) to a ZIP."""
    found = _member_named(user)
    with unit_of_work():
        audit.keep("member.exported", found.key, None)
    if as_json:
        click.echo(json.dumps(everything_about(found), ensure_ascii=False, default=str))
        return
    path = to or f"member-{found.id}.zip"
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(archive_of(found))
    click.echo(path)


@member.command("erase")
@click.argument("user")
@click.option("--posts", type=click.Choice(["keep", "gone"]), default="keep", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def erase(user: str, posts: str, yes: bool, as_json: bool) -> None:
    """Erase USER (address, username or number); posts stay without a name, or go too."""
    found = _member_named(user)
    if sys.stdin.isatty() and not yes:
        click.confirm(f"Erase {found.email}? This cannot be undone.", abort=True, err=True)
    member_id = found.id
    try:
        with unit_of_work():
            rows = leaving.erase(found, with_posts=posts == "gone")
    except Refused as refused:
        raise click.ClickException(refused.why) from refused
    cache.clear()
    receipt = {"erased": member_id, "posts": posts, "rows": rows}
    words = "".join(f"\n{table:20}{count:6}" for table, count in rows.items())
    click.echo(json.dumps(receipt) if as_json else f"Erased: member {member_id}{words}")


@member.command("reset-second-step")
@click.argument("user")
def reset_second_step(user: str) -> None:
    """Let USER (address, username or number) set up the second step anew, where the phone was lost."""
    found = _member_named(user)
    key = found.key
    with unit_of_work():
        actions.reset_second_step(found, None)
    click.echo(f"{key} is signed out everywhere, and comes in by the password alone until the next set-up.")


def _member_named(user: str) -> Member:
    be_ready()
    found = member_by_email(user) or member_by_username(user)
    if found is None and user.isdecimal() and len(user) < 16:
        found = member_by_id(int(user))
    if found is None or found.is_erased:
        raise click.ClickException(f"There is no member {user!r}.")
    return found
