"""Stores what an import made of customers and orders, a batch at a time: bulk where all is new, by row where not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, update

from community.core.db import db
from community.core.generation import changed
from community.shop import queries as orders
from community.shop.actions.buyers import tell
from community.shop.files.orders import ToldCustomer, ToldLine, ToldOrder
from community.shop.models import Customer, Order, OrderLine
from community.shop.queries import importing as queries
from community.shop.queries.importing import KnownCustomer
from community.sites.models import Site


@dataclass
class Judged:
    """An order of the file, and what is to become of it and of each of its lines."""

    told: ToldOrder
    outcome: str
    lines: list[str]


class Books:
    """Where the orders of one shop are kept at one site."""

    def __init__(self, site: Site, source: str) -> None:
        self.site, self.source = site, source
        self.customers = queries.customers_by_key(site, source)
        self.numbers = queries.order_numbers(site, source)

    def judge_customer(self, told: ToldCustomer) -> str:
        """What is to be done about somebody who bought."""
        known = self.customers.get(told.key)
        if known is None:
            return "created"
        is_same = (told.email or known.email, told.name or known.name) == (known.email, known.name)
        return "unchanged" if is_same else "updated"

    def store_customers(self, judged: Sequence[tuple[ToldCustomer, str]]) -> None:
        """Make them so; whoever is a member by their address is known, and what they bought is told."""
        members = queries.members_by_email(told.email for told, _outcome in judged if told.email)
        news = [self._row(told, members) for told, outcome in judged if outcome == "created"]
        if news:
            db.session.execute(insert(Customer), news)
        changed = [(told, self.customers[told.key]) for told, outcome in judged if outcome == "updated"]
        for told, known in changed:
            self._change_customer(told, known, members)
        known_now = [known.id for told, known in changed if told.email in members and not known.is_member]
        if known_now:
            tell(orders.orders_of_customers(known_now))

    def look(self) -> None:
        """Load the customers anew."""
        self.customers = queries.customers_by_key(self.site, self.source)

    def judge(self, batch: Sequence[ToldOrder]) -> list[Judged]:
        """What is to be done about some orders."""
        there = self._there(batch)
        return [self._judge(told, there.get(told.number)) for told in batch]

    def store(self, judged: Sequence[Judged]) -> None:
        """Make them so, and tell what members bought."""
        told = [each.told for each in judged]
        products = queries.products_by_sku(self.site, {line.sku for order in told for line in order.lines if line.sku})
        self._create([each.told for each in judged if each.outcome == "created"], products)
        there = self._there(each.told for each in judged if each.outcome == "updated")
        for order in told:
            if order.number in there:
                self._change(there[order.number], order, products)
        if there:
            changed(self.site.code)  # the badge of a review rests on its order
        db.session.flush()
        tell(
            queries.members_orders(self.site, self.source, [order.number for order in told if self._is_members(order)])
        )

    def _change_customer(self, told: ToldCustomer, known: KnownCustomer, members: dict[str, int]) -> None:
        change: dict[str, object] = {"email": told.email or known.email or None, "name": told.name or known.name}
        if told.email in members and not known.is_member:
            change["member_id"] = members[told.email]
        db.session.execute(update(Customer).where(Customer.id == known.id).values(change))

    def _there(self, batch: Iterable[ToldOrder]) -> dict[str, Order]:
        known = [told.number for told in batch if told.number in self.numbers]
        return queries.orders_by_number(self.site, self.source, known) if known else {}

    def _judge(self, told: ToldOrder, order: Order | None) -> Judged:
        if order is None:
            return Judged(told, "created", ["created" for _ in told.lines])
        there = {line.number: line for line in order.lines}
        lines = [_outcome(line, there.get(number)) for number, line in enumerate(told.lines, 1)]
        is_same = self._words(told) == {name: getattr(order, name) for name in self._words(told)}
        is_same = is_same and set(lines) <= {"unchanged"} and len(lines) == len(there)
        return Judged(told, "unchanged" if is_same else "updated", lines)

    def _create(self, news: Sequence[ToldOrder], products: dict[str, int]) -> None:
        if not news:
            return
        fixed = {"site": self.site, "source": self.source}
        rows = [fixed | self._words(told) | {"number": told.number} for told in news]
        made = db.session.execute(insert(Order).returning(Order.number, Order.id), rows)
        numbers = {row.number: row.id for row in made}
        lines = [
            {"order_id": numbers[told.number], "number": number, **_line(line, products)}
            for told in news
            for number, line in enumerate(told.lines, 1)
        ]
        db.session.execute(insert(OrderLine), lines)

    def _change(self, order: Order, told: ToldOrder, products: dict[str, int]) -> None:
        for name, value in self._words(told).items():
            setattr(order, name, value)
        there = {line.number: line for line in order.lines}
        order.lines = [there.get(number) or OrderLine(number=number) for number in range(1, len(told.lines) + 1)]
        for line, each in zip(order.lines, told.lines, strict=True):
            for name, value in _line(each, products).items():
                setattr(line, name, value)

    def _words(self, told: ToldOrder) -> dict[str, object]:
        known = self.customers.get(told.customer)
        return {
            "customer_id": known and known.id,
            "state": told.state,
            "ordered_at": told.at,
            "total_cents": told.total_cents,
            "currency": told.currency or self.site.currency,
        }

    def _is_members(self, told: ToldOrder) -> bool:
        known = self.customers.get(told.customer)
        return known is not None and known.is_member

    def _row(self, told: ToldCustomer, members: dict[str, int]) -> dict[str, object]:
        return {
            "site": self.site,
            "source": self.source,
            "external_id": told.key,
            "email": told.email or None,
            "name": told.name,
            "member_id": members.get(told.email),
        }


def _line(told: ToldLine, products: dict[str, int]) -> dict[str, object]:
    return _said(told) | {"product_id": products.get(told.sku)}


def _said(line: ToldLine | OrderLine) -> dict[str, object]:
    return {name: getattr(line, name) for name in ("sku", "title", "quantity", "price_cents", "returned_at")}


def _outcome(told: ToldLine, line: OrderLine | None) -> str:
    if line is None:
        return "created"
    return "unchanged" if _said(told) == _said(line) else "updated"
