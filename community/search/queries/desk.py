"""What editors taught the search, and what is looked for."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Item
from community.members.models import Purpose
from community.search.models import Promotion, SearchCount, Synonym
from community.sites.models import Site
from community.touchpoints.models import LETTERS, Touchpoint, Verb

FEWEST, MOST_REPORTED, MOST_SEARCHES = 2, 50, 20_000  # a report tells nothing that one alone looked for


class Searched(NamedTuple):
    """That somebody looked for these words."""

    person: str
    at: datetime
    words: str


def synonyms_of(site: Site) -> list[Synonym]:
    """What the editors of a site know to be alike, in the order of the alphabet."""
    return list(db.session.scalars(select(Synonym).where(Synonym.site == site).order_by(Synonym.words)))


def promotions_of(site: Site) -> list[Promotion]:
    """What comes first on a site for some words, with the items."""
    query = select(Promotion).where(Promotion.site == site).options(joinedload(Promotion.item))
    return list(db.session.scalars(query.order_by(Promotion.words, Promotion.id)))


def promotion(site: Site, words: str, item: Item) -> Promotion | None:
    """An item's place before the others for these words."""
    at = Promotion.site == site, Promotion.words == words, Promotion.item_id == item.id
    return db.session.scalars(select(Promotion).where(*at)).first()


def synonym_by_id(synonym_id: int) -> Synonym | None:
    """Ways to say the same, by their number."""
    return db.session.get(Synonym, synonym_id)


def promotion_by_id(promotion_id: int) -> Promotion | None:
    """What comes first somewhere, by its number."""
    return db.session.get(Promotion, promotion_id)


def item_at(site: Site, path: str) -> Item | None:
    """The item at an address of a site."""
    return db.session.scalars(select(Item).where(Item.site == site, Item.path == path)).first()


def most_asked(site: Site, since: date, are_empty: bool = False) -> list[Any]:
    """What was looked for most since a day, or looked for and not found: `words`, `asked`, `empty`."""
    asked, empty = func.sum(SearchCount.asked_count), func.sum(SearchCount.empty_count)
    measure = empty if are_empty else asked
    query = select(SearchCount.words, asked.label("asked"), empty.label("empty"))
    query = query.where(SearchCount.site == site, SearchCount.day >= since).group_by(SearchCount.words)
    query = query.having(measure >= FEWEST).order_by(measure.desc(), SearchCount.words).limit(MOST_REPORTED)
    return list(db.session.execute(query))


def searches(site: Site, since: datetime) -> list[Searched]:
    """The latest searches of those who agreed to be counted, by person and in time."""
    told = select(Touchpoint.member_id, Touchpoint.visitor_id, Touchpoint.at, Touchpoint.facts)
    told = told.where(Touchpoint.about.is_(None), Touchpoint.verb == Verb.SEARCH_MADE, Touchpoint.site == site)
    told = told.where(Touchpoint.at >= since, Touchpoint.allows.contains(LETTERS[Purpose.ANALYTICS]))
    rows = db.session.execute(told.order_by(Touchpoint.id.desc()).limit(MOST_SEARCHES))
    found = [Searched(str(member or visitor), at, facts["words"]) for member, visitor, at, facts in rows]
    return sorted(found)
