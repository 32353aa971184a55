"""Days and moments in the reader's words. Saying one costs more than all else in a line of a list, and the same
ones are said again and again, so each process keeps those that it has said."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, format_time, get_locale, get_timezone

MOST = 8_192


def init_app(app: Flask) -> None:
    """The filters `day`, `month`, `clock_time` and `day_time`."""
    app.jinja_env.filters.update(
        day=_kept(lambda moment: format_date(moment, "long")),
        month=_kept(lambda moment: format_date(moment, "MMMM y")),
        clock_time=_kept(lambda moment: format_time(moment, "HH:mm")),
        day_time=_kept(lambda moment: format_datetime(moment, "d MMMM y HH:mm")),
    )


def _kept(say: Callable[[Any], str]) -> Callable[[date], str]:
    """In each language and time zone once."""

    @lru_cache(MOST)
    def said(moment: date, _language: str, _zone: str) -> str:
        return say(moment)

    return lambda moment: said(moment, str(get_locale()), str(get_timezone()))
