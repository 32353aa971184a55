"""Limits of a view: how often one member or network may post to it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from community.core.limits import limiter
from community.web.access import current_member, network_of_request

View = TypeVar("View", bound=Callable[..., Any])


def limited(name: str) -> Callable[[View], View]:
    """At most as many POSTs as `core/limits.py` allows under this name; then 429 with words that help."""

    def mark(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                count(name)
            return view(*args, **kwargs)

        return counted  # type: ignore[return-value]

    return mark


def count(name: str, who: str | None = None) -> None:
    """Count one deed of the member, or of the network; 429 where it is one too many."""
    member = current_member()
    who = who or (f"member:{member.id}" if member.is_member else network_of_request())
    seconds = limiter.wait(name, who)
    if seconds:
        raise TooManyRequests(description=too_soon(seconds), retry_after=seconds)


def too_soon(seconds: int) -> str:
    """When to try again, in the reader's words."""
    if seconds < 90:
        when = ngettext("%(num)s second", "%(num)s seconds", seconds)
    else:
        when = ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60))
    return _("That was a little fast. You can try again in %(when)s; nothing you typed is lost.", when=when)
