"""Texts in the reader's language, for templates. A page says a hundred of them: each process looks each up once."""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

MOST = 8_192


def init_app(app: Flask) -> None:
    """`_()` and `ngettext()` of templates; after Babel, whose own they replace."""
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)


@pass_eval_context
def _gettext(page: EvalContext, message: str, /, **values: Any) -> str:
    language = str(get_locale())
    if values:
        return _for(page, _said(message, language)) % values
    return _for(page, _whole(message, language))


@pass_eval_context
def _ngettext(page: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    return _for(page, _counted(one, many, number, str(get_locale()))) % {"num": number, **values}


def _for(page: EvalContext, said: Markup) -> str:
    """Values that come into a page are escaped; those that come into a letter of plain text are not."""
    return said if page.autoescape else str(said)


@lru_cache(MOST)
def _whole(message: str, language: str) -> Markup:
    return _said(message, language) % {}


@lru_cache(MOST)
def _said(message: str, _language: str) -> Markup:
    return Markup(get_translations().ugettext(message))


@lru_cache(MOST)
def _counted(one: str, many: str, number: int, _language: str) -> Markup:
    return Markup(get_translations().ungettext(one, many, number))
