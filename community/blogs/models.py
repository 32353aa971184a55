"""Blogs and what stands in them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.items.models import Collection, Item, Written
from community.members.models import Member


class Blog(Collection):
    """One member's blog on one site; its slug is the username."""

    __tablename__ = "blogs"
    __mapper_args__ = {"polymorphic_identity": "blog"}

    id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)

    owner: Mapped[Member] = relationship(lazy="raise_on_sql")


class BlogPost(Written, Item):
    """A story in a blog. Editors may feature it once its author agreed; each step stands here with its moment."""

    __tablename__ = "blog_posts"
    __mapper_args__ = {"polymorphic_identity": "blogpost"}

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    feature_asked_at: Mapped[datetime | None]
    feature_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    feature_agreed_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]

    @property
    def is_featured(self) -> bool:
        """Whether editors show it, with its author's consent."""
        return self.featured_at is not None and self.is_live
