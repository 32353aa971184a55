"""`flask import bounces PATH`: mails that came back; `flask import subscribers FILE`: who was on a list elsewhere."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from community.core.import_commands import dry_run_option, import_group, json_option, run_import, show_progress
from community.messages.actions.returned import take_in
from community.messages.actions.subscribed import take_list
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


@import_group.command("subscribers")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_code", required=True, type=click.Choice(list(SITES)), help="Whose list it is.")
@dry_run_option
@json_option
def subscribers(path: Path, site_code: str, is_dry: bool, as_json: bool) -> None:
    """Take a list of Mailchimp, Curated, Substack, beehiiv, Tiny News, listmonk, Mautic or the like.

    Nobody gets mail by it: who wants mail says so here. Who left a list, or whose mail came back, stays without."""
    run_import(path, lambda: take_list(path, SITES[site_code], is_dry, show_progress), as_json)


def _password_of(url: str, given: str | None) -> str:
    """From the address, the environment, or asked."""
    return unquote(urlsplit(url).password or "") or given or click.prompt("Password", hide_input=True, err=True)


def _told(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{count} mails", nl=False, err=True)
