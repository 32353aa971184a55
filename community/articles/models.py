"""Articles, their revisions and drafts; the calendar's notes and things to do."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Item
from community.items.models.cards import CardPicture, CardTheme
from community.items.models.shown import Author, ShownItem
from community.members.models import Member
from community.sites.models import Site, SiteColumn


class Article(Item):
    """What an editor wrote, in Markdown (or HTML, where it was imported)."""

    __tablename__ = "articles"
    __mapper_args__ = {"polymorphic_identity": "article"}

    id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, default="")  # as written
    is_html: Mapped[bool] = mapped_column(default=False)  # an imported body that no editor has rewritten
    body_html: Mapped[str] = mapped_column(Text, default="")
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    reviewed_on: Mapped[date | None]
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # title, publisher, url, seen_on
    publish_at: Mapped[datetime | None]  # when scheduled
    version: Mapped[int] = mapped_column(default=1)  # goes up with each save; a stale save shows both

    reviewer: Mapped[Member | None] = relationship(foreign_keys=[reviewer_id], lazy="raise_on_sql")


@dataclass
class ShownArticle(ShownItem):
    """An article on its page."""

    body_html: str
    minutes: int
    reviewed_on: date | None
    sources: list[dict[str, str]]
    reviewed_by: str | None  # the name of who checked it and is still here
    reviewer: Author | None
    theme: CardTheme | None
    picture: CardPicture | None
    picture_alt: str | None
    translations: dict[Site, str]  # where the same article stands on other sites


class Revision(Model):
    """An article as it was saved once."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    version: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]

    editor: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class StageNote(Model):
    """What the calendar says of one pregnancy week or one month of age: a sentence and a few lines."""

    __tablename__ = "stage_notes"
    __table_args__ = (
        UniqueConstraint("site", "stage_from", "stage_to"),  # week 40 and the first month begin on the same day
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    stage_from: Mapped[int]
    stage_to: Mapped[int]
    headline: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(600))
    source_title: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(400), default="")


class StageTask(Model):
    """A thing to do in a stretch of weeks or months. Ticks are kept in the profile, by `key`."""

    __tablename__ = "stage_tasks"
    __table_args__ = (
        UniqueConstraint("site", "key"),
        Index("ix_stage_tasks_range", "site", "stage_from", "stage_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(String(200), default="")
    stage_from: Mapped[int]
    stage_to: Mapped[int]
