"""Dumps that others made: every fact of their `facts.json` that an import can show, twice."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from community.core.db import db
from community.forums.models import Board, Topic
from community.items.models import OldAddress, Post, State, Tag, item_tags
from tests.conftest import SHARED
from tests.forums.test_stackexchange import Run, run, sums  # noqa: F401

DUMPS = SHARED / "data" / "forum"
ALL: dict[str, dict[str, Any]] = json.loads((DUMPS / "facts.json").read_text()) if DUMPS.exists() else {}
FACTS = {name: facts for name, facts in ALL.items() if name.startswith("se-")}
pytestmark = pytest.mark.skipif(not FACTS, reason="the dumps of other people's sites are not beside this project")


def count(*conditions: Any, of: Any = Topic) -> int:
    return db.session.scalar(select(func.count()).select_from(of).where(*conditions)) or 0


@pytest.mark.parametrize("name", FACTS)
def test_a_dump_gives_its_counts_and_a_second_run_changes_nothing(run: Run, name: str) -> None:  # noqa: F811
    facts, first = FACTS[name], run(DUMPS / name)
    posts = facts["posts"]
    others = posts["rows"] - posts["questions"] - posts["answers"]
    assert first["found"] == {
        "questions": posts["questions"],
        "answers": posts["answers"],
        "comments": facts.get("comments", {"rows": 0})["rows"],
        "users": facts.get("users", {"rows": 0})["rows"],
        "others": others,
    }
    assert sums(first) == first["found"]
    assert first["created"] == first["found"] | {"others": 0}
    assert first["skipped"]["others"] == len(first["problems"]) == others
    check(posts, first["found"])
    second = run(DUMPS / name)
    assert not any(second["created"].values()) | any(second["updated"].values())
    assert second["problems"] == first["problems"]
    check(posts, first["found"])


def check(facts: dict[str, Any], found: dict[str, int]) -> None:
    """What stands here is what stood there."""
    assert count(Topic.state == State.LIVE) == facts["questions"]
    assert count(Topic.accepted_number.is_not(None)) == facts["accepted"]
    assert count(Topic.is_locked) == facts["closed"]
    assert count(of=Post) == facts["questions"] + facts["answers"] + found["comments"]
    assert count(of=Tag) == facts["distinct_tags"]
    check_tags(facts["top_tags"])
    check_days(facts)
    check_counters(found)
    assert count(of=OldAddress) == 2 * facts["questions"] + facts["answers"]


def check_tags(top: list[tuple[str, int]]) -> None:
    query = select(Tag.name, func.count()).join(item_tags, item_tags.c.tag_id == Tag.id).group_by(Tag.name)
    counted = dict(db.session.execute(query).all())
    assert {name: counted[name] for name, _count in top} == dict(top)


def check_days(facts: dict[str, Any]) -> None:
    first = db.session.scalar(select(func.min(Post.created_at)))
    assert first.isoformat().startswith(facts["first"])
    asked = select(func.count()).select_from(Post).where(Post.edited_at.is_not(None))
    assert 0 < db.session.scalar(asked) <= facts["edited"]


def check_counters(found: dict[str, int]) -> None:
    """Every post stands under its topic, in the order of days, and is counted once."""
    board = db.session.scalars(select(Board)).one()
    assert (board.item_count, board.post_count) == (found["questions"], count(of=Post))
    query = select(Post.item_id, Post.number, Post.created_at).order_by(Post.item_id, Post.created_at, Post.number)
    numbers: dict[int, list[int]] = {}
    for item_id, number, _at in db.session.execute(query):
        numbers.setdefault(item_id, []).append(number)
    for topic in db.session.scalars(select(Topic)):
        assert sorted(numbers[topic.id]) == list(range(1, topic.post_count + 1))
        assert topic.last_live_number == topic.last_post_number == topic.post_count
    assert count(Post.parent_id.is_not(None), of=Post) == found["comments"]


def test_every_accepted_answer_is_an_answer_of_its_own_question(run: Run) -> None:  # noqa: F811
    run(DUMPS / "se-beer")
    accepted = select(Post).join(Topic, (Topic.id == Post.item_id) & (Topic.accepted_number == Post.number))
    assert len(db.session.scalars(accepted.where(Post.number > 1)).all()) == FACTS["se-beer"]["posts"]["accepted"]


def test_writers_keep_a_name_and_nothing_else(run: Run) -> None:  # noqa: F811
    run(DUMPS / "se-conlang")
    assert count(Post.author_id.is_not(None), of=Post) == 0
    assert count(Post.author_name.contains("@"), of=Post) == 0
    assert count(Post.author_name == "user23", of=Post) > 0
