"""The pages of boards, topics and clubs."""

from typing import Any

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
ON_CACHED_PAGES: tuple[Any, ...] = ()
