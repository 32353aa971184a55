"""Blogs and what stands in them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Collection, Item, Written
from community.media.models import Picture
from community.members.models import Member

story_photos = Table(  # beside the first one, which is the item's own
    "story_photos",
    Model.metadata,
    Column("story_id", ForeignKey("blog_posts.id", ondelete="CASCADE"), primary_key=True),
    Column("picture_id", ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True, index=True),
)


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

    more_photos: Mapped[list[Picture]] = relationship(secondary=story_photos, lazy="raise_on_sql", order_by=Picture.id)

    @property
    def photos(self) -> list[Picture]:
        """All its photos; the first one stands on its card too."""
        return [self.picture, *self.more_photos] if self.picture else []

    def show_photos(self, photos: Sequence[Picture]) -> None:
        """Show these, and no other."""
        self.picture, self.more_photos = (photos[0] if photos else None), list(photos[1:])

    @property
    def is_featured(self) -> bool:
        """Whether editors show it, with its author's consent."""
        return self.featured_at is not None and self.is_live
