"""Reads of the studio: an editor's work, whatever its state, at the sites where the editor writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from community.articles.models import Article, Revision
from community.core.db import db
from community.items.models import State, Tag
from community.members.models import Member
from community.members.queries import staff
from community.sites.models import Site

STATES = (State.DRAFT, State.SCHEDULED, State.LIVE, State.WITHDRAWN)
MOST_CHOICES = 200


@dataclass(frozen=True)
class Filter:
    """What an editor wants to see of the work."""

    sites: tuple[Site, ...]
    state: str = ""
    author_id: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Partner:
    """An article of another site, as the choice of what one translates."""

    id: int
    site: Site
    title: str
    translation_key: str | None


def article_by_id(article_id: int, sites: Sequence[Site] | None = None) -> Article | None:
    """An article with all that its editor sees; of these sites only."""
    query = select(Article).where(Article.id == article_id).options(*_parts())
    if sites is not None:
        query = query.where(Article.site.in_(sites))
    return db.session.scalar(query)


def work_counts(wanted: Filter) -> dict[str, int]:
    """How many articles there are in each state, whatever state is asked for."""
    query = _work(select(Article.state, func.count()), wanted).group_by(Article.state)
    return {state: count for state, count in db.session.execute(query)}  # noqa: C416 - a row is no pair to the type checker


def work(wanted: Filter, offset: int, limit: int) -> list[Article]:
    """Articles of the asked state, last changed first."""
    query = _work(select(Article), wanted).options(joinedload(Article.author), joinedload(Article.theme))
    if wanted.state:
        query = query.where(Article.state == wanted.state)
    query = query.order_by(Article.changed_at.desc(), Article.id.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def is_slug_taken(site: Site, slug: str, except_id: int | None) -> bool:
    """Whether another article of the site stands at this slug."""
    query = select(Article.id).where(Article.site == site, Article.slug == slug, Article.id != (except_id or 0))
    return db.session.scalar(query.limit(1)) is not None


def is_key_taken(site: Site, key: str, except_id: int | None) -> bool:
    """Whether another article of the site shares this translation key."""
    query = select(Article.id).where(Article.translation_key == key, Article.site == site)
    return db.session.scalar(query.where(Article.id != (except_id or 0)).limit(1)) is not None


def sites_with_key(key: str) -> set[Site]:
    """The sites that have an article under this translation key."""
    if not key:
        return set()
    return set(db.session.scalars(select(Article.site).where(Article.translation_key == key)))


def translatable(site: Site, article: Article | None, sites: Sequence[Site]) -> list[Partner]:
    """Articles of other sites that one of this site can be the translation of: of the same theme where it has
    one, live or (at these sites, where the editor writes) not yet; always those that it translates now."""
    query = select(Article.id, Article.site, Article.title, Article.translation_key)
    query = query.where(Article.site != site, Article.site.in_(sites) | (Article.state == State.LIVE))
    if article and article.theme and article.theme.translation_key:
        same = Tag.translation_key == article.theme.translation_key
        shared = Article.translation_key == (article.translation_key or "")
        query = query.outerjoin(Article.theme).where(same | shared)
    query = query.order_by(Article.changed_at.desc()).limit(MOST_CHOICES)
    return [Partner(*row) for row in db.session.execute(query)]


def reviewers(site: Site) -> list[Member]:
    """The verified professionals of a site, by name."""
    found = [m for m in staff() if any(held.role == "expert" and held.site in (None, site) for held in m.roles)]
    return sorted((m for m in found if m.is_active), key=lambda m: m.name)


def revision(article_id: int, version: int) -> Revision | None:
    """An article as it was saved under a version, with who saved it."""
    query = select(Revision).where(Revision.article_id == article_id, Revision.version == version)
    return db.session.scalar(query.options(joinedload(Revision.editor)))


def revision_count(article_id: int) -> int:
    """How often an article was saved."""
    query = select(func.count()).select_from(Revision).where(Revision.article_id == article_id)
    return db.session.scalar(query) or 0


def revisions(article_id: int, offset: int, limit: int) -> list[Revision]:
    """An article's saves, newest first."""
    query = select(Revision).where(Revision.article_id == article_id).options(joinedload(Revision.editor))
    return list(db.session.scalars(query.order_by(Revision.version.desc()).offset(offset).limit(limit)))


def _work(query: Any, wanted: Filter) -> Any:
    query = query.where(Article.site.in_(wanted.sites), Article.state.in_(STATES))
    if wanted.author_id:
        query = query.where(Article.author_id == wanted.author_id)
    if wanted.words:
        query = query.where(func.lower(Article.title).contains(wanted.words.lower(), autoescape=True))
    return query


def _parts() -> tuple[Any, ...]:
    one = (Article.author, Article.theme, Article.picture, Article.reviewer)
    return (*map(joinedload, one), selectinload(Article.tags))
