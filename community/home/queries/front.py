"""What the front page of a site shows: the latest, by subject, and the voices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.items import queries as items
from community.items.models import Item, Post, State, Tag, Visibility
from community.items.queries import Guard, guarded, offered
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


def voices(site: Site, guard: Guard | None, limit: int) -> list[Post]:
    """The latest comments on articles that the public may read, one under each, with authors and articles."""
    query = select(Post).join(Post.item).where(Post.state == State.LIVE, Item.site == site, Item.kind == "article")
    query = query.where(Item.is_quiet.is_(False))
    query = guarded(query.where(Item.state == State.LIVE, Item.visibility == Visibility.PUBLIC), guard)
    query = query.options(joinedload(Post.author), contains_eager(Post.item))
    return one_under_each(db.session.scalars(query.order_by(Post.created_at.desc(), Post.id.desc()).limit(limit * 4)))[
        :limit
    ]


def one_under_each(newest: Iterable[Post]) -> list[Post]:
    """Of posts in an order, the first under each item."""
    first: dict[int, Post] = {}
    for post in newest:
        first.setdefault(post.item_id, post)
    return list(first.values())


def living(site: Site, reader: Any, guard: Guard | None, limit: int) -> list[Item]:
    """The conversations that somebody wrote in last, with who that was."""
    query = select(Item).where(Item.site == site, Item.kind == "topic", Item.is_quiet.is_(False))
    query = offered(query, reader, guard).order_by(Item.active_at.desc(), Item.id.desc()).limit(limit)
    parts = joinedload(Item.author), joinedload(Item.collection), joinedload(Item.last_post).joinedload(Post.author)
    return list(db.session.scalars(query.options(*parts)))
