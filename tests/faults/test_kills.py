"""What was acknowledged is there, exactly once, whatever is killed and whenever."""

import random
import time
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from community.members.models import Member
from tests.faults.kills import BACK_WITHIN, KILLS, SECONDS, WRITERS, see_all_there_once, slowdown, writing
from tests.faults.people import prepared, rows_of, running

pytestmark = pytest.mark.faults


def test_every_acknowledged_post_and_its_notice_are_there_once_under_kills(
    app: Flask, anna: Member, tmp_path: Path, record_property
) -> None:
    asker_id = anna.id
    path, emails = prepared(tmp_path, app, anna, WRITERS)
    chance, back = random.Random(7), list[float]()
    with running(tmp_path, "serve", "worker", log=tmp_path / "log") as site:
        until = time.monotonic() + SECONDS
        with writing(site, path, emails) as writers:
            while time.monotonic() < until or len(back) < KILLS:
                slow = slowdown()
                for victim in chance.sample(["serve", "worker"], 2):
                    time.sleep(slow * chance.uniform(0, 1))
                    site.kill(victim)
                    site.start(victim)
                back.append(site.await_answer(60) / slow)
        site.await_jobs(60)
    record_property("slowest return, seconds", round(max(back), 1))
    assert max(back) < BACK_WITHIN, "the site is slow to come back"
    see_all_there_once(partial(rows_of, tmp_path), asker_id, writers)
