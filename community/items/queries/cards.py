"""Items as cards, by statements that are built once and load no more than is shown."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from community.core.asking import numbers, rows_of
from community.items.models import Collection, Item, Tag
from community.items.models.cards import Card, CardPicture, CardTheme
from community.items.queries.lists import Guard, anybody, as_values, offered
from community.items.queries.shown import byline_of
from community.media.models import Picture
from community.members.models import Member
from community.sites.models import Site

_OWN = ("id", "kind", "path", "title", "summary", "minutes", "stage_from", "stage_to", "published_at", "post_count")


def card_rows() -> Select[Any]:
    """Items as `as_card()` takes them, with their author, collection, theme and picture; for conditions of `Item`."""
    themes, pictures = Tag.__table__.alias(), Picture.__table__.alias()
    authors, places = Member.__table__.alias(), Collection.__table__.alias()
    query: Any = select(
        *(getattr(Item, name) for name in _OWN),
        byline_of(Item.__table__, authors),
        places.c.title,
        *theme_columns(themes),
        *picture_columns(pictures),
    )
    query = query.outerjoin(authors, authors.c.id == Item.author_id)
    query = query.outerjoin(places, places.c.id == Item.collection_id)
    query = query.outerjoin(themes, themes.c.id == Item.theme_id)
    return query.outerjoin(pictures, pictures.c.id == Item.picture_id)


def as_card(row: Any) -> Card:
    """A row of `card_rows()`."""
    theme, picture = row[-10:-5], row[-5:]
    opens_with_post = class_of(row.kind).opens_with_post
    byline, collection_title = row[10] or "", row[11] or ""
    return Card._make((*row[:10], opens_with_post, byline, collection_title, as_theme(*theme), as_picture(*picture)))


def theme_columns(tag: Any) -> list[Any]:
    """What `as_theme()` takes of a table of tags."""
    return [tag.c[name] for name in CardTheme._fields]


def as_theme(tag_id: int | None, *more: Any) -> CardTheme | None:
    """The theme of such columns, if there is one."""
    return None if tag_id is None else CardTheme(tag_id, *more)


def picture_columns(picture: Any) -> list[Any]:
    """What `as_picture()` takes of a table of pictures."""
    return [picture.c[name] for name in CardPicture._fields]


def as_picture(name: str | None, suffix: str, width: int, height: int, widths: Any) -> CardPicture | None:
    """The picture of such columns, if there is one."""
    return None if name is None else CardPicture(name, suffix, width, height, tuple(widths))


def class_of(kind: str) -> type[Item]:
    """The class of a kind of items, for what all of that kind have in common."""
    return Item.__mapper__.polymorphic_map[kind].class_


def cards_by(query: Any, values: dict[str, Any] | None = None) -> list[Card]:
    """The cards that a statement of `card_rows()` finds."""
    return [as_card(row) for row in rows_of(query, values)]


def plain_cards(item_ids: Sequence[int]) -> list[Card]:
    """Items as cards, in the order of their ids as given."""
    found = {card.id: card for card in cards_by(_of_ids(), {"ids": list(item_ids)})}
    return [found[item_id] for item_id in item_ids if item_id in found]


def latest(site: Site, member: Any, guard: Guard | None, kind: str, limit: int) -> list[Card]:
    """The newest items of a kind on a site."""
    query = _latest(member, guard) if guard else _latest_for_any(member.is_member)
    return cards_by(query, {**as_values(member), "site": site, "kind": kind, "limit": limit})


@lru_cache
def _of_ids() -> Select[Any]:
    return card_rows().where(Item.id.in_(numbers("ids")))


@lru_cache
def _latest_for_any(is_member: bool) -> Select[Any]:
    return _latest(anybody(is_member), None)


def _latest(member: Any, guard: Guard | None) -> Select[Any]:
    query = card_rows().where(Item.site == bindparam("site"), Item.kind == bindparam("kind"))
    query = offered(query.where(Item.is_quiet.is_(False)), member, guard)
    return query.order_by(Item.published_at.desc(), Item.id.desc()).limit(bindparam("limit"))
