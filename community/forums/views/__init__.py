"""The pages of boards, topics and clubs."""

from typing import Any

from flask import Blueprint

from community.forums.views import clubs

BLUEPRINTS: tuple[Blueprint, ...] = (clubs.bp,)
ON_CACHED_PAGES: tuple[Any, ...] = ()
