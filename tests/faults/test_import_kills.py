"""Imports that are killed again and again, and then left alone, take each order and each review once."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import makers
from tests.faults.people import copied, rows_of, running
from tests.running import ROOT, Running

pytestmark = pytest.mark.faults
ORDERS, REVIEWS, KILLS = 6_000, 3_000, 4  # kills of each import
ORDER_HEAD = "Order number;Email;Customer name;Order date;SKU;Product;Quantity;Unit price;Status"
REVIEW_HEAD = '"","name","review","rating"'


def orders() -> list[str]:
    return [
        f"{n};sanne@example.org;Sanne;2026-03-{n % 28 + 1:02} 10:15;SC-{n % 40};Carrier;1;10,00;completed"
        for n in range(1, ORDERS + 1)
    ]


def reviews() -> list[str]:
    return [f'"{n}","Carrier {n % 40}","Bought {n} weeks ago",{n % 5 + 1}' for n in range(1, REVIEWS + 1)]


def written(file: Path, head: str, lines: list[str]) -> Path:
    file.write_text("\n".join([head, *lines]))
    return file


def survive(site: Running, chance: random.Random, count: Callable[[], int], *command: str) -> dict[str, Any]:
    """Begin an import and kill it, each time once it has stored something more; what it tells when left alone."""
    whole = [sys.executable, "-m", "flask", "import", *command]
    for _kill in range(KILLS):
        before = count()
        process = subprocess.Popen(whole, cwd=ROOT, env=site.environment, stderr=subprocess.DEVNULL)
        while count() == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was done before it could be killed"
    told: dict[str, Any] = json.loads(site.flask(*whole[3:], "--json"))
    return told


def taken(told: dict[str, Any], kind: str) -> int:
    """How much of a kind is there now."""
    return sum(told[outcome].get(kind, 0) for outcome in ("created", "updated", "unchanged"))


@pytest.mark.only_on("sqlite")
def test_imports_that_are_killed_take_each_order_and_each_review_once(app: Flask, tmp_path: Path) -> None:
    chance, rows = random.Random(7), partial(rows_of, tmp_path / "data")

    def count(table: str) -> int:
        return int(rows(f"SELECT count(*) FROM {table}")[0][0])

    makers.member("Sanne")
    copied(app, tmp_path / "data")
    with running(tmp_path / "data", log=tmp_path / "log") as site:
        file = written(tmp_path / "orders.csv", ORDER_HEAD, orders())
        shop = ("--site", "nl", "--shop", "kill")
        of_orders = survive(site, chance, lambda: count("orders"), "orders", str(file), *shop)
        file = written(tmp_path / "reviews.csv", REVIEW_HEAD, reviews())
        of_reviews = survive(site, chance, lambda: count("reviews"), "reviews", str(file), "--site", "nl")
    assert (taken(of_orders, "orders"), count("orders")) == (ORDERS, ORDERS)
    assert (taken(of_reviews, "reviews"), count("reviews")) == (REVIEWS, REVIEWS)
    twice = "SELECT about FROM touchpoints WHERE verb = 'order.placed' GROUP BY about HAVING count(*) > 1"
    assert rows(twice) == []
    untold = (
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.member_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM touchpoints t WHERE t.about = 'order:' || o.id AND t.verb = 'order.placed')"
    )
    assert rows(untold) == []
    miscounted = (
        "SELECT p.id FROM products p WHERE p.review_count <> "
        "(SELECT count(*) FROM reviews r JOIN items i ON i.id = r.id WHERE r.product_id = p.id AND i.state = 'live')"
    )
    assert rows(miscounted) == []
