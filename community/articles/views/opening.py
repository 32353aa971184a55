"""How an article begins: its title, who wrote and who checked it, as plain values."""

from datetime import date
from typing import NamedTuple

from community.articles.models import ShownArticle
from community.core import stages
from community.items.models.shown import Author


class Named(NamedTuple):
    """Somebody whose name stands at an article."""

    name: str
    key: str
    title: str
    path: str  # empty where there is no page of theirs


class Opening(NamedTuple):
    """All that stands above an article's text: of the same values is the same piece of a page."""

    theme: tuple[str, str] | None  # name and path
    stage: tuple[int | None, int | None]  # from, to
    stage_path: str
    title: str
    summary: str
    author: Named | None
    reviewer: Named | None
    reviewed_on: date | None
    published_on: date | None
    minutes: int

    @property
    def stage_label(self) -> str:
        """As `Item.stage_label`."""
        return stages.label(*self.stage)


def opening_of(article: ShownArticle, stage_path: str, is_guarded: bool) -> Opening:
    """The opening of an article; after "something changed" it names no stage."""
    return Opening(
        theme=(article.theme.name, article.theme.path) if article.theme else None,
        stage=(None, None) if is_guarded else (article.stage_from, article.stage_to),
        stage_path="" if is_guarded else stage_path,
        title=article.title,
        summary=article.summary,
        author=_named(article.byline, article.author),
        reviewer=_named(article.reviewed_by, article.reviewer),
        reviewed_on=article.reviewed_on,
        published_on=article.published_at.date() if article.published_at else None,
        minutes=article.minutes,
    )


def _named(name: str | None, member: Author | None) -> Named | None:
    if not name:
        return None
    path = member.path if member and member.username else ""
    return Named(name, member.key if member else "", member.title if member else "", path)
