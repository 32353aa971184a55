"""What the documents name exists: commands, addresses, settings, files; and every setting and guide is named."""

from pathlib import Path

import pytest
from flask import Flask

from community.core.settings import DEFAULTS
from tests import named
from tests.named import ROOT

GUIDES = sorted((ROOT / "docs").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *GUIDES]
PICTURE_BYTES = 150_000
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


@every_document
def test_every_command_that_a_document_names_exists_with_its_options(path: Path, app: Flask) -> None:
    assert named.unknown_commands(path.read_text(), app) == []
    assert named.unknown_targets(path.read_text()) == []


@every_document
def test_every_address_that_a_document_names_leads_somewhere(path: Path, app: Flask) -> None:
    assert named.unknown_addresses(path.read_text(), app) == []


@every_document
def test_every_setting_and_file_that_a_document_names_exists(path: Path) -> None:
    assert named.unknown_settings(path.read_text()) == []
    assert named.missing_files(path) == []


def test_the_operators_guide_explains_every_setting() -> None:
    guide = (ROOT / "docs" / "operators.md").read_text()
    assert [name for name in DEFAULTS if f"`COMMUNITY_{name}`" not in guide] == []


def test_pictures_are_small() -> None:
    pictures = (ROOT / "docs" / "screenshots").rglob("*.png")
    assert [path.name for path in pictures if path.stat().st_size > PICTURE_BYTES] == []


def test_a_document_that_names_what_does_not_exist_is_found_out(app: Flask) -> None:
    assert named.unknown_commands("`flask member promote USER`, `flask backup DIR --nightly`", app) != []
    assert len(named.unknown_commands("`flask member promote USER`, `flask backup DIR --nightly`", app)) == 2
    assert named.unknown_commands("`flask member export\\|erase USER --posts gone`, `flask db upgrade`", app) == []
    assert named.unknown_addresses("`/account/nowhere` `/en/nowhere/x/y` `/<site>/forums/<board>/`", app) == [
        "/account/nowhere",
        "/en/nowhere/x/y",
    ]
    assert named.unknown_settings("COMMUNITY_BASE_URL, COMMUNITY_WISH") == ["WISH"]
    assert named.unknown_targets("`make run` and `make haste`") == ["haste"]
