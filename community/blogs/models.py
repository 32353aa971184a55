"""Blogs and what stands in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.items.models import Collection, Item
from community.members.models import Member


class Blog(Collection):
    """One member's blog on one site; its slug is the username."""

    __tablename__ = "blogs"
    __mapper_args__ = {"polymorphic_identity": "blog"}

    id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)

    owner: Mapped[Member] = relationship(lazy="raise_on_sql")


class BlogPost(Item):
    """A story in a blog. Editors may feature it once its author agreed; both stand here with their moment."""

    __tablename__ = "blog_posts"
    __mapper_args__ = {"polymorphic_identity": "blogpost"}

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)  # goes up with each save
    edited_at: Mapped[datetime | None]
    feature_asked_at: Mapped[datetime | None]
    feature_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    feature_agreed_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]
