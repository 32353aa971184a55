"""What an import must know of what stands here already."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from community.core.db import db
from community.forums.models import Board, Topic
from community.items.models import Post, PostVersion, Tag
from community.sites.models import Site


def board_of_slug(site: Site, slug: str) -> Board | None:
    """A board by the name in its address."""
    return db.session.scalar(select(Board).where(Board.site == site, Board.slug == slug))


def last_position(site: Site) -> int:
    """Where the last board of a site stands."""
    return db.session.scalar(select(func.max(Board.position)).where(Board.site == site)) or 0


def imported_topic(topic_id: int | None) -> Topic | None:
    """A topic with its tags."""
    return db.session.scalar(select(Topic).where(Topic.id == topic_id).options(selectinload(Topic.tags)))


def opening_of(topic_id: int) -> Post | None:
    """The post that a topic opens with."""
    query = select(Post).where(Post.item_id == topic_id, Post.number == 1)
    return db.session.scalar(query.options(joinedload(Post.item)))


def was_edited(post: Post) -> bool:
    """Whether somebody changed a post here."""
    return db.session.scalar(select(PostVersion.id).where(PostVersion.post_id == post.id).limit(1)) is not None


def tags_by_slug(site: Site, slugs: Iterable[str]) -> dict[str, Tag]:
    """Those tags of a site that are there."""
    query = select(Tag).where(Tag.site == site, Tag.slug.in_(list(slugs)))
    return {tag.slug: tag for tag in db.session.scalars(query)}
