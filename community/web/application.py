"""The application."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from community.web.templates import Templates


class Sessions(SecureCookieSessionInterface):
    """Sessions in cookies; what signs them is made once, not for each request."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer


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
