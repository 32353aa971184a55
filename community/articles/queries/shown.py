"""An article as its page shows it: one statement, built once, as building costs more than asking."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, select

from community.articles.models import Article, ShownArticle
from community.core.asking import rows_of
from community.items.models import Item, State, Tag, Visibility
from community.items.queries import anybody, as_values, visible_to
from community.items.queries.cards import as_picture, as_theme, picture_columns, theme_columns
from community.items.queries.shown import as_author, author_columns, item_columns, parted
from community.media.models import Picture
from community.members.models import Member, MemberState
from community.sites.models import Site


def shown_article(site: Site, slug: str, reader: Any) -> ShownArticle | None:
    """An article that this reader may see, with all that its page shows of it."""
    asked = {**as_values(reader), "site": site, "slug": slug}
    rows = rows_of(_shown(reader.is_member), asked).all()
    return _as_shown(rows) if rows else None


def _as_shown(rows: Sequence[Any]) -> ShownArticle:
    """Each row holds the article and one of its translations."""
    row, (item, rest) = rows[0], parted(rows[0])
    return ShownArticle(
        **item,
        body_html=row.body_html,
        minutes=row.minutes,
        reviewed_on=row.reviewed_on,
        sources=row.sources,
        reviewed_by=row.reviewed_by,
        reviewer=as_author(*rest[5:10]),
        theme=as_theme(*rest[10:15]),
        picture=as_picture(*rest[15:20]),
        picture_alt=row.alt,
        translations={row[-2]: row[-1] for row in rows if row[-1]},
    )


@lru_cache
def _shown(is_member: bool) -> Select[Any]:
    author, reviewer, other = Member.__table__.alias(), Member.__table__.alias(), Item.__table__.alias()
    theme, picture = Tag.__table__.alias(), Picture.__table__.alias()
    query: Any = select(
        *item_columns(Article, author),
        *(Article.body_html, Article.minutes, Article.reviewed_on, Article.sources),
        case((reviewer.c.state != MemberState.ERASED, reviewer.c.name)).label("reviewed_by"),
        *author_columns(reviewer),
        *(*theme_columns(theme), *picture_columns(picture), picture.c.alt),
        *(other.c.site, other.c.path),
    )
    is_other = other.c.kind == Article.kind, other.c.id != Article.id, other.c.state == State.LIVE
    is_same = other.c.translation_key == Article.translation_key, other.c.visibility == Visibility.PUBLIC
    query = query.outerjoin(author, author.c.id == Article.author_id)
    query = query.outerjoin(reviewer, reviewer.c.id == Article.reviewer_id)
    query = query.outerjoin(theme, theme.c.id == Article.theme_id)
    query = query.outerjoin(picture, picture.c.id == Article.picture_id)
    query = query.outerjoin(other, and_(*is_other, *is_same))
    named = Article.site == bindparam("site"), Article.kind == "article", Article.slug == bindparam("slug")
    return visible_to(query.where(*named), anybody(is_member))
