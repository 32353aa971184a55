"""What a reader sees when something is not right: a short sentence, a way on, never a trace.

Where nothing can be stored, whatever was typed is shown again with its form's own key: sent once more it acts
once, and what was stored after all is found by that key (`security.md` 52, 53)."""

import errno
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from community.core.db import db, done_before
from community.core.text import is_storable

NO_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR}
TRY_AGAIN_SECONDS = 10
NOT_WORDS = {"csrf_token", "form_key", "next"}
LONGEST_SIGN = 40  # longer, or with a space in it: somebody typed it
log = structlog.get_logger()


def init_app(app: Flask, moved_to: Callable[[str], str | None]) -> None:
    """Answer every error in words; `moved_to` knows where an old address leads."""
    app.extensions["moved_to"] = moved_to
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DataError, _no_such_value)
    app.register_error_handler(IntegrityError, _too_late)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(InterfaceError, _no_database)
    app.register_error_handler(OSError, _no_storage)
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
    old = request.full_path.rstrip("?")
    if code == 404 and is_storable(old) and (found := current_app.extensions["moved_to"](old)):
        return redirect(found, 301)
    body, status = error_page(code, error.description or "" if code == 429 else "")
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in ("retry-after", "allow")]
    return body, status, headers


def _stale_form(error: CSRFError) -> Any:
    log.info("csrf refused", reason=error.description)
    return error_page(400, _("This form was open for a long time. Go back, reload the page and send it again."))


def _no_such_value(error: DataError) -> Any:
    """A number or a sign that no row can have: a page of it there is not."""
    db.session.rollback()
    log.warning("value refused", error=str(error.orig))
    return error_page(404 if request.method in ("GET", "HEAD") else 400)


def _too_late(error: IntegrityError) -> Any:
    """Somebody else was a moment ahead, with the same name perhaps; sent once more, the form says so."""
    log.error("rows refused", error=str(error.orig))
    return _not_now()


def _no_database(error: DBAPIError) -> Any:
    log.error("database unavailable", error=str(error.orig))
    return _not_now()


def _no_storage(error: OSError) -> Any:
    if error.errno not in NO_STORAGE:
        return _our_mistake(error)
    log.error("storage unavailable", error=error.strerror, file=str(error.filename or ""))
    return _not_now()


def _not_now() -> Any:
    """Unknown is not no: where the deed is stored after all, its answer leads to it."""
    path = _led_to()
    if path:
        return redirect(path, 303)
    if request.method == "POST":
        title, help_ = words(503)
    else:
        title, help_ = _("This page does not open right now."), _("Try again in a minute.")
    body = _without_database(code=503, title=title, help=help_, typed=_typed(), files=_chosen())
    return body, 503, {"Retry-After": str(TRY_AGAIN_SECONDS)}


def _led_to() -> str | None:
    """Where the form that was sent led, if it was acted on and the database can still be read."""
    try:
        db.session.rollback()
        return done_before(request.form.get("form_key", ""))
    except SQLAlchemyError:
        return None


def _typed() -> list[tuple[str, str, bool]]:
    """(name, value, whether somebody typed it) of each field, to be sent again: never a password."""
    return [
        (name, value, name not in NOT_WORDS and (len(value) > LONGEST_SIGN or " " in value))
        for name, value in request.form.items(multi=True)
        if "password" not in name and name != "code"
    ]


def _chosen() -> list[tuple[str, str]]:
    """(name of the field, name of the file) of each file: a browser wants it chosen again."""
    return [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]


def _without_database(**context: Any) -> str:
    """The page in its frame; in a plain one where the frame asks the database for its reader."""
    try:
        return render_template("error.html", **context)
    except SQLAlchemyError:
        g.pop("site", None)
        return render_template("error.html", **context)


def _our_mistake(error: Exception) -> Any:
    log.error("unhandled", error=type(error).__name__, exc_info=error)
    return error_page(500)
