"""By which words an article is found."""

from collections.abc import Sequence

from sqlalchemy import select

from community.articles.models import Article
from community.core.db import db
from community.core.text import plain
from community.search.documents import Text


def texts_of(ids: Sequence[int]) -> dict[int, Text]:
    """The summary and the text of these articles."""
    query = select(Article.id, Article.summary, Article.body_html).where(Article.id.in_(ids))
    return {article: Text(f"{summary} {plain(html)}") for article, summary, html in db.session.execute(query)}
