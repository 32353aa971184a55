"""Brings orders in, some hundred a commit, and safe to do again: what did not change is not touched.

Who bought stays a customer without a member until an address is confirmed. A dry run judges alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from community.core.db import db, unit_of_work
from community.core.imports import Report
from community.shop.actions.ledger import Books, Judged
from community.shop.files.orders import Ledger, ToldCustomer, ToldOrder, ledger_of
from community.sites.models import Site

BATCH = 400
GONE = "It was erased here, and is not brought back."
Row = TypeVar("Row")


@dataclass
class OrderImport:
    """One file on its way into one site. `named` says what columns are, `shop` whose numbers they are."""

    path: Path
    site: Site
    named: Mapping[str, str] = field(default_factory=dict)
    shop: str = ""
    is_dry: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None

    def run(self) -> Report:
        """Read, store, and tell; `Unreadable` where the file holds nothing that can be read."""
        self.ledger = ledger_of(self.path, self.site.zone, self.named)
        self.report = _found(self.ledger)
        self.books = Books(self.site, self.shop or self.ledger.source)
        self._erased = self._find_erased()
        for people in _batches(self.ledger.customers.values()):
            self._take_customers(people)
        self.books.look()
        done = 0
        for batch in _batches(self.ledger.orders.values()):
            self._take(batch)
            done += len(batch)
            self.progress(done, len(self.ledger.orders))
        return self.report

    def _find_erased(self) -> set[str]:
        """Customers who stand here no more, though their orders do: they left."""
        known = (told.customer for told in self.ledger.orders.values() if told.number in self.books.numbers)
        return {key for key in known if key and key not in self.books.customers}

    def _take_customers(self, people: list[ToldCustomer]) -> None:
        judged = []
        for told in people:
            if told.key in self._erased:
                self.report.name(told.line, "customer", GONE)
                self.report.count("customers", "skipped")
            else:
                judged.append((told, self.books.judge_customer(told)))
        news = [each for each in judged if each[1] != "unchanged"]
        if news and not self.is_dry:
            with unit_of_work():
                self.books.store_customers(news)
        for _told, outcome in judged:
            self.report.count("customers", outcome)

    def _take(self, batch: list[ToldOrder]) -> None:
        judged = self.books.judge(batch)
        news = [each for each in judged if each.outcome != "unchanged"]
        if news and not self.is_dry:
            with unit_of_work():
                self.books.store(news)
            db.session.expunge_all()
        for each in judged:
            self._count(each)

    def _count(self, judged: Judged) -> None:
        self.report.count("orders", judged.outcome)
        for outcome in judged.lines:
            self.report.count("lines", outcome)


def _found(ledger: Ledger) -> Report:
    """What the file holds, with what of it cannot be taken."""
    report = Report()
    orders = ledger.orders.values()
    report.found.update(orders=len(orders), lines=sum(len(each.lines) for each in orders))
    report.found["customers"] = len(ledger.customers)
    for remark in ledger.lost:
        report.name(remark.line, remark.what, remark.why)
        report.found[remark.kind] += 1
        report.count(remark.kind, "skipped")
    return report


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch
