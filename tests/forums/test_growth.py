"""A page costs what it shows: a topic of 20,000 posts and a board of 100,000 topics against small ones."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from community.core import clock
from community.core.db import db, unit_of_work
from community.forums.models import Board, Topic
from community.members.models import Member
from tests import makers

TOPICS, POSTS = 100_000, 20_000
MOST = 1.5  # times the small case
ROUNDS = 9

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count) "


def copied(table: str, row: dict[str, Any], count: int, **changed: str) -> None:
    """As many rows of a table as said, like this one but for the columns that are an expression of `n`."""
    fixed = {name: value for name, value in row.items() if name not in changed}
    columns = ", ".join([*fixed, *changed])
    values = ", ".join([*(f":{name}" for name in fixed), *changed.values()])
    statement = f"{NUMBERS}INSERT INTO {table} ({columns}) SELECT {values} FROM numbers"
    db.session.execute(text(statement), {**fixed, "count": count})


def row_of(table: str, row_id: int) -> dict[str, Any]:
    return dict(db.session.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": row_id}).mappings().one())


def fill_board(board: Board, by: Member, count: int) -> list[int]:
    """A board with so many topics, each with its opening alone; their ids, the oldest first."""
    first = makers.topic(board, by)
    with unit_of_work():
        item = row_of("items", first.id)
        post = db.session.execute(text("SELECT * FROM posts WHERE item_id = :id"), {"id": first.id}).mappings().one()
        base = db.session.scalar(text("SELECT max(id) FROM items"))
        minutes = f"strftime('%Y-%m-%d %H:%M:%f000', '{clock.now():%F %T}', '-' || ({count} - n) || ' minutes')"
        slug = f"{base} + n || '-topic'"
        path = f"'/nl/forums/topics/' || ({base} + n) || '-topic'"
        copied("items", item, count, id=f"{base} + n", slug=slug, path=path, active_at=minutes, published_at=minutes)
        copied("topics", row_of("topics", first.id), count, id=f"{base} + n")
        posts = db.session.scalar(text("SELECT max(id) FROM posts"))
        copied("posts", dict(post), count, id=f"{posts} + n", item_id=f"{base} + n")
        db.session.execute(
            text("UPDATE collections SET item_count = :count, post_count = :count WHERE id = :id"),
            {"count": count + 1, "id": board.id},
        )
    return [base + number for number in range(1, count + 1)]


def fill_topic(topic: Topic, by: Member, count: int) -> None:
    """A topic with so many posts."""
    second = makers.reply(topic, by, "An answer of the usual length, with **words** that say something.")
    with unit_of_work():
        posts = db.session.scalar(text("SELECT max(id) FROM posts"))
        copied("posts", row_of("posts", second.id), count - 2, id=f"{posts} + n", number="n + 2")
        db.session.execute(
            text("UPDATE items SET post_count = :n, last_post_number = :n, last_live_number = :n WHERE id = :id"),
            {"n": count, "id": topic.id},
        )


def analysed() -> None:
    with unit_of_work():
        db.session.execute(text("ANALYZE"))


def ratios(small: Callable[[], Any], large: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The least time of each against the least of the small case, taken in turns."""
    pages = {"small": small, **large}
    least = dict.fromkeys(pages, float("inf"))
    for _round in range(ROUNDS):
        for name, page in pages.items():
            began = time.process_time()
            page()
            least[name] = min(least[name], time.process_time() - began)
    return {name: least[name] / least["small"] for name in large}


@pytest.fixture
def looking_at(as_bob: Any) -> Callable[[str], Callable[[], Any]]:
    def looking(path: str) -> Callable[[], Any]:
        def look() -> None:
            assert as_bob.get(path).status_code == 200, path

        return look

    return looking


def test_a_board_of_100_000_topics_costs_what_a_small_one_does(
    anna: Member, looking_at: Callable[[str], Callable[[], Any]], statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    clock.move_by(timedelta(0))
    small, large = makers.board("Small"), makers.board("Large")
    fill_board(small, anna, 60)
    ids = fill_board(large, anna, TOPICS)
    analysed()
    begin = looking_at(f"{small.path}?page=2")
    pages = {
        "page 1": looking_at(large.path),
        "page 100": looking_at(f"{large.path}?page=100"),
        "deep": looking_at(f"{large.path}?before={ids[TOPICS // 10]}"),
    }
    counts = {name: len(statements(page)) for name, page in pages.items()}
    assert max(counts.values()) <= max(8, len(statements(begin)))
    found = ratios(begin, pages)
    assert max(found.values()) <= MOST, found


def test_a_topic_of_20_000_posts_costs_what_a_small_one_does(
    anna: Member, looking_at: Callable[[str], Callable[[], Any]], statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    board = makers.board("Talk")
    small, large = makers.topic(board, anna), makers.topic(board, anna)
    fill_topic(small, anna, 60)
    fill_topic(large, anna, POSTS)
    analysed()
    begin = looking_at(f"{small.path}?page=2")
    pages = {
        "first": looking_at(large.path),
        "middle": looking_at(f"{large.path}?page=500"),
        "last": looking_at(f"{large.path}?page=1000"),
    }
    begin()
    counts = {name: len(statements(page)) for name, page in pages.items()}
    assert max(counts.values()) <= 9
    found = ratios(begin, pages)
    assert max(found.values()) <= MOST, found
