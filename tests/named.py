"""What a text for people or for machines names, and whether the program has it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from flask_migrate.cli import db as migrations

from community.core.settings import DEFAULTS

ROOT = Path(__file__).resolve().parents[1]
OF_DEPLOY = {"DATABASE_PASSWORD", "PAGES", "STREAMS"}  # settings of compose and proxy alone
PLACES = ("/data", "/etc", "/opt", "/srv", "/tmp", "/usr", "/var")  # paths of a machine, no addresses of ours


def unknown_commands(text: str, app: Flask) -> list[str]:
    """What stands there as `flask …` and is no command, or has an option that the command does not know."""
    commands = click.Group(commands={**app.cli.commands, "db": migrations})
    lines = re.findall(r"\bflask((?: [^\s`\"'#&]+)+)", text.replace("\\|", "|").replace(", ", " "))
    return [f"flask{line}" for line in lines if not _is_known(commands, re.findall(r"[^\s\[\]]+", line))]


def unknown_targets(text: str) -> list[str]:
    """What stands in code as `make …` and is no target."""
    named = re.findall(r"(?:`|^    )(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text, re.MULTILINE)
    return sorted(set(named) - set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)))


def unknown_settings(text: str) -> list[str]:
    """What is written as a setting and is none."""
    return sorted(set(re.findall(r"\bCOMMUNITY_([A-Z_]*[A-Z])", text)) - set(DEFAULTS) - OF_DEPLOY)


def unknown_addresses(text: str, app: Flask) -> list[str]:
    """What stands in backticks as an address and leads nowhere."""
    rules = [re.compile(_as_pattern(rule.rule)) for rule in app.url_map.iter_rules()]
    named = {name for name in re.findall(r"`(/[^`\s]*)`", text) if not name.startswith(PLACES)}
    return sorted(name for name in named if not any(rule.fullmatch(_as_asked(name)) for rule in rules))


def missing_files(path: Path) -> list[str]:
    """Relative links and pictures of a page in Markdown that lead to no file."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    return [target for target in targets if "://" not in target and not (path.parent / target).exists()]


def _is_known(command: click.Command, words: list[str]) -> bool:
    commands = [command]
    options: set[str] = set()
    for word in words:
        if word.startswith("--"):
            options.add(word.partition("=")[0])
        elif any(isinstance(found, click.Group) for found in commands):
            commands = list(_below(commands, word.split("|")))
            if None in commands:
                return False
    known = {name for found in commands for parameter in found.params for name in parameter.opts}
    return options <= known | {"--help"}


def _below(commands: list[click.Command], names: list[str]) -> Iterator[click.Command | None]:
    """The commands with these names in the groups; None for a name that no group has."""
    groups = [found for found in commands if isinstance(found, click.Group)]
    for name in names:
        yield next((group.commands[name] for group in groups if name in group.commands), None)


def _as_pattern(rule: str) -> str:
    return re.sub(r"\\?<[^>]+\\?>", "[^/]+", re.escape(rule).replace(r"\ ", " ")).rstrip("/") + "/?"


def _as_asked(address: str) -> str:
    return re.sub(r"<[^>]+>|…", "x", address.partition("?")[0]).rstrip("/") or "/"
