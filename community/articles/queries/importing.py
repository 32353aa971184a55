"""What an import must know of what stands here already."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from community.articles.models import Article
from community.core.db import db
from community.core.imports import ImportedRow
from community.items.models import Tag
from community.media.models import Picture
from community.sites.models import Site


def places(site: Site) -> dict[int, tuple[str, str]]:
    """Slug and path of each article of a site."""
    query = select(Article.id, Article.slug, Article.path).where(Article.site == site)
    return {article_id: (slug, path) for article_id, slug, path in db.session.execute(query)}


def imported_article(article_id: int | None) -> Article | None:
    """An article with all that an import changes of it."""
    query = select(Article).where(Article.id == article_id)
    return db.session.scalar(query.options(joinedload(Article.theme), selectinload(Article.tags)))


def tags_by_slug(site: Site) -> dict[str, Tag]:
    """All tags of a site."""
    return {tag.slug: tag for tag in db.session.scalars(select(Tag).where(Tag.site == site))}


def held_pictures(site: Site, source: str) -> dict[str, Picture]:
    """The pictures that were fetched from one blog, by the key of their address."""
    query = select(ImportedRow.key, Picture).join(Picture, Picture.id == ImportedRow.thing_id)
    query = query.where(ImportedRow.site == site.code, ImportedRow.source == source, ImportedRow.kind == "picture")
    return {row.key: row.Picture for row in db.session.execute(query)}
