"""What tests of the shop share: the import commands, and things that were bought."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from community.core.db import db

Run = Callable[..., dict[str, Any]]
OUTCOMES = ("created", "updated", "unchanged", "skipped")
FILES = Path(__file__).parent / "files"


@pytest.fixture
def run(app: Flask) -> Run:
    """`flask import KIND FILE --json`; its object, with the exit status as `status`."""

    def command(kind: str, path: Path, *options: str, site: str = "nl") -> dict[str, Any]:
        db.session.remove()
        arguments = ["import", kind, str(path), "--site", site, "--json", *options]
        answer = app.test_cli_runner().invoke(args=arguments)
        assert not answer.exception or isinstance(answer.exception, SystemExit), answer.exc_info
        said = json.loads(answer.stdout) if answer.stdout.startswith("{") else {"words": answer.output}
        return said | {"status": answer.exit_code}

    return command


def sums(said: dict[str, Any]) -> dict[str, int]:
    """What became of the rows, all outcomes together."""
    return {kind: sum(said[name][kind] for name in OUTCOMES) for kind in said["found"]}


def only(said: dict[str, Any], outcome: str) -> bool:
    """Whether every row came to this one end."""
    return said[outcome] == said["found"] and sums(said) == said["found"]
