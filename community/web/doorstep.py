"""Pages that this process has answered before, given again at the door, before a request is taken apart.

Only what the cache of pages shares is kept here, only for who has neither a session nor agreed to be recorded,
and only while the generation of the site is the same: so nothing is older here than in that cache."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from community.core import generation
from community.core.memory import Memory
from community.web import logs

SECONDS, MOST = 300, 4 << 20  # bytes: some 400 pages, as browsers take them compressed
HARMLESS = {"theme", "site", "consent"}  # the cookies of who is not known
pages: "Memory[Ready]" = Memory(SECONDS, MOST, size=lambda ready: len(ready.body))
WHEN_ANSWERED: list[Callable[[str, str, int, float], None]] = []  # told rule, method, status and seconds


@dataclass(frozen=True)
class Ready:
    """An answer as it goes over the wire, but for the number of its request."""

    site: str | None
    number: int
    rule: str
    headers: list[tuple[str, str]]
    body: bytes


class Doorstep:
    """The first to see a request, after the static files."""

    def __init__(self, inside: Any, engine: Engine) -> None:
        self._inside, self._engine = inside, engine

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """What is ready, else whatever the site answers."""
        began = time.perf_counter()
        key = _key(environ)
        ready = pages.find(key) if key else None
        if ready is None or not self._is_fresh(ready, environ):
            return self._inside(environ, start_response)
        start_response("200 OK", [*ready.headers, ("X-Request-Id", logs.number_request())])
        for tell in WHEN_ANSWERED:
            tell(ready.rule, "GET", 200, time.perf_counter() - began)
        return [ready.body]

    def _is_fresh(self, ready: Ready, environ: dict[str, Any]) -> bool:
        try:
            number = generation.number_at(self._engine, ready.site)
        except SQLAlchemyError:
            return False
        environ[generation.ASKED] = (ready.site, number)
        return number == ready.number


def init_app(app: Flask, engine: Engine) -> None:
    """Stand before the application; call it first, so that what is kept is the answer as it leaves."""
    app.after_request(_keep)
    app.wsgi_app = Doorstep(app.wsgi_app, engine)  # type: ignore[method-assign]


def _keep(response: Response) -> Response:
    key = _key(request.environ) if "shared_under" in g and response.status_code == 200 else None
    if key and "Set-Cookie" not in response.headers:
        response.vary.add("Cookie")
        headers = [(name, value) for name, value in response.headers if name != "X-Request-Id"]
        rule = request.url_rule.rule if request.url_rule else "none"
        site, number = g.shared_under
        pages.keep(key, Ready(site, number, rule, headers, response.get_data()))
    return response


def _key(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """What an answer can depend on; None where it is for one reader, or is only to be sent if it has changed."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ or "HTTP_RANGE" in environ:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if cookies and not _are_harmless(cookies):
        return None
    more = (environ.get(name, "") for name in ("QUERY_STRING", "HTTP_HOST", "HTTP_ACCEPT_ENCODING"))
    return (environ["PATH_INFO"], cookies, *more)


def _are_harmless(cookies: str) -> bool:
    found = SimpleCookie(cookies)
    return found.keys() <= HARMLESS and not ("consent" in found and set(found["consent"].value) & {"p", "a"})
