"""What somebody wrote under an item, what it said before, and the names of anonymous parents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models.items import Authored, Item
from community.members.models import Member


class Post(Authored, Model):
    """What somebody wrote under an item: a comment, a forum post, an answer."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index("ix_posts_roots", "item_id", "root_id", "state", "number"),
        Index("ix_posts_by_author", "author_id", "state", "created_at"),
        Index("ix_posts_held", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    number: Mapped[int]  # within its item, from 1, never given twice
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(Text)  # as typed
    body_html: Mapped[str] = mapped_column(Text)
    pseudonym_id: Mapped[int | None] = mapped_column(ForeignKey("pseudonyms.id", ondelete="SET NULL"), index=True)
    held_because: Mapped[str] = mapped_column(String(60), default="")
    thank_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]  # by its author, who may bring it back for some minutes
    imported_key: Mapped[str | None] = mapped_column(String(160), unique=True)

    item: Mapped[Item] = relationship(lazy="raise_on_sql")
    parent: Mapped["Post | None"] = relationship(remote_side=id, foreign_keys=[parent_id], lazy="raise_on_sql")
    pseudonym: Mapped["Pseudonym | None"] = relationship(lazy="raise_on_sql")

    @property
    def key(self) -> str:
        """How other things name this post."""
        return f"post:{self.id}"

    @property
    def path(self) -> str:
        """Its lasting address, which leads to where it stands."""
        return f"{self.item.site.path}{self.item.posts_path}/{self.id}"

    @property
    def writer_id(self) -> int | None:
        """The member who wrote it, also under a pseudonym: for rights and notices, never for a page."""
        return self.pseudonym.member_id if self.pseudonym_id and self.pseudonym else self.author_id

    @property
    def anchor(self) -> str:
        """Where on its page it stands."""
        return f"post-{self.id}"


class PostVersion(Model):
    """What a post said before it was edited."""

    __tablename__ = "post_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class Pseudonym(Model):
    """The name under which a member writes as an anonymous parent, in one conversation alone.

    Posts under it carry no `author_id`: what lists a member's posts cannot find them. Where two conversations
    became one, a member may have two: nothing joins them, as nothing did before."""

    __tablename__ = "pseudonyms"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]  # within its conversation, from 1

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
