"""`flask service take-mail PATH`: answers of members that came by mail."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
from flask.cli import AppGroup

from community.core.db import unit_of_work
from community.core.import_commands import json_option
from community.core.imports import Unreadable
from community.messages.bounces import sources
from community.service import actions, incoming, queries

service = AppGroup("service", help="Questions and complaints.")


@service.command("take-mail")
@click.argument("path")
@click.option("--password", envvar="COMMUNITY_IMAP_PASSWORD", default="", help="Of the mailbox.")
@json_option
def take_mail(path: str, password: str, as_json: bool) -> None:
    """Take answers to our mails into their cases: from a mail, a folder, an mbox, a Maildir, or imaps://user@host/INBOX.

    The same mail is taken once. What belongs to no case is left alone and counted."""
    is_mailbox = path.startswith("imaps://")
    given = unquote(urlsplit(path).password or "") or password
    mails = sources.in_mailbox(path, given) if is_mailbox else sources.in_path(Path(path))
    outcomes: Counter[str] = Counter(taken=0, unchanged=0, others=0)
    try:
        for _name, content in mails:
            outcomes[_taken(content)] += 1
    except Unreadable as unreadable:
        raise click.ClickException(str(unreadable)) from unreadable
    words = f"{outcomes['taken']} taken, {outcomes['unchanged']} known, {outcomes['others']} of no case"
    click.echo(json.dumps(outcomes) if as_json else words)


def _taken(content: bytes) -> str:
    found = incoming.read(content)
    if found is None:
        return "others"
    with unit_of_work():
        case = queries.case_by_id(found.case_id)
        if case is None or not case.is_answered_by(found.seal, found.sender):
            return "others"
        if queries.message_of_mail(found.key) is not None:
            return "unchanged"
        actions.write_on(case, case.member, found.words, found.key)
    return "taken"


COMMANDS = (service,)
