"""Products and their variants; customers with their orders, whether or not they are members here."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from flask_babel import format_currency
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Item
from community.media.models import Picture
from community.members.models import Member
from community.sites.models import Site, SiteColumn


def price_label(cents: int | None, currency: str) -> str:
    """An amount in the reader's way of writing: "€ 12,50"; empty where there is none."""
    return "" if cents is None else format_currency(Decimal(cents) / 100, currency)


class Product(Item):
    """Something that a shop sells. `body_html` is cleaned; the counts are kept by reviews/."""

    __tablename__ = "products"
    __mapper_args__ = {"polymorphic_identity": "product"}

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    brand: Mapped[str] = mapped_column(String(120), default="")
    category: Mapped[str] = mapped_column(String(120), default="", index=True)
    gtin: Mapped[str] = mapped_column(String(20), default="")
    shop_url: Mapped[str] = mapped_column(String(500), default="")  # where it can be bought
    price_cents: Mapped[int | None]  # of the cheapest variant, in hundredths of the currency
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    is_available: Mapped[bool] = mapped_column(default=True)
    is_consumable: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # used up, or bought more than once
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    review_count: Mapped[int] = mapped_column(default=0)  # live reviews
    star_sum: Mapped[int] = mapped_column(default=0)  # of them

    variants: Mapped[list["Variant"]] = relationship(
        lazy="raise_on_sql", order_by="Variant.position", cascade="all, delete-orphan", passive_deletes=True
    )
    pictures: Mapped[list[Picture]] = relationship(
        secondary="product_pictures", lazy="raise_on_sql", order_by="ProductPicture.position"
    )

    @property
    def stars(self) -> float | None:
        """The mean of its reviews, 1 to 5."""
        return self.star_sum / self.review_count if self.review_count else None

    @property
    def price_label(self) -> str:
        """What it costs, in the reader's way of writing; empty where nobody said."""
        return price_label(self.price_cents, self.currency)


class Variant(Model):
    """One size or colour of a product: what an order line names."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("product_id", "sku"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str] = mapped_column(String(80), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    price_cents: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)


class ProductPicture(Model):
    """A picture of a product, beside the first one, which is the item's own."""

    __tablename__ = "product_pictures"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class RelationKind(StrEnum):
    """What one product is to another."""

    CROSS = "cross"  # it goes with it
    DEEP = "deep"  # more, or a larger one, for the same need
    UP = "up"  # a better one


class ProductRelation(Model):
    """That a product is offered to who looks at another one, or bought it; and as what."""

    __tablename__ = "product_relations"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(5))
    together_count: Mapped[int] = mapped_column(default=0)  # people who bought both, when somebody said so
    is_from_file: Mapped[bool] = mapped_column(default=False)  # the next file may take it back

    other: Mapped[Product] = relationship(lazy="raise_on_sql", foreign_keys=other_id)


class Customer(Model):
    """Somebody who bought: a member once an address that we know them by is confirmed, until then nobody's."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("site", "source", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    source: Mapped[str] = mapped_column(String(80))  # the shop whose number it is
    external_id: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)

    member: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RETURNED = "returned"  # all of it


class Order(Model):
    """One purchase. A credit note is an order with a total below zero."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("site", "source", "number"),
        Index("ix_orders_by_customer", "customer_id", "ordered_at"),
        Index("ix_orders_by_time", "site", "ordered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    source: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(80))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(12), default=OrderState.COMPLETED)
    ordered_at: Mapped[datetime]
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")

    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise_on_sql",
        order_by="OrderLine.number",
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def key(self) -> str:
        """How other things name this order."""
        return f"order:{self.id}"

    @property
    def path(self) -> str:
        """Its page, for whoever placed it."""
        return f"/account/orders/{self.id}"

    @property
    def total_label(self) -> str:
        """What was paid, or paid back."""
        return price_label(self.total_cents, self.currency)

    @property
    def is_credit(self) -> bool:
        """Whether money went back to the customer."""
        return self.total_cents < 0

    @property
    def returned_cents(self) -> int:
        """What the customer got back by this order: all of it, or its lines that went back."""
        if self.is_credit:
            return -self.total_cents
        if self.state in (OrderState.CANCELLED, OrderState.RETURNED):
            return self.total_cents
        return sum(line.cents for line in self.lines if line.returned_at)


class OrderLine(Model):
    """One product in an order."""

    __tablename__ = "order_lines"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    number: Mapped[int]
    sku: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    price_cents: Mapped[int]  # of one
    returned_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")

    @property
    def cents(self) -> int:
        """What all of the line cost."""
        return self.quantity * self.price_cents
