"""Texts in the reader's language, for templates. A page says a hundred of them: each process looks each up once."""

from functools import lru_cache

from flask import Flask
from flask_babel import get_locale, get_translations

MOST = 8_192


def init_app(app: Flask) -> None:
    """`_()`, `gettext()` and `ngettext()` of templates; after Babel, whose own they replace."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: _said(message, str(get_locale())),
        ngettext=lambda one, many, number: _counted(one, many, number, str(get_locale())),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]


@lru_cache(MOST)
def _said(message: str, _language: str) -> str:
    return str(get_translations().ugettext(message))


@lru_cache(MOST)
def _counted(one: str, many: str, number: int, _language: str) -> str:
    return str(get_translations().ungettext(one, many, number))
