"""Settings that would be a mistake are refused."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from community.core import settings


def test_limits_can_be_off_only_on_a_loopback_address(tmp_path: Path) -> None:
    with pytest.raises(settings.WrongSetting, match="loopback"):
        settings.load(DATA_DIR=str(tmp_path), LIMITS="off", BASE_URL="https://community.example")


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = settings.load(DATA_DIR=str(tmp_path))["SECRET_KEY"]
    assert len(first) >= 48
    assert settings.load(DATA_DIR=str(tmp_path))["SECRET_KEY"] == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_have_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starting:
        found = list(starting.map(lambda _n: settings.load(DATA_DIR=str(tmp_path))["SECRET_KEY"], range(40)))
    assert set(found) == {(tmp_path / "secret-key").read_text()}


def test_a_secret_that_a_killed_process_left_empty_is_made(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    assert len(settings.load(DATA_DIR=str(tmp_path))["SECRET_KEY"]) >= 48
