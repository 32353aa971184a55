"""What the front page of a site shows: the latest, by subject, and the voices."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items import queries as items
from community.items.models import Item, Post, Tag
from community.items.queries import Guard, anybody, as_values, offered
from community.members.models import Visitor
from community.sites.models import Site


@dataclass(frozen=True)
class Subject:
    """A theme with its newest articles."""

    theme: Tag
    articles: list[Item]


def latest(site: Site, reader: Any, guard: Guard | None, limit: int) -> list[Item]:
    """The newest articles as cards."""
    return items.latest(site, reader, guard, "article", limit)


def by_subject(articles: Iterable[Item], each: int) -> list[Subject]:
    """Articles under their themes, in the themes' own order, at most so many under each."""
    found: dict[int, Subject] = {}
    for article in articles:
        if article.theme is not None:
            found.setdefault(article.theme.id, Subject(article.theme, [])).articles.append(article)
    ordered = sorted(found.values(), key=lambda subject: (subject.theme.position, subject.theme.name))
    return [Subject(subject.theme, subject.articles[:each]) for subject in ordered]


def voices(site: Site, guard: Guard | None, limit: int) -> list[Item]:
    """The articles under which the public said something last, with the newest comment."""
    return [item for item in _active(site, "article", Visitor(), guard, limit) if item.last_post is not None]


def living(site: Site, reader: Any, guard: Guard | None, limit: int) -> list[Item]:
    """The conversations that somebody wrote in last, with who that was."""
    return _active(site, "topic", reader, guard, limit)


def one_under_each(newest: Iterable[Post]) -> list[Post]:
    """Of posts in an order, the first under each item."""
    first: dict[int, Post] = {}
    for post in newest:
        first.setdefault(post.item_id, post)
    return list(first.values())


def _active(site: Site, kind: str, reader: Any, guard: Guard | None, limit: int) -> list[Item]:
    query = _living(reader, guard) if guard else _living_for_any(reader.is_member)
    return list(db.session.scalars(query, {**as_values(reader), "site": site, "kind": kind, "limit": limit}))


@lru_cache
def _living_for_any(is_member: bool) -> Select[Item]:
    return _living(anybody(is_member), None)


def _living(reader: Any, guard: Guard | None) -> Select[Item]:
    query = select(Item).where(Item.site == bindparam("site"), Item.kind == bindparam("kind"))
    query = offered(query.where(Item.is_quiet.is_(False), Item.post_count > 0), reader, guard)
    parts = joinedload(Item.author), joinedload(Item.collection), joinedload(Item.last_post).joinedload(Post.author)
    return query.order_by(Item.active_at.desc(), Item.id.desc()).limit(bindparam("limit")).options(*parts)
