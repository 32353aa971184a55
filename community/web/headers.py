"""What stands on every answer, errors too (`security.md` 12 to 16), and which hosts we answer to."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from community.core.settings import LOOPBACK

MONITORED = ("/healthz", "/readyz", "/metrics")  # asked of each process by its own address; they link nowhere
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


OF_ALL = [  # no view says otherwise
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]


def init_app(app: Flask) -> None:
    """Check the host before, and set the headers after each request."""
    app.before_request(_known_host_only)
    app.before_request(_short_forms_only)
    app.after_request(_secured)
    app.config["CONTENT_POLICY"] = "; ".join(f"{name} {value}" for name, value in POLICY.items())


def came_from_us() -> bool:
    """Whether a browser says that this POST was made on a page of ours (forms on cached pages)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def may_reach(response: Response, url: str) -> Response:
    """An answer whose scripts may also talk to this address."""
    found = urlsplit(url)
    policy = f"{current_app.config['CONTENT_POLICY']}; connect-src 'self' {found.scheme}://{found.netloc}"
    response.headers["Content-Security-Policy"] = policy
    return response


def private(response: Response) -> Response:
    """An answer for one reader alone."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _known_host_only() -> None:
    """Other hosts than our own get 400: no link of ours ever follows a forged Host header."""
    host = _host_of(f"//{request.host}")
    if host == _host_of(current_app.config["BASE_URL"]) or request.path in MONITORED:
        return
    if current_app.config["IS_LOOPBACK"] and host in LOOPBACK:
        return
    abort(400)


@lru_cache
def _host_of(url: str) -> str | None:
    return urlsplit(url).hostname


def _short_forms_only() -> None:
    """A form without files is read into memory whole: it may be no larger than a single field."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _secured(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_POLICY"])
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.extend(OF_ALL)
    if current_app.config["BASE_URL"].startswith("https"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in headers:
        is_shared = request.method in ("GET", "HEAD") and not _knows_reader()
        headers["Cache-Control"] = "no-cache" if is_shared else "private, no-store"
    return response


def _knows_reader() -> bool:
    """Whether a session was read to make this answer, or the reader is signed in."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies or bool(current_user.is_member)
