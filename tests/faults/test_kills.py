"""What was acknowledged is there, exactly once, whatever is killed and whenever."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from community.members.models import Member
from tests.faults.people import Writer, prepared, rows_of
from tests.running import ROOT, Running

pytestmark = pytest.mark.faults
SECONDS = int(os.environ.get("FAULT_SECONDS", "30"))
WRITERS, KILLS = 8, 4
BACK_WITHIN = 5 if "FAULT_SECONDS" in os.environ else 30  # `make faults` has the machine for itself


def slowdown() -> float:
    """How much longer everything takes on this machine just now than it would if nobody used it."""
    before, began = os.times(), time.monotonic()
    subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, check=True)
    took, after = time.monotonic() - began, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return max(1.0, took / used)


def test_every_acknowledged_post_and_its_notice_are_there_once_under_kills(
    app: Flask, anna: Member, tmp_path: Path
) -> None:
    asker_id = anna.id
    path, emails = prepared(tmp_path, app, anna, WRITERS)
    site = Running(tmp_path)
    slowest = 0.0
    kills = 0
    try:
        site.start("serve")
        site.start("worker")
        site.await_answer(60)
        writers = [Writer(site.base, path, email) for email in emails]
        until = time.monotonic() + SECONDS
        for writer in writers:
            writer.start()
        slow = slowdown()
        chance = random.Random(7)
        while time.monotonic() < until or kills < KILLS:
            time.sleep(slow * chance.uniform(1.5, 4))
            victim = chance.choice(["serve", "worker"])
            site.kill(victim)
            kills += 1
            site.start(victim)
            slowest = max(slowest, site.await_answer(60))
        for writer in writers:
            writer.is_over.set()
        for writer in writers:
            writer.join(90)
        site.await_jobs(60)
    finally:
        site.stop()
    acknowledged = [words for writer in writers for words in writer.acknowledged]
    stored = Counter(words for (words,) in rows_of(tmp_path, "SELECT body FROM posts WHERE number > 1"))
    told = rows_of(tmp_path, f"SELECT post_id FROM notices WHERE member_id = {asker_id}")
    assert len(acknowledged) > 20
    assert slowest < BACK_WITHIN * slow
    assert [words for words in acknowledged if stored[words] != 1] == []
    assert max(stored.values()) == 1
    assert rows_of(tmp_path, "SELECT post_count FROM items") == [(sum(stored.values()) + 1,)]
    assert sorted(told) == rows_of(tmp_path, "SELECT id FROM posts WHERE number > 1 ORDER BY id")
    assert rows_of(tmp_path, f"SELECT notice_count FROM members WHERE id = {asker_id}") == [(len(told),)]
