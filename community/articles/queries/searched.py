"""By which words an article is found."""

from collections.abc import Sequence

from sqlalchemy import select

from community.articles.models import Article
from community.core.db import db
from community.core.text import plain


def words_of(ids: Sequence[int]) -> dict[int, str]:
    """The summary and the text of these articles."""
    query = select(Article.id, Article.summary, Article.body_html).where(Article.id.in_(ids))
    return {article: f"{summary} {plain(html)}" for article, summary, html in db.session.execute(query)}
