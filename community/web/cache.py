"""The cache of anonymous pages: kept per site, address, theme and consent choice.

A page may be shared only if no session was read to make it (`security.md` 15). Its key holds the generation of
the site (of all sites, where the address names none), which goes up in the commit of each change. It answers
`no-cache` with an ETag."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar

from flask import current_app, g, make_response, request
from flask_caching import Cache
from werkzeug.wrappers import Response

from community.core import generation
from community.core.aids import Aid
from community.core.memory import Memory
from community.web.access import current_member

View = TypeVar("View", bound=Callable[..., Any])
SECONDS = 300
MOST_ASKED = 2_000


class PageCache(Cache):
    """A cache that pages can do without: while it is away they are made anew for each reader."""

    def __init__(self) -> None:
        super().__init__()
        self._aid = Aid("cache of pages")

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """What is kept under a key, or nothing."""
        return self._aid.ask(partial(super().get, *args, **kwargs), lambda: None)

    def set(self, *args: Any, **kwargs: Any) -> bool | None:
        """Keep a value under a key."""
        return self._aid.ask(partial(super().set, *args, **kwargs), lambda: None)

    def clear(self) -> bool:
        """Drop all that is kept."""
        return self._aid.ask(super().clear, lambda: False)


cache = PageCache()
_asked: Memory[bool] = Memory(SECONDS, MOST_ASKED)


@dataclass(frozen=True)
class Kept:
    """A page as it was answered."""

    body: bytes
    content_type: str
    etag: str
    about: str | None  # the item that its readers read, for their reading history


def shared_page(view: View) -> View:
    """Answer visitors from the cache. The view must show nothing that a cookie decides but theme and consent."""

    @wraps(view)
    def cached(*args: Any, **kwargs: Any) -> Any:
        if not _may_share():
            return view(*args, **kwargs)
        key = _key()
        kept = cache.get(key)
        if kept is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200 or response.headers.get("Set-Cookie"):
                return response
            kept = _kept(response)
            if _is_asked_again(key):
                cache.set(key, kept, timeout=SECONDS)
        g.read_item = kept.about
        return _answer(kept)

    return cached  # type: ignore[return-value]


def _may_share() -> bool:
    if request.method not in ("GET", "HEAD") or current_member().is_member:
        return False
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def generation_of_page() -> tuple[str | None, int]:
    """The site of this address (None: it names none) and how often its pages have changed; asked once a request."""
    if "generation" not in g:
        site = g.site.code if request.path.startswith(g.site.path) else None
        asked = request.environ.get(generation.ASKED, (None, None))
        is_known = asked[0] == site and asked[1] is not None
        g.generation = (site, asked[1] if is_known else generation.number_of(site))
    return g.generation


def _key() -> str:
    g.shared_under = generation_of_page()
    number = g.shared_under[1]
    chosen = (request.cookies.get("theme", ""), request.cookies.get("consent", ""))
    parts = [g.site.code, str(number), request.full_path, *chosen, current_app.config["STATIC_DIGEST"]]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_asked_again(key: str) -> bool:
    """A file is dear to write: it is written for what this process was asked for before, not for each address that
    a machine walks through once. Redis is quick."""
    is_known = bool(_asked.find(key))
    _asked.keep(key, True)
    return is_known or bool(current_app.config["REDIS_URL"])


def _kept(response: Response) -> Kept:
    body = response.get_data()
    etag = hashlib.sha256(body).hexdigest()[:20]
    return Kept(body, response.content_type or "text/html", etag, getattr(g, "read_item", None))


def _answer(kept: Kept) -> Response:
    response = Response(kept.body, content_type=kept.content_type)
    response.set_etag(kept.etag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request) if "If-None-Match" in request.headers else response
