"""Pieces of pages that are made of values alone, such as a post or a line of a list. Each process renders what the
same values look like once: no piece is ever out of date, as all that shows in it is its key. Whether it is shown,
and to whom, is decided anew for each page."""

import secrets
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

MOST = 2_000
TOKEN = secrets.token_hex(16)  # stands where a form of a piece will hold the token of its reader


def init_app(app: Flask) -> None:
    """`piece(path, *values)` in templates: what the macro of a file gives that has its name. `own_piece(...)`: with
    the token of a member in its forms."""
    env = app.jinja_env

    @lru_cache(MOST, typed=True)
    def made(name: str, _language: str, _zone: str, *values: Any) -> Markup:
        macro = name.rpartition("/")[2].lstrip("_")
        return getattr(env.get_template(f"{name}.html").module, macro)(*values)

    make = made.__wrapped__ if env.auto_reload else made  # who writes templates sees each change

    def piece(name: str, *values: Any) -> Markup:
        return make(name, str(get_locale()), str(get_timezone()), *values)

    def own_piece(name: str, *values: Any) -> Markup:
        return piece(name, *values).replace(TOKEN, generate_csrf())

    env.globals.update(piece=piece, own_piece=own_piece, TOKEN=TOKEN)
