"""What the index has yet to learn, what editors taught it, and what is looked for."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Item
from community.sites.models import Site, SiteColumn


class IndexChange(Model):
    """A thing whose words or standing changed, written in the commit of the change; each index reads on by its
    own bookmark."""

    __tablename__ = "index_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))


class Synonym(Model):
    """Ways to say the same, as editors know them: one line, with commas between."""

    __tablename__ = "search_synonyms"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    words: Mapped[str] = mapped_column(String(300))

    @property
    def sayings(self) -> tuple[str, ...]:
        """The ways, one by one."""
        return tuple(saying.strip() for saying in self.words.split(",") if saying.strip())


class Promotion(Model):
    """An item that editors put first for some words."""

    __tablename__ = "search_promotions"
    __table_args__ = (UniqueConstraint("site", "words", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    words: Mapped[str] = mapped_column(String(100))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    item: Mapped[Item] = relationship(lazy="raise_on_sql")


class SearchCount(Model):
    """How often some words were looked for on a day, and found nothing: of nobody."""

    __tablename__ = "search_counts"

    site: Mapped[Site] = mapped_column(SiteColumn, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked_count: Mapped[int] = mapped_column(default=0)
    empty_count: Mapped[int] = mapped_column(default=0)
