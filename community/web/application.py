"""The application."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from community.core.memory import Memory
from community.web.templates import Templates

SECONDS, MOST = 300, 1_000


class Sessions(SecureCookieSessionInterface):
    """Sessions in cookies; what signs them is made once, and a cookie that was read a moment ago is not read again."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._read: Memory[dict[str, Any]] = Memory(SECONDS, MOST)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; a copy of it, as each request may write into its own."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        known = self._read.find(cookie)
        if known is not None:
            return self.session_class(deepcopy(known))
        session = super().open_session(app, request)
        if session:
            self._read.keep(cookie, deepcopy(dict(session)))
        return session


class Application(Flask):
    """Flask with templates of our own. No function here is to be awaited, so none is asked whether it is: Flask asks
    each time, of two dozen functions a request."""

    jinja_environment = Templates

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func
