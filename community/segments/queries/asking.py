"""How the database is asked what somebody is, did and bought.

Every condition holds or does not; where nothing is known it does not hold. What somebody did counts where it may make
a profile for offers, and weeks and ages of children only where nothing changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, String, cast, func, select

from community.core import stages
from community.groups.models import Membership
from community.items.models import Item
from community.members.models import Member, Purpose
from community.profiles.models import LATEST_OVERDUE_DAYS, Child, ChildKind, Interest, Phase, Standing
from community.shop.models import Customer, Order, OrderLine, OrderState, Product
from community.touchpoints.models import LETTERS, Touchpoint, Verb

Values = dict[str, Any]
Condition = ColumnElement[bool]
PHASES = tuple(Phase)


@dataclass(frozen=True)
class Asked:
    """The moment at which members are asked about."""

    now: datetime
    today: date

    def ago(self, days: int) -> datetime:
        """So many days ago."""
        return self.now - timedelta(days=days)


def is_week(asked: Asked, values: Values) -> Condition:
    """Pregnant in one of these weeks."""
    last = asked.today + timedelta(days=stages.PREGNANCY_DAYS - 7 * values["low"])
    first = asked.today + timedelta(days=stages.PREGNANCY_DAYS - 7 * values["high"] - 6)
    return has_pregnancy(asked, Child.due_on.between(first, last))


def has_pregnancy(asked: Asked, *which: Condition) -> Condition:
    """Pregnant, and shown a week."""
    is_shown = Child.due_on >= asked.today - timedelta(days=LATEST_OVERDUE_DAYS)
    return has_child(Child.kind == ChildKind.PREGNANCY, is_shown, *which)


def is_of_age(asked: Asked, values: Values) -> Condition:
    """Has a child of so many completed months."""
    youngest, oldest = born_by(values["low"], asked.today), born_by(values["high"] + 1, asked.today)
    return has_child(Child.kind != ChildKind.PREGNANCY, Child.born_on <= youngest, Child.born_on > oldest)


def has_children(_asked: Asked, values: Values) -> Condition:
    """Has so many children that were born."""
    there = select(Child.member_id).where(Child.kind != ChildKind.PREGNANCY, Child.stopped_at.is_(None))
    enough = there.group_by(Child.member_id).having(func.count() >= values["number"])
    return Member.guarded_since.is_(None) & Member.id.in_(enough)


def has_child(*which: Condition) -> Condition:
    """Has such a child, and nothing changed."""
    there = select(Child.member_id).where(Child.stopped_at.is_(None), *which)
    return Member.guarded_since.is_(None) & Member.id.in_(there)


def born_by(months: int, today: date) -> date:
    """The last birth date of who has completed so many months today."""
    day = today - relativedelta(months=months)
    while stages.months_between(day + timedelta(days=1), today) >= months and day < today:
        day += timedelta(days=1)
    return day


def chose_subject(_asked: Asked, values: Values) -> Condition:
    """Chose this theme."""
    chosen = select(Interest.member_id).where(Interest.tag_id == int(values["value"]), Interest.weight > 0)
    return Member.id.in_(chosen)


def is_in_club(_asked: Asked, values: Values) -> Condition:
    """Is in this club, or in any."""
    there = select(Membership.member_id)
    return Member.id.in_(there.where(Membership.group_id == int(values["value"])) if "value" in values else there)


def read_about(asked: Asked, values: Values) -> Condition:
    """So many page reads that serve offers, about a theme or about anything: the newest first, and no more of them
    than are asked for."""
    last = _reads(asked, values).order_by(Touchpoint.id.desc()).offset(values["number"] - 1).limit(1)
    return last.correlate(Member).scalar_subquery().is_not(None)


def read_things_about(asked: Asked, values: Values) -> Condition:
    """The same, where one page counts once however often it was read."""
    pages = _reads(asked, values).with_only_columns(func.count(Touchpoint.about.distinct()))
    return pages.correlate(Member).scalar_subquery() >= values["number"]


def _reads(asked: Asked, values: Values) -> Select[Any]:
    reads = select(Touchpoint.id).where(
        Touchpoint.member_id == Member.id,
        Touchpoint.verb == Verb.PAGE_READ,
        Touchpoint.at >= asked.ago(values["days"]),
        serves_offers(),
    )
    if "value" not in values:
        return reads
    keys = select(Item.kind + ":" + cast(Item.id, String)).where(Item.theme_id == int(values["value"]))
    return reads.where(Touchpoint.about.in_(keys))


def bought(*which: Condition) -> Condition:
    """Lines that were not sent back, of orders that may make a profile."""
    lines = (
        select(Customer.member_id)
        .join(Order, Order.customer_id == Customer.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Product, Product.id == OrderLine.product_id)
        .join(Touchpoint, Touchpoint.about == "order:" + cast(Order.id, String))
        .where(
            Customer.member_id.is_not(None),
            Touchpoint.member_id == Customer.member_id,
            Touchpoint.verb == Verb.ORDER_PLACED,
            serves_offers(),
            OrderLine.returned_at.is_(None),
            Order.state.in_((OrderState.PLACED, OrderState.COMPLETED)),
            *which,
        )
    )
    return Member.id.in_(lines)


def serves_offers() -> Condition:
    """A row of the record that may make a profile for offers."""
    return Touchpoint.allows.contains(LETTERS[Purpose.OFFERS])


def at_least(column: Any, per: int = 1) -> Callable[[Asked, Values], Condition]:
    """The column holds so many, or more; `per` where it counts in smaller pieces."""
    return lambda _asked, values: column >= values["number"] * per


def within(column: Any) -> Callable[[Asked, Values], Condition]:
    """It happened in the last days."""
    return lambda asked, values: column >= asked.ago(values["days"])


def before(column: Any) -> Callable[[Asked, Values], Condition]:
    """It happened, and longer ago than that."""
    return lambda asked, values: column < asked.ago(values["days"])


def reached(_asked: Asked, values: Values) -> Condition:
    """Is in this phase or a later one."""
    return Standing.phase.in_(PHASES[PHASES.index(Phase(values["value"])) :])
