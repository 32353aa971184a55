"""What waits for the page processes, on the real ones: it ends them together, and begins anew where one is gone."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import Running, within

pytestmark = [pytest.mark.faults, pytest.mark.only_on("sqlite")]
IN_TIME = 30


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Iterator[Running]:
    """Its pages, which answer."""
    shutil.copy(database.empty, tmp_path / "community.db")
    running = Running(tmp_path)
    running.start("serve")
    running.await_answer(IN_TIME)
    yield running
    running.stop()


def pages_of(site: Running) -> set[int]:
    """The page processes that stand under what was started."""
    serve = site.processes["serve"].pid
    return {int(page) for page in Path(f"/proc/{serve}/task/{serve}/children").read_text().split()}


def await_both(site: Running, gone: set[int]) -> set[int]:
    """Two page processes that are none of these."""
    assert within(IN_TIME, lambda: len(pages_of(site) - gone) == 2), "no new page processes"
    return pages_of(site)


def end_of(serve: "subprocess.Popen[bytes]", pages: set[int]) -> int:
    """How it ended, and none of its pages is left."""
    how = serve.wait(IN_TIME)
    assert not [page for page in pages if Path(f"/proc/{page}").exists()]
    return how


def test_a_page_process_that_is_killed_lets_all_begin_anew_and_then_they_end_together(site: Running) -> None:
    first = await_both(site, set())
    os.kill(min(first), signal.SIGKILL)
    second = await_both(site, first)
    site.await_answer(IN_TIME)
    serve = site.processes.pop("serve")
    serve.terminate()
    assert end_of(serve, first | second) == 0


def test_a_page_process_that_is_halted_and_goes_on_changes_nothing(site: Running) -> None:
    pages = await_both(site, set())
    for sign in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(min(pages), sign)
        time.sleep(0.2)
    assert pages_of(site) == pages
    site.await_answer(IN_TIME)
