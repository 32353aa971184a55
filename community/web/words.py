"""Texts in the reader's language, for templates. A page says a hundred of them: each process looks each up once."""

from functools import lru_cache

from flask import Flask
from flask_babel import get_locale, get_timezone, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context

MOST = 8_192


def init_app(app: Flask) -> None:
    """`_()`, `gettext()` and `ngettext()` of templates; after Babel, whose own they replace."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=pass_context(lambda page, message: _said(message, _language_of(page))),
        ngettext=pass_context(lambda page, one, many, number: _counted(one, many, number, _language_of(page))),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]


def speech() -> tuple[str, str]:
    """The reader's language and time zone. A page asks once, and its templates find it as `speech`."""
    return str(get_locale()), str(get_timezone())


def _language_of(page: Context) -> str:
    """As the page knows it; a macro, which knows nothing of its page, and a letter ask."""
    known = page.get("speech")
    return known[0] if known else str(get_locale())


@lru_cache(MOST)
def _said(message: str, _language: str) -> str:
    return str(get_translations().ugettext(message))


@lru_cache(MOST)
def _counted(one: str, many: str, number: int, _language: str) -> str:
    return str(get_translations().ungettext(one, many, number))
