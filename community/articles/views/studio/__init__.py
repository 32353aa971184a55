"""`/studio/`: where articles and the calendar are made."""

from community.articles.views.studio import articles, calendar, drafts, history, work
from community.articles.views.studio.blueprint import bp

__all__ = ["articles", "bp", "calendar", "drafts", "history", "work"]
