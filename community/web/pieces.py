"""Pieces of pages that are made of values alone, such as a post or a line of a list. Each process renders what the
same values look like once: no piece is ever out of date, as all that shows in it is its key. Whether it is shown,
and to whom, is decided anew for each page."""

import secrets
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from community.web.words import speech

MOST, MOST_LONG = 2_000, 100
TOKEN = secrets.token_hex(16)  # stands where a form of a piece will hold the token of its reader


def init_app(app: Flask) -> None:
    """`piece(path, *values)` in templates: what the macro of a file gives that has its name. `own_piece(...)`: with
    the token of a member in its forms. `long_piece(...)`: of many pieces, and so large that few of it are kept."""
    env = app.jinja_env

    def make(name: str, _language: str, _zone: str, *values: Any) -> Markup:
        macro = name.rpartition("/")[2].lstrip("_")
        return getattr(env.get_template(f"{name}.html").module, macro)(*values)

    def kept(most: int) -> Any:  # who writes templates sees each change
        return make if env.auto_reload else lru_cache(most, typed=True)(make)

    made, made_long = kept(MOST), kept(MOST_LONG)

    @pass_context
    def piece(page: Context, name: str, *values: Any) -> Markup:
        return made(name, *(page.get("speech") or speech()), *values)

    @pass_context
    def own_piece(page: Context, name: str, *values: Any) -> Markup:
        return piece(page, name, *values).replace(TOKEN, generate_csrf())

    @pass_context
    def long_piece(page: Context, name: str, *values: Any) -> Markup:
        return made_long(name, *(page.get("speech") or speech()), *values)

    env.globals.update(piece=piece, own_piece=own_piece, long_piece=long_piece, TOKEN=TOKEN)
