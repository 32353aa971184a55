"""What the public may read: articles, the calendar's notes and things to do."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, tuple_

from community.articles.models import Article, StageNote, StageTask
from community.core import stages
from community.core.db import db
from community.items.models import Item, Tag
from community.items.models.cards import Card
from community.items.queries import Guard, Rows, as_cards, offered, plain_cards, visible_to
from community.sites.models import Site


@dataclass(frozen=True)
class Shelf:
    """The articles of a site, or of one of its themes, that one reader's lists may hold."""

    site: Site
    reader: Any
    theme: Tag | None = None
    guard: Guard | None = None

    def holds(self, query: Rows) -> Rows:
        """Only what stands on this shelf."""
        query = offered(query, self.reader, self.guard).where(Item.kind == "article")
        if self.theme is not None:
            return query.where(Item.theme_id == self.theme.id)
        return query.where(Item.site == self.site)


def count_on(shelf: Shelf, at_most: int) -> int:
    """How many articles stand on a shelf; no more than needed are counted."""
    some = shelf.holds(select(Item.id)).limit(at_most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def articles_on(shelf: Shelf, offset: int, limit: int) -> list[Card]:
    """A stretch of a shelf as cards, newest first: ids from a covering index, then the rows."""
    query = shelf.holds(select(Item.id)).order_by(Item.published_at.desc(), Item.id.desc())
    return plain_cards(list(db.session.scalars(query.offset(offset).limit(limit))))


def articles_before(shelf: Shelf, item_id: int, limit: int) -> list[Card]:
    """What follows an item of a shelf, as cards; nothing where the item does not stand there."""
    place = shelf.holds(select(Item.published_at, Item.id)).where(Item.id == item_id).subquery()
    query = shelf.holds(select(Item.id)).where(
        tuple_(Item.published_at, Item.id) < select(place.c.published_at, place.c.id).scalar_subquery()
    )
    query = query.order_by(Item.published_at.desc(), Item.id.desc())
    return plain_cards(list(db.session.scalars(query.limit(limit))))


def article_by_slug(site: Site, slug: str, reader: Any) -> Article | None:
    """An article that this reader may see."""
    query = select(Article).where(Article.site == site, Article.kind == "article", Article.slug == slug)
    return db.session.scalar(visible_to(query, reader))


def note_for(site: Site, day: int) -> StageNote | None:
    """What the calendar says of a child's stage day; after birth its month's note, not that of a late week."""
    query = select(StageNote).where(StageNote.site == site, StageNote.stage_from <= day, StageNote.stage_to >= day)
    return db.session.scalar(query.order_by((StageNote.stage_to - StageNote.stage_from).desc()).limit(1))


def note_of(site: Site, days: tuple[int, int]) -> StageNote | None:
    """What the calendar says of a week or month, by its first and last day."""
    query = select(StageNote).where(StageNote.site == site)
    return db.session.scalar(query.where(StageNote.stage_from == days[0], StageNote.stage_to == days[1]))


def headlines(site: Site) -> dict[tuple[int, int], str]:
    """The calendar's headlines by the first and last day of their week or month."""
    query = select(StageNote.stage_from, StageNote.stage_to, StageNote.headline).where(StageNote.site == site)
    return {(first, last): headline for first, last, headline in db.session.execute(query)}


def tasks_for(site: Site, day: int) -> list[StageTask]:
    """What is handy to do at a child's stage day, the most urgent first."""
    return tasks_within(site, (day, day), is_born=day >= 0)


def tasks_within(site: Site, days: tuple[int, int], is_born: bool) -> list[StageTask]:
    """What is handy to do in a week or month, the most urgent first."""
    query = select(StageTask).where(StageTask.site == site, *_meets(StageTask, days, is_born))
    return list(db.session.scalars(query.order_by(StageTask.stage_to, StageTask.stage_from, StageTask.id)))


def articles_within(shelf: Shelf, days: tuple[int, int], is_born: bool, limit: int) -> list[Item]:
    """Articles for a week or month, the most particular to it first, as cards; quiet ones are not offered."""
    query = shelf.holds(select(Item)).where(Item.is_quiet.is_(False), *_meets(Item, days, is_born))
    query = query.order_by(Item.stage_to - Item.stage_from, Item.published_at.desc(), Item.id.desc())
    return list(db.session.scalars(as_cards(query).limit(limit)))


def _meets(stretch: type[Item] | type[StageTask], days: tuple[int, int], is_born: bool) -> list[Any]:
    """The conditions that a range meets these days; what is for pregnancy alone is not for a child that is born."""
    conditions: list[Any] = [stretch.stage_from <= days[1], stretch.stage_to >= days[0]]
    if is_born:
        conditions.append(or_(stretch.stage_from >= 0, stretch.stage_to > stages.LATEST_BIRTH_DAY))
    return conditions
