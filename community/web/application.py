"""The application."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from community.web.templates import Templates


class Application(Flask):
    """Flask with templates of our own. No function here is to be awaited, so none is asked whether it is: Flask asks
    each time, of two dozen functions a request."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func
