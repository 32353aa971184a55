"""The pages of boards, topics and clubs."""

from typing import Any

from flask import Blueprint

from community.forums.views import clubs, keeping

BLUEPRINTS: tuple[Blueprint, ...] = (clubs.bp, keeping.bp)
ON_CACHED_PAGES: tuple[Any, ...] = ()
