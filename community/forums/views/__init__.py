"""The pages of boards, topics and clubs."""

from typing import Any

from flask import Blueprint

from community.forums.views import boards, clubs, drafts, keeping, posts, topics, writing

BLUEPRINTS: tuple[Blueprint, ...] = (
    boards.bp,
    topics.bp,
    writing.bp,
    posts.bp,
    drafts.bp,
    clubs.bp,
    keeping.bp,
)
ON_CACHED_PAGES: tuple[Any, ...] = ()
