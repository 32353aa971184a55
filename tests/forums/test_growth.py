"""A page costs what it shows: a topic of 20,000 posts and a board of 100,000 topics against small ones."""

import time
from collections.abc import Callable
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


def ratios(pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]]) -> dict[str, float]:
    """The least time of each large page against that of its small one, taken in turns."""
    least = {name: [float("inf")] * 2 for name in pairs}
    for _round in range(ROUNDS):
        for name, pages in pairs.items():
            for place, page in enumerate(pages):
                began = time.process_time()
                page()
                least[name][place] = min(least[name][place], time.process_time() - began)
    return {name: large / small for name, (small, large) in least.items()}


def held(pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]], statements: Callable[..., list[str]]) -> None:
    """The large page has the statements of the small one, and costs at most MOST times as much."""
    for pages in pairs.values():
        for page in pages:
            page()  # once, so that what is kept of a first visit stands
    counts = {name: [len(statements(page)) for page in pages] for name, pages in pairs.items()}
    assert [name for name, (small, large) in counts.items() if small != large] == [], counts
    found = ratios(pairs)
    assert max(found.values()) <= MOST, found


@pytest.fixture
def looking_at(as_bob: Any) -> Callable[[str], Callable[[], Any]]:
    def looking(path: str) -> Callable[[], Any]:
        def look() -> None:
            assert as_bob.get(path).status_code == 200, path

        return look

    return looking


@pytest.mark.only_on("sqlite")
def test_a_board_of_100_000_topics_costs_what_a_small_one_does(
    anna: Member, looking_at: Callable[[str], Callable[[], Any]], statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    small, large = makers.board("Small"), makers.board("Large")
    few = fill_board(small, anna, 60)
    ids = fill_board(large, anna, TOPICS)
    analysed()
    second, deep = looking_at(f"{small.path}?page=2"), looking_at(f"{small.path}?before={few[40]}")
    pairs = {
        "page 1": (looking_at(small.path), looking_at(large.path)),
        "page 100": (second, looking_at(f"{large.path}?page=100")),
        "deep": (deep, looking_at(f"{large.path}?before={ids[TOPICS // 10]}")),
    }
    held(pairs, statements)


@pytest.mark.only_on("sqlite")
def test_a_topic_of_20_000_posts_costs_what_a_small_one_does(
    anna: Member, looking_at: Callable[[str], Callable[[], Any]], statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    board = makers.board("Talk")
    small, large = makers.topic(board, anna), makers.topic(board, anna)
    fill_topic(small, anna, 60)
    fill_topic(large, anna, POSTS)
    analysed()
    pairs = {
        "first": (looking_at(small.path), looking_at(large.path)),
        "middle": (looking_at(f"{small.path}?page=2"), looking_at(f"{large.path}?page=500")),
        "last": (looking_at(f"{small.path}?page=3"), looking_at(f"{large.path}?page=1000")),
    }
    held(pairs, statements)
