"""What a monitor reads is of all page processes, and stays so when one dies."""

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.people import copied
from tests.running import Running

pytestmark = pytest.mark.faults
ASKED = 40


@pytest.fixture
def pages(app: Flask, tmp_path: Path) -> Iterator[Running]:
    """Two page processes on an empty database."""
    copied(app, tmp_path)
    running = Running(tmp_path)
    running.start("serve")
    try:
        running.await_answer(60)
        yield running
    finally:
        running.stop()


def ask(pages: Running, path: str, times: int = 1) -> str:
    """Each time over a connection of its own, so that every process gets some."""
    for _time in range(times):
        with urllib.request.urlopen(pages.base + path, timeout=20) as answer:
            text = answer.read().decode()
    return str(text)


def ready_count(pages: Running) -> float:
    """How often `/readyz` was answered, as the figures say."""
    pattern = r'community_requests_total\{method="GET",rule="/readyz",status="200"\} ([\d.]+)'
    found = re.search(pattern, ask(pages, "/metrics"))
    return float(found[1]) if found else 0.0


def figures_of(folder: Path) -> dict[int, Path]:
    """The file of each process that counted something, by its process."""
    return {int(path.stem.rpartition("_")[2]): path for path in folder.glob("metrics/*/counter_*.db")}


def test_figures_add_up_over_page_processes_and_after_one_was_killed(pages: Running, tmp_path: Path) -> None:
    ask(pages, "/readyz", ASKED)
    assert ready_count(pages) == ASKED
    processes = figures_of(tmp_path)
    assert len(processes) == 2, "both processes answered"
    os.kill(next(iter(processes)), signal.SIGKILL)
    until = time.monotonic() + 30
    while len(figures_of(tmp_path)) < 3:
        assert time.monotonic() < until, "nobody took the dead one's place"
        with suppress(OSError):  # what the dead one had taken gets no answer
            ask(pages, "/healthz")
    before = ready_count(pages)
    ask(pages, "/readyz", ASKED)
    assert (before, ready_count(pages)) == (ASKED, 2 * ASKED)


def test_two_servers_on_one_data_folder_keep_their_figures_apart(pages: Running, tmp_path: Path) -> None:
    ask(pages, "/readyz", 5)
    other = Running(tmp_path)
    other.start("serve")
    try:
        other.await_answer(60)
        ask(other, "/readyz", 3)
        assert (ready_count(pages), ready_count(other)) == (5, 3)
    finally:
        other.stop()
