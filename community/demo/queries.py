"""What is there already, so that loading again makes no doubles."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.articles.models import Article, StageNote, StageTask
from community.core.db import db
from community.items.models import Post, Tag
from community.sites.models import Site


def theme_of_key(site: Site, key: str) -> Tag | None:
    """A theme by the key that it has on all sites."""
    return db.session.scalar(select(Tag).where(Tag.site == site, Tag.translation_key == key, Tag.is_theme.is_(True)))


def article_of_key(site: Site, key: str) -> Article | None:
    """An article by the key that it has on all sites."""
    return db.session.scalar(select(Article).where(Article.site == site, Article.translation_key == key))


def post_of_key(key: str) -> Post | None:
    """A post by the key that it was loaded under, with its item."""
    query = select(Post).where(Post.imported_key == key).options(joinedload(Post.item), joinedload(Post.author))
    return db.session.scalar(query)


def has_note(site: Site, stage_from: int, stage_to: int) -> bool:
    """Whether the calendar says something of this week or month."""
    query = select(StageNote.id).where(StageNote.site == site, StageNote.stage_from == stage_from)
    return db.session.scalar(query.where(StageNote.stage_to == stage_to)) is not None


def has_task(site: Site, key: str) -> bool:
    """Whether this thing to do is there."""
    return db.session.scalar(select(StageTask.id).where(StageTask.site == site, StageTask.key == key)) is not None
