"""The pages of boards, topics and clubs."""

from typing import Any

from flask import Blueprint

from community.forums.views import (
    boards,
    clubs,
    drafts,
    feeds,
    keeping,
    mentions,
    positions,
    posts,
    ties,
    topics,
    unread,
    writing,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    boards.bp,
    topics.bp,
    writing.bp,
    posts.bp,
    drafts.bp,
    clubs.bp,
    keeping.bp,
    ties.bp,
    unread.bp,
    mentions.bp,
    positions.bp,
    feeds.bp,
)
ON_CACHED_PAGES: tuple[Any, ...] = ()
