"""Every public address of the open sites, for search engines."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from community.core.db import db
from community.items.models import Collection, Item, Tag
from community.items.queries import Rows, visible_to
from community.members.models import Visitor
from community.sites.models import Site
from community.sites.queries import open_sites

Addresses = dict[str | None, dict[Site, str]]  # translation key -> site -> path


def public_item_count() -> int:
    """How many items the public may see, of every kind."""
    return db.session.scalar(_public(select(func.count(Item.id)))) or 0


def public_items(offset: int, limit: int) -> list[Any]:
    """A stretch of them, by id: `path`, `changed_at` and `translation_key`."""
    query = _public(select(Item.path, Item.changed_at, Item.translation_key))
    return list(db.session.execute(query.order_by(Item.id).offset(offset).limit(limit)))


def translated_items() -> Addresses:
    """Where the public items stand that have a translation key, on each site."""
    query = _public(select(Item.translation_key, Item.site, Item.path)).where(Item.translation_key.is_not(None))
    found: Addresses = defaultdict(dict)
    for key, site, path in db.session.execute(query):
        found[key][site] = path
    return found


def public_themes() -> list[Tag]:
    """The themes of all open sites."""
    query = select(Tag).where(Tag.is_theme.is_(True), Tag.site.in_(open_sites())).order_by(Tag.site, Tag.position)
    return list(db.session.scalars(query))


def public_collections() -> list[Collection]:
    """The boards and the like of all open sites, without those of clubs."""
    query = select(Collection).where(Collection.group_id.is_(None), Collection.site.in_(open_sites()))
    return list(db.session.scalars(query.order_by(Collection.site, Collection.position, Collection.id)))


def _public(query: Rows) -> Rows:
    return visible_to(query, Visitor()).where(Item.site.in_(open_sites()))
