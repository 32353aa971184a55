"""Reads of blogs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import joinedload, selectinload

from community.blogs.models import Blog, BlogPost
from community.core.db import db
from community.core.memory import Memory
from community.core.text import plain
from community.groups.models import Group
from community.items.models import Collection, Follow, Item, Stance, State, Visibility
from community.items.queries import Guard, as_cards, listed, offered
from community.members.models import Member, Visitor
from community.search.documents import Text
from community.sites.models import Site

MOST_FEATURED, SECONDS = 20, 60
_featured_ids: Memory[tuple[int, ...]] = Memory(SECONDS, 100)


@dataclass(frozen=True)
class Shelf:
    """The stories that a list shows: of all blogs of a site, or of one."""

    site: Site
    reader: Any
    guard: Guard | None
    blog: Blog | None = None


def count_on(shelf: Shelf, at_most: int) -> int:
    """How many stories such a list holds, counted to a limit."""
    query = _on(shelf).with_only_columns(Item.id).limit(at_most)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def stories_on(shelf: Shelf, offset: int, limit: int) -> list[BlogPost]:
    """The newest stories as cards."""
    query = _on(shelf).order_by(Item.published_at.desc(), Item.id.desc()).offset(offset).limit(limit)
    return list(db.session.scalars(as_cards(query)))


def stories_before(shelf: Shelf, item_id: int, limit: int) -> list[BlogPost]:
    """The list beyond the numbered pages, from a story on."""
    published_at = select(Item.published_at).where(Item.id == item_id).scalar_subquery()
    query = _on(shelf).where(Item.published_at <= published_at, Item.id != item_id)
    return list(db.session.scalars(as_cards(query.order_by(Item.published_at.desc(), Item.id.desc()).limit(limit))))


def featured(site: Site, reader: Any, guard: Guard | None, limit: int) -> list[BlogPost]:
    """What editors show, the newest first. Which ones may be a minute old; whether each still may is asked now."""
    ids = _featured_ids.of(site.code, lambda: tuple(db.session.scalars(_is_featured(select(BlogPost.id), site))))
    if not ids:
        return []
    query = _is_featured(select(BlogPost), site).where(BlogPost.id.in_(ids))
    return list(db.session.scalars(as_cards(offered(query, reader, guard).limit(limit))))


def forget_featured() -> None:
    """Somebody agreed, or ended it: this process asks anew; others within a minute."""
    _featured_ids.forget()


def featured_since(moment: datetime) -> Any:
    """(member_id, about) of the stories that came to the front page since then, and still stand there."""
    about = "blogpost:" + cast(BlogPost.id, String)
    query = select(BlogPost.author_id.label("member_id"), about.label("about"))
    return query.where(BlogPost.state == State.LIVE, BlogPost.featured_at >= moment, BlogPost.author_id.is_not(None))


def _is_featured(query: Any, site: Site) -> Any:
    is_shown = Item.site == site, Item.visibility == Visibility.PUBLIC, BlogPost.featured_at.is_not(None)
    return query.where(*is_shown, Item.state == State.LIVE).order_by(BlogPost.featured_at.desc()).limit(MOST_FEATURED)


def blog_by_username(site: Site, username: str) -> Blog | None:
    """A member's blog with its owner."""
    query = select(Blog).where(Collection.site == site, Collection.slug == username)
    return db.session.scalar(query.options(joinedload(Blog.owner)))


def blog_of(site: Site, owner_id: int) -> Blog | None:
    """The blog that a member has on a site."""
    return db.session.scalar(select(Blog).where(Collection.site == site, Blog.owner_id == owner_id))


def story_by_slug(site: Site, slug: str) -> BlogPost | None:
    """A story with all that its page shows, whoever may see it."""
    query = select(BlogPost).where(Item.site == site, Item.kind == "blogpost", Item.slug == slug)
    return db.session.scalar(as_cards(query).options(selectinload(BlogPost.more_photos)))


def story_by_id(story_id: int) -> BlogPost | None:
    """A story with all that its page shows, whoever may see it."""
    query = as_cards(select(BlogPost).where(BlogPost.id == story_id))
    return db.session.scalar(query.options(selectinload(BlogPost.more_photos)))


def own_stories(member: Member, before: int | None, limit: int) -> list[BlogPost]:
    """All that a member wrote but what is deleted, the newest first."""
    query = select(BlogPost).where(Item.author_id == member.id, Item.state != State.DELETED)
    if before:
        query = query.where(BlogPost.id < before)
    return list(db.session.scalars(as_cards(query.order_by(BlogPost.id.desc()).limit(limit))))


def newest_public(site: Site, blog: Blog, limit: int) -> list[BlogPost]:
    """What a feed of a blog tells: what everybody may read."""
    return stories_on(Shelf(site, Visitor(), None, blog), 0, limit)


def clubs_of(member: Member) -> list[Group]:
    """The clubs that a member may write for."""
    return list(db.session.scalars(select(Group).where(Group.id.in_(member.group_ids)).order_by(Group.month)))


def followers_of(blog_id: int) -> list[Member]:
    """Who follows a blog."""
    query = select(Member).join(Follow, Follow.member_id == Member.id)
    return list(db.session.scalars(query.where(Follow.collection_id == blog_id, Follow.stance == Stance.FOLLOW)))


def texts_of(ids: Sequence[int]) -> dict[int, Text]:
    """By which words these stories are found."""
    rows = db.session.execute(select(BlogPost.id, BlogPost.body_html).where(BlogPost.id.in_(ids)))
    return {story: Text(plain(html)) for story, html in rows}


def _on(shelf: Shelf) -> Select[Any]:
    query = select(BlogPost).where(Item.site == shelf.site, Item.kind == "blogpost")
    if shelf.blog is not None:
        query = query.where(Item.collection_id == shelf.blog.id)
    else:
        query = query.where(Item.visibility != Visibility.ME)
    return listed(query, shelf.reader, shelf.guard)
