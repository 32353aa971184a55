"""`flask import bounces PATH`: mails that came back, from files or from a mailbox."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from community.core.import_commands import dry_run_option, import_group, json_option, run_import
from community.messages.actions.returned import take_in
from community.messages.bounces import sources
from community.sites.models import SITES

COMMANDS = (import_group,)


@import_group.command("bounces")
@click.argument("path")
@click.option("--site", type=click.Choice(list(SITES)), help="Not needed: an address is the same on every site.")
@click.option("--password", envvar="COMMUNITY_IMAP_PASSWORD", help="Of the mailbox; better: in the environment.")
@dry_run_option
@json_option
def bounces(path: str, site: str | None, password: str | None, is_dry: bool, as_json: bool) -> None:
    """Take what mail servers and readers told of our addresses.

    PATH is a mail, a folder, an mbox or a Maildir, or a mailbox as imaps://user@host/INBOX: its unread mails."""
    if path.startswith("imaps://"):
        mails = sources.in_mailbox(path, _password_of(path, password), is_read_only=is_dry)
        shown = Path(urlsplit(path).hostname or path)
    else:
        shown = Path(path)
        mails = sources.in_path(shown)
    run_import(shown, lambda: take_in(mails, is_dry, _told), as_json)


def _password_of(url: str, given: str | None) -> str:
    """From the address, the environment, or asked."""
    return unquote(urlsplit(url).password or "") or given or click.prompt("Password", hide_input=True, err=True)


def _told(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{count} mails", nl=False, err=True)
