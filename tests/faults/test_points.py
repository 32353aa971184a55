"""A worker that is killed while it gives points gives each of them once."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Topic
from community.items.models import Post, Thank
from community.members.models import Member
from community.sites.models import SITES
from community.touchpoints.actions import project
from community.touchpoints.models import Touchpoint, Verb
from tests import makers
from tests.ambassadors.conftest import join
from tests.faults.people import copied, rows_of, running, until

pytestmark = pytest.mark.faults
AMBASSADORS, GIVERS, A_DAY, KILLS = 8, 600, 10, 8
THANKS = AMBASSADORS * GIVERS
LINES, GIVEN = "SELECT count(*) FROM point_entries", "SELECT count(*) FROM point_entries WHERE state = 'given'"
SUMS = "SELECT member_id, sum(points) FROM point_entries WHERE state = 'given' GROUP BY member_id ORDER BY member_id"
BALANCES = "SELECT member_id, points FROM standings WHERE points > 0 ORDER BY member_id"


def givers() -> list[int]:
    """Members who do nothing but thank."""
    rows = [{"name": f"Giver {number}", "site": SITES["nl"], "joined_at": clock.now()} for number in range(GIVERS)]
    with unit_of_work():
        db.session.execute(insert(Member), rows)
    return list(db.session.scalars(select(Member.id).where(Member.name.startswith("Giver"))))


def answers() -> list[Post]:
    """A post by each of so many ambassadors, who have been some for a year."""
    clock.move_by(timedelta(days=-365))
    topic: Topic = makers.topic(makers.board("Talk"), makers.member("Vera"))
    writers = [makers.member(f"Otto {letter}") for letter in "abcdefgh"[:AMBASSADORS]]
    for writer in writers:
        join(writer)
    found = [makers.reply(topic, writer) for writer in writers]
    clock.move_by(timedelta(days=365))
    return found


def thanked(posts: list[Post], by: list[int]) -> None:
    """Everybody thanked for everything, ten people a day; the worker has yet to read of it."""
    told: list[dict[str, Any]] = []
    for number, member_id in enumerate(by):
        at = clock.now() - timedelta(days=GIVERS // A_DAY + 3) + timedelta(days=number // A_DAY)
        row = {
            "at": at,
            "verb": Verb.POST_THANKED,
            "site": SITES["nl"],
            "member_id": member_id,
            "about": None,
            "allows": "",
        }
        told += [{**row, "facts": {"post_id": post.id}} for post in posts]
    with unit_of_work():
        db.session.execute(insert(Touchpoint), told)
        thanks = [{"post_id": row["facts"]["post_id"], "member_id": row["member_id"], "at": row["at"]} for row in told]
        db.session.execute(insert(Thank), thanks)
        project.later(key="all")


@pytest.mark.only_on("sqlite")
def test_a_worker_killed_while_it_gives_points_gives_each_once(app: Flask, tmp_path: Path) -> None:
    thanked(answers(), givers())
    copied(app, tmp_path)
    rows = partial(rows_of, tmp_path)

    def count(query: str) -> int:
        return int(rows(query)[0][0])

    with running(tmp_path, log=tmp_path / "log") as site:
        for _kill in range(KILLS):
            before = count(LINES)
            site.start("worker")
            until(lambda before=before: count(LINES) > before or before == THANKS, 60)  # type: ignore[misc]
            site.kill("worker")
            assert rows(SUMS) == rows(BALANCES), "the balance is the sum of what is given"
        site.start("worker")
        until(lambda: count(GIVEN) == THANKS, 120)
    assert count("SELECT count(DISTINCT touchpoint_id) FROM point_entries") == count(LINES) == THANKS
    assert {points for _member, points in rows(BALANCES)} == {2 * GIVERS}
    assert rows(SUMS) == rows(BALANCES)
