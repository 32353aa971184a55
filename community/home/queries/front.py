"""What the front page of a site shows: the latest, by subject, the talk, the stories, the most read, the voices.

It is the same for all who refuse nothing, so each process keeps it, until pages of the site change."""

from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, select

from community.blogs.queries import featured
from community.core.asking import rows_of
from community.core.memory import Memory
from community.core.text import excerpt
from community.items import queries as items
from community.items.models import Collection, Item, Post
from community.items.models.cards import Card, CardTheme
from community.items.queries import Guard, anybody, as_values, offered
from community.items.queries.shown import byline_of
from community.members.models import Member, Visitor
from community.personalisation.queries import most_read
from community.sites.models import Site

LATEST, MOST_READ, VOICES, OF_A_SUBJECT, LIVING, STORIES = 40, 4, 3, 3, 5, 2
LETTERS_OF_A_VOICE = 120
A_MEMBER = SimpleNamespace(is_member=True, id=0, group_ids=())  # who is in no club and refuses nothing


class Subject(NamedTuple):
    """A theme with its newest articles."""

    theme: CardTheme
    articles: tuple[Card, ...]


class Talk(NamedTuple):
    """A conversation, with who wrote there last."""

    path: str
    title: str
    place: str
    writer: str
    active_at: Any


class Story(NamedTuple):
    """A story of a member's blog."""

    path: str
    title: str
    byline: str


class Voice(NamedTuple):
    """What somebody said under an article last."""

    path: str
    title: str
    writer: str
    writer_key: str
    words: str


class Front(NamedTuple):
    """All that stands on a front page for some reader."""

    latest: tuple[Card, ...]
    subjects: tuple[Subject, ...]
    living: tuple[Talk, ...]
    stories: tuple[Story, ...]
    most_read: tuple[Card, ...]
    voices: tuple[Voice, ...]


_shared: Memory[Front] = Memory(seconds=300, most=40)  # as old as a page in the cache may be


def front_for(site: Site, reader: Any, guard: Guard | None, generation: int) -> Front:
    """What a reader finds: what all find who refuse nothing, and the talk of the own clubs."""
    if guard is not None or items.refuses(reader):
        return _front(site, reader, guard)
    same: Any = A_MEMBER if reader.is_member else Visitor()
    front = _shared.of((site, reader.is_member, generation), lambda: _front(site, same, None))
    return front._replace(living=living(site, reader, None)) if reader.group_ids else front


def _front(site: Site, reader: Any, guard: Guard | None) -> Front:
    latest = tuple(items.latest(site, reader, guard, "article", LATEST))
    stories = featured(site, reader, guard, STORIES)
    return Front(
        latest=latest,
        subjects=by_subject(latest),
        living=living(site, reader, guard),
        stories=tuple(Story(story.path, story.title, story.byline) for story in stories),
        most_read=tuple(most_read(site, reader, guard, MOST_READ)),
        voices=voices(site, guard),
    )


def by_subject(articles: Iterable[Card]) -> tuple[Subject, ...]:
    """Articles under their themes, in the themes' own order, some under each."""
    found: dict[CardTheme, list[Card]] = {}
    for article in articles:
        if article.theme is not None:
            found.setdefault(article.theme, []).append(article)
    ordered = sorted(found, key=lambda theme: (theme.position, theme.name))
    return tuple(Subject(theme, tuple(found[theme][:OF_A_SUBJECT])) for theme in ordered)


def voices(site: Site, guard: Guard | None) -> tuple[Voice, ...]:
    """The articles under which the public said something last, with the newest comment."""
    return tuple(_voice(row) for row in _active(site, "article", Visitor(), guard, VOICES) if row.post_id is not None)


def living(site: Site, reader: Any, guard: Guard | None) -> tuple[Talk, ...]:
    """The conversations that somebody wrote in last, with who that was."""
    rows = _active(site, "topic", reader, guard, LIVING)
    return tuple(Talk(row.path, row.title, row.place or "", row.writer or "", row.active_at) for row in rows)


def _voice(row: Row[Any]) -> Voice:
    path = f"{row.site.path}{Item.posts_path}/{row.post_id}"
    key = f"member:{row.author_id}" if row.author_id else ""
    return Voice(path, row.title, row.writer or "", key, excerpt(row.body_html, LETTERS_OF_A_VOICE))


def _active(site: Site, kind: str, reader: Any, guard: Guard | None, limit: int) -> list[Row[Any]]:
    query = _living(reader, guard) if guard else _living_for_any(reader.is_member)
    return list(rows_of(query, {**as_values(reader), "site": site, "kind": kind, "limit": limit}))


@lru_cache
def _living_for_any(is_member: bool) -> Select[Any]:
    return _living(anybody(is_member), None)


def _living(reader: Any, guard: Guard | None) -> Select[Any]:
    """The items used last, each with the newest live post under it."""
    posts, writers, places = Post.__table__.alias(), Member.__table__.alias(), Collection.__table__.alias()
    said = posts.c.id.label("post_id"), posts.c.body_html, posts.c.author_id, byline_of(posts, writers).label("writer")
    query: Any = select(Item.site, Item.path, Item.title, Item.active_at, places.c.title.label("place"), *said)
    is_newest = and_(posts.c.item_id == Item.id, posts.c.number == Item.last_live_number)
    query = query.outerjoin(places, places.c.id == Item.collection_id).outerjoin(posts, is_newest)
    query = query.outerjoin(writers, writers.c.id == posts.c.author_id)
    query = query.where(Item.site == bindparam("site"), Item.kind == bindparam("kind"))
    query = offered(query.where(Item.is_quiet.is_(False), Item.post_count > 0), reader, guard)
    return query.order_by(Item.active_at.desc(), Item.id.desc()).limit(bindparam("limit"))
