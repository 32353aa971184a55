"""`flask demo load` and `flask demo sign-ins`: a community to look at, with sign-ins that nobody could know."""

import json
import os
import sys
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from community.core.permissions import Role
from community.core.schema import schema_problem
from community.demo import texts
from community.demo.actions import loading, phones
from community.search import actions as search

demo = AppGroup("demo", help="The demonstration community.")
TOTP = "totp"  # beside the passwords: address -> the secret of the second step
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@demo.command("load")
@as_json
def load(as_json: bool) -> None:
    """Load themes, people, the calendar, articles, comments, readings and talk; again makes no doubles."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    passwords, new = _passwords()
    loaded = loading.load(passwords, new, _show_progress)
    search.follow()
    kept = {**passwords, TOTP: phones.secrets_of_staff(texts.people())}
    _keep(kept)
    if as_json:
        click.echo(json.dumps({**vars(loaded), "sign_ins": _sign_ins(kept)}, ensure_ascii=False))
        return
    for kind in {**loaded.created, **loaded.unchanged}:
        click.echo(f"{kind:<10} {loaded.created[kind]:>4} new  {loaded.unchanged[kind]:>4} unchanged")
    for problem in loaded.problems:
        click.echo(f"Left out: {problem}", err=True)
    _print(_sign_ins(kept))


@demo.command("sign-ins")
@as_json
def sign_ins(as_json: bool) -> None:
    """Who can sign in with which password, and what an authenticator app must be told for staff."""
    path = _kept_in()
    if not path.exists():
        raise click.ClickException("There is no demonstration here yet. Load it first: flask demo load")
    found = _sign_ins(json.loads(path.read_text()))
    if as_json:
        click.echo(json.dumps(found))
    else:
        _print(found)


COMMANDS = (demo,)


def _kept_in() -> Path:
    return current_app.config["DATA_DIR"] / "demo-sign-ins.json"


def _passwords() -> tuple[dict[str, str], set[str]]:
    """A random password for every address, made once and kept for its owner alone; which are new."""
    path = _kept_in()
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept.pop(TOTP, None)
    new = {person["email"] for person in texts.people()} - set(kept)
    passwords = kept | {email: token_urlsafe(12) for email in sorted(new)}
    _keep(passwords)
    return passwords, new


def _keep(kept: dict[str, Any]) -> None:
    path = _kept_in()
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(kept, file, indent=1)
    half.replace(path)


def _sign_ins(kept: dict[str, Any]) -> list[dict[str, str]]:
    """Role, address, password and, of staff, secret of everybody, administrators first and plain members last."""
    order = [*reversed(Role)]
    found = [
        {
            "role": (person["roles"] or [Role.MEMBER])[0],
            "email": person["email"],
            "password": kept[person["email"]],
            TOTP: kept.get(TOTP, {}).get(person["email"], ""),
        }
        for person in texts.people()
        if person["email"] in kept
    ]
    return sorted(found, key=lambda row: order.index(Role(row["role"])))


def _print(rows: list[dict[str, str]]) -> None:
    click.echo(f"\n{'role':<10} {'e-mail':<24} {'password':<17} secret for an authenticator app")
    for row in rows:
        click.echo(f"{row['role']:<10} {row['email']:<24} {row['password']:<17} {row[TOTP]}".rstrip())


def _show_progress(kind: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{kind:<10} {done}/{of}", nl=done == of, err=True)
