"""Structured logs: one line a request, with an id, and nothing personal (`security.md` 60)."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Log in JSON to standard error; each line of a request carries its id."""
    level = getattr(logging, app.config["LOG_LEVEL"].upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not app.testing,
    )
    app.before_request(_begin)
    app.after_request(_told)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = number_request()


def number_request() -> str:
    """A number for the lines of this request, and of no other."""
    number = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=number)
    return number


def _told(response: Response) -> Response:
    """The rule that matched, never the address itself: addresses hold tokens and searches."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    rule = request.url_rule.rule if request.url_rule else "none"
    tell(rule, request.method, response.status_code, time.perf_counter() - g.get("began", time.perf_counter()))
    return response


def tell(rule: str, method: str, status: int, seconds: float) -> None:
    """The line of a request."""
    log.info("request", method=method, rule=rule, status=status, ms=round(seconds * 1000, 1))
