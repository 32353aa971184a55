"""`flask demo load` and `flask demo sign-ins`: a community to look at, with passwords that nobody could know."""

import json
import os
import sys
from pathlib import Path
from secrets import token_urlsafe

import click
from flask import current_app
from flask.cli import AppGroup

from community.core.permissions import Role
from community.core.schema import schema_problem
from community.demo import texts
from community.demo.actions import loading

demo = AppGroup("demo", help="The demonstration community.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@demo.command("load")
@as_json
def load(as_json: bool) -> None:
    """Load themes, people, the calendar, articles, comments, readings and talk; again makes no doubles."""
    if problem := schema_problem():
        raise click.ClickException(problem)
    passwords, new = _passwords()
    loaded = loading.load(passwords, new, _show_progress)
    if as_json:
        click.echo(json.dumps({**vars(loaded), "sign_ins": _sign_ins(passwords)}, ensure_ascii=False))
        return
    for kind in {**loaded.created, **loaded.unchanged}:
        click.echo(f"{kind:<10} {loaded.created[kind]:>4} new  {loaded.unchanged[kind]:>4} unchanged")
    for problem in loaded.problems:
        click.echo(f"Left out: {problem}", err=True)
    _print(_sign_ins(passwords))


@demo.command("sign-ins")
@as_json
def sign_ins(as_json: bool) -> None:
    """Who can sign in with which password."""
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
    new = {person["email"] for person in texts.people()} - set(kept)
    passwords = kept | {email: token_urlsafe(12) for email in sorted(new)}
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(passwords, file, indent=1)
    half.replace(path)
    return passwords, new


def _sign_ins(passwords: dict[str, str]) -> list[dict[str, str]]:
    """Role, address and password of everybody, administrators first and plain members last."""
    order = [*reversed(Role)]
    found = [
        {
            "role": (person["roles"] or [Role.MEMBER])[0],
            "email": person["email"],
            "password": passwords[person["email"]],
        }
        for person in texts.people()
        if person["email"] in passwords
    ]
    return sorted(found, key=lambda row: order.index(Role(row["role"])))


def _print(rows: list[dict[str, str]]) -> None:
    click.echo(f"\n{'role':<10} {'e-mail':<24} password")
    for row in rows:
        click.echo(f"{row['role']:<10} {row['email']:<24} {row['password']}")


def _show_progress(kind: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{kind:<10} {done}/{of}", nl=done == of, err=True)
