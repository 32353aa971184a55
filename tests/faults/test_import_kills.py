"""An import that is killed again and again, and then left alone, takes each order and tells of it once."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.people import rows_of, running
from tests.running import ROOT

pytestmark = pytest.mark.faults
ORDERS, KILLS = 3_000, 16
HEAD = "Order number;Email;Customer name;Order date;SKU;Product;Quantity;Unit price;Status"


@pytest.mark.only_on("sqlite")
def test_an_import_that_is_killed_takes_each_order_once(tmp_path: Path) -> None:
    chance, file = random.Random(7), tmp_path / "orders.csv"
    lines = [
        f"{n};sanne@demo.example;Sanne;2026-03-{n % 28 + 1:02} 10:15;SC-{n % 40};Carrier;1;10,00;completed"
        for n in range(1, ORDERS + 1)
    ]
    file.write_text("\n".join([HEAD, *lines]))
    with running(tmp_path / "data", log=tmp_path / "log") as site:
        site.flask("db", "upgrade")
        site.flask("demo", "load")
        known = rows_of(tmp_path / "data", "SELECT count(*) FROM orders")[0][0]
        command = [sys.executable, "-m", "flask", "import", "orders", str(file), "--site", "nl", "--shop", "kill"]
        for _kill in range(KILLS):
            process = subprocess.Popen(command, cwd=ROOT, env=site.environment, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(1.5, 4))
            process.send_signal(signal.SIGKILL)
            process.wait()
        told = json.loads(site.flask(*command[3:], "--json"))
    data = tmp_path / "data"
    taken = told["created"]["orders"] + told["unchanged"]["orders"] + told["updated"]["orders"]
    assert (told["found"]["orders"], taken) == (ORDERS, ORDERS)
    assert rows_of(data, "SELECT count(*) FROM orders")[0][0] == known + ORDERS
    twice = "SELECT about FROM touchpoints WHERE verb = 'order.placed' GROUP BY about HAVING count(*) > 1"
    assert rows_of(data, twice) == []
    untold = (
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.member_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM touchpoints t WHERE t.about = 'order:' || o.id AND t.verb = 'order.placed')"
    )
    assert rows_of(data, untold) == []
