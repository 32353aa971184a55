"""What a reader sees when something is not right: a short sentence, a way on, never a trace."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()


def init_app(app: Flask, moved_to: Callable[[str], str | None]) -> None:
    """Answer every error in words; `moved_to` knows where an old address leads."""
    app.extensions["moved_to"] = moved_to
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(Exception, _our_mistake)


def words(code: int) -> tuple[str, str]:
    """(what happened, what helps) for a status."""
    return {
        400: (_("We could not read that."), _("Go back and try again; what you typed is still there.")),
        403: (_("This is not open to you."), _("Perhaps you are signed in with another account.")),
        404: (_("There is nothing here."), _("The page may have moved, or it was never here.")),
        405: (_("That is not how this page works."), _("Go back and use the form on the page.")),
        410: (_("This page is gone."), _("It was taken away by the people who wrote it.")),
        413: (_("That is too much at once."), _("Go back and send a shorter text or a smaller picture.")),
        429: (_("That was a little fast."), _("Wait a moment; what you typed is still in your browser.")),
        503: (
            _("We cannot save right now."),
            _("Your text is still in your browser. Try again in a minute."),
        ),
    }.get(code, (_("Something went wrong on our side."), _("It has been noted. Try again in a minute.")))


def error_page(code: int, detail: str = "") -> tuple[str, int]:
    """The error page; it needs no database."""
    title, help_ = words(code)
    return render_template("error.html", code=code, title=title, help=detail or help_), code


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if code == 404 and (found := current_app.extensions["moved_to"](request.full_path.rstrip("?"))):
        return redirect(found, 301)
    body, status = error_page(code, error.description or "" if code == 429 else "")
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in ("retry-after", "allow")]
    return body, status, headers


def _stale_form(error: CSRFError) -> Any:
    log.info("csrf refused", reason=error.description)
    return error_page(400, _("This form was open for a long time. Go back, reload the page and send it again."))


def _no_database(error: OperationalError) -> Any:
    log.error("database unavailable", error=str(error.orig))
    return error_page(503)


def _our_mistake(error: Exception) -> Any:
    log.error("unhandled", error=type(error).__name__, exc_info=error)
    return error_page(500)
