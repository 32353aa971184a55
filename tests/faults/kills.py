"""What both tests of kills have in common: how long, under how many writers, and what must be there afterwards."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.people import Writer
from tests.running import ROOT, Running

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


@contextmanager
def writing(site: Running, path: str, emails: list[str]) -> Iterator[list[Writer]]:
    """Members who answer in a topic all the while; at the end each has sent the last answer, and the worker is done."""
    writers = [Writer(site.base, path, email, share, len(emails)) for share, email in enumerate(emails)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        for writer in writers:
            writer.is_over.set()
        for writer in writers:
            writer.join(90)


def see_all_there_once(rows: Callable[[str], list[Any]], asker_id: int, writers: list[Writer]) -> None:
    """Every acknowledged post, its notice, the numbers that count them, and every acknowledged report."""
    acknowledged = [words for writer in writers for words in writer.acknowledged]
    stored = Counter(words for (words,) in rows("SELECT body FROM posts WHERE number > 1"))
    told = rows(f"SELECT post_id FROM notices WHERE member_id = {asker_id}")
    assert len(acknowledged) > 20
    assert [words for words in acknowledged if stored[words] != 1] == []
    assert max(stored.values()) == 1
    assert rows("SELECT post_count FROM items") == [(sum(stored.values()) + 1,)]
    assert sorted(told) == rows("SELECT id FROM posts WHERE number > 1 ORDER BY id")
    assert rows(f"SELECT notice_count FROM members WHERE id = {asker_id}") == [(len(told),)]
    reported = [path.replace("/report/post/", "post:") for writer in writers for path in writer.reported]
    kept = Counter(rows("SELECT c.about FROM reports r JOIN concerns c ON c.id = r.concern_id"))
    assert len(reported) > WRITERS
    assert [about for about in reported if kept[(about,)] != 1] == []
    assert max(kept.values()) == 1
