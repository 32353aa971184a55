"""Orders as any shop exports them: a line of the file is a line of an order; columns are found by their heads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from community.core.imports import Unreadable, public_name
from community.core.sheets import Row, heads_of, plain_head, rows_of, text_of
from community.shop.files.amounts import amount_of, cents_of, moment_of, pattern_of
from community.shop.files.catalogue import Remark
from community.shop.models import OrderState

# Our columns, each with the heads that other shops give it, the surest first.
HEADS: dict[str, tuple[str, ...]] = {
    "number": ("invoiceno", "invoice id", "invoice", "order id", "order number", "order no", "order", "name"),
    "customer": ("customerid", "customer id", "customer number", "customer"),
    "email": ("email", "e mail", "customer email", "billing email"),
    "name": ("customer name", "billing name"),
    "date": ("invoicedate", "invoice date", "order date", "ordered at", "created at", "paid at", "date"),
    "sku": ("stockcode", "sku", "lineitem sku", "product id", "item"),
    "title": ("description", "lineitem name", "product name", "product", "title"),
    "quantity": ("quantity", "total quantity", "lineitem quantity", "qty"),
    "price": ("unitprice", "unit price", "lineitem price", "price"),
    "amount": ("amount", "total price", "line total", "revenue"),
    "total": ("total", "order total", "grand total"),
    "currency": ("currency",),
    "state": ("state", "status", "financial status", "order status"),
    "returned": ("returned at", "returned on", "returned"),
}
MOST_CENTS = 2_000_000_000  # what a column holds
FIXED = ("customer", "", "date", "quantity", "amount")  # of a file without heads: customer, number in the sample, ...
STATES = {
    **dict.fromkeys(("returned", "refunded"), OrderState.RETURNED),
    **dict.fromkeys(("cancelled", "canceled", "voided", "failed"), OrderState.CANCELLED),
    **dict.fromkeys(("placed", "pending", "processing", "on hold", "open"), OrderState.PLACED),
}
_FIXED_LINE = re.compile(r"\s*\d+\s+\d+\s+\d{8}\s+-?\d+\s+-?[\d.]+\s*$")


@dataclass
class ToldLine:
    """One line of an order as a file tells it."""

    line: int
    sku: str
    title: str
    quantity: int
    price_cents: int  # of one; rounded where the file tells only what all of them cost
    cents: int  # of all of them
    returned_at: datetime | None = None


@dataclass
class ToldOrder:
    """An order as a file tells it; `line` is where it begins."""

    line: int
    number: str
    customer: str = ""
    at: datetime | None = None
    state: str = OrderState.COMPLETED
    currency: str = ""
    total: int | None = None  # what the file says, which may hold postage and discounts
    lines: list[ToldLine] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        """What was paid; below zero where money went back."""
        return sum(line.cents for line in self.lines) if self.total is None else self.total


@dataclass
class ToldCustomer:
    """Somebody who bought, as a file tells it."""

    line: int
    key: str
    email: str = ""
    name: str = ""


@dataclass
class Ledger:
    """All that one file tells."""

    heads: list[str]
    orders: dict[str, ToldOrder] = field(default_factory=dict)
    customers: dict[str, ToldCustomer] = field(default_factory=dict)
    lost: list[Remark] = field(default_factory=list)

    @property
    def source(self) -> str:
        """What makes two files exports of the same shop, where nobody says: the same columns."""
        return ",".join(self.heads)[:80]


def ledger_of(path: Path, zone: str, named: Mapping[str, str]) -> Ledger:
    """All orders of a file, in the time zone of its site. `named` says what columns are: their head -> ours."""
    text = text_of(path)
    is_fixed = bool(_FIXED_LINE.match(text.partition("\n")[0]))
    heads = ["fixed columns"] if is_fixed else heads_of(text)
    columns = {ours: ours for ours in FIXED} if is_fixed else _columns(heads, named)
    rows = list(_fixed_rows(text) if is_fixed else rows_of(text))
    return _Reader(Ledger(heads), columns, zone).read(rows)


def _columns(heads: list[str], named: Mapping[str, str]) -> dict[str, str]:
    """Which head is which of our columns; `Unreadable` where one that is needed is not there."""
    for head in named:
        if plain_head(head) not in heads:
            raise Unreadable(f"No column is called {head!r}; there are: {', '.join(heads)[:300]}.")
    columns = {ours: plain_head(head) for head, ours in named.items()}
    for ours, known in HEADS.items():
        free = [head for head in known if head in heads and head not in columns.values()]
        if ours not in columns and free:
            columns[ours] = free[0]
    for needed in (("date",), ("customer", "email", "number"), ("amount", "price", "total")):
        if not columns.keys() & set(needed):
            raise Unreadable(f"No column tells the {' or '.join(needed)}. Name it: --map head={needed[0]}")
    return columns


def _fixed_rows(text: str) -> Iterator[Row]:
    for number, written in enumerate(text.splitlines(), 1):
        cells = written.split()
        if cells:
            yield Row(number, dict(zip(FIXED, cells, strict=False)), len(cells) != len(FIXED))


class _Reader:
    """Reads lines one after the other into a ledger."""

    def __init__(self, ledger: Ledger, columns: dict[str, str], zone: str) -> None:
        self.ledger, self.columns, self.zone = ledger, columns, zone
        self.seen: dict[tuple[str, str], int] = {}  # orders of a customer on a day, where nothing numbers them

    def read(self, rows: list[Row]) -> Ledger:
        """All of them."""
        self.patterns = {ours: pattern_of(self._said(row, ours) for row in rows) for ours in ("date", "returned")}
        for row in rows:
            number = self._number(row)
            try:
                self._take(row, number)
            except ValueError as error:
                self._lose(row.line, "lines", f"line of order {number}".strip(), str(error))
        for order in [order for order in self.ledger.orders.values() if abs(order.total_cents) > MOST_CENTS]:
            self._lose_all(self.ledger.orders.pop(order.number))
        return self.ledger

    def _lose_all(self, order: ToldOrder) -> None:
        self._lose(order.line, "orders", f"order {order.number}", "Its total cannot be true.")
        for line in order.lines:
            self._lose(line.line, "lines", f"line of order {order.number}", "Its order was not taken.")

    def _lose(self, line: int, kind: str, what: str, why: str) -> None:
        self.ledger.lost.append(Remark(line, what, why, kind))

    def _take(self, row: Row, number: str) -> None:
        if row.is_crooked:
            raise ValueError("It has not as many cells as there are columns.")
        if not number:
            raise ValueError("It has no order number.")
        line, at = self._line(row), self._moment(row, "date")
        customer = self._customer(row)
        order = self.ledger.orders.setdefault(number, ToldOrder(row.line, number))
        order.customer, order.at = order.customer or customer, order.at or at
        order.state = STATES.get(self._said(row, "state").lower(), order.state)
        order.currency = order.currency or self._said(row, "currency")[:3].upper()
        if order.total is None and self._said(row, "total"):
            order.total = self._cents(row, "total")
        order.lines.append(line)

    def _number(self, row: Row) -> str:
        """The order's own, else one made of customer, day and place among the customer's orders of that day."""
        if "number" in self.columns:
            return self._said(row, "number")[:80]
        buyer, day = self._key(row), self._said(row, "date")
        count = self.seen[buyer, day] = self.seen.get((buyer, day), 0) + 1
        return f"{buyer[:40]} {day}" + (f" {count}" if count > 1 else "")

    def _line(self, row: Row) -> ToldLine:
        quantity = self._quantity(row)
        if "amount" in self.columns:
            cents = self._cents(row, "amount")
            one = cents_of(Decimal(cents) / 100 / quantity) if quantity else cents
        else:
            one = self._cents(row, "price") if self._said(row, "price") else 0
            cents = self._product(row, quantity)
        returned = self._moment(row, "returned") if self._said(row, "returned") else None
        sku, title = self._said(row, "sku")[:80], self._said(row, "title")[:200]
        return ToldLine(row.line, sku, title, quantity, one, cents, returned)

    def _product(self, row: Row, quantity: int) -> int:
        """What all cost: multiplied before it is rounded, since prices may have more than two decimals."""
        try:
            return cents_of(Decimal(self._said(row, "price") or 0) * quantity)
        except ArithmeticError:
            return self._cents(row, "price") * quantity

    def _customer(self, row: Row) -> str:
        key = self._key(row)
        if key:
            told = self.ledger.customers.setdefault(key, ToldCustomer(row.line, key))
            told.email = told.email or self._said(row, "email").lower()[:254]
            told.name = told.name or public_name(self._said(row, "name"))
        return key

    def _key(self, row: Row) -> str:
        """How the shop knows the customer; a spreadsheet made 13085.0 of 13085."""
        key = self._said(row, "customer").removesuffix(".0") or self._said(row, "email").lower()
        return key[:120]

    def _said(self, row: Row, ours: str) -> str:
        return row.cells.get(self.columns.get(ours, "-"), "").strip()

    def _quantity(self, row: Row) -> int:
        written = self._said(row, "quantity")
        try:
            quantity = int(Decimal(written or 1))
        except ArithmeticError as error:
            raise ValueError(f"Its quantity cannot be read: {written[:40]!r}.") from error
        if abs(quantity) > 10_000_000:
            raise ValueError(f"Its quantity cannot be true: {written[:40]!r}.")
        return quantity

    def _cents(self, row: Row, ours: str) -> int:
        written = self._said(row, ours)
        try:
            return amount_of(written)[0]
        except ValueError as error:
            raise ValueError(f"Its {ours} cannot be read: {written[:40]!r}.") from error

    def _moment(self, row: Row, ours: str) -> datetime:
        written = self._said(row, ours)
        try:
            return moment_of(written, self.patterns[ours], self.zone)
        except ValueError as error:
            raise ValueError(f"Its {ours} cannot be read: {written[:40]!r}.") from error
