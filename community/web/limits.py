"""Limits of a view: how often one member or network may post to it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from community.core import clock
from community.core.db import done_before
from community.core.limits import limiter
from community.core.refused import Refused
from community.web.access import current_member, network_of_request
from community.web.forms import Form

View = TypeVar("View", bound=Callable[..., Any])
FIRST_DAY = timedelta(days=1)


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
    seconds = limiter.wait(name, who or _who())
    if seconds:
        raise TooManyRequests(description=too_soon(seconds), retry_after=seconds)


def is_in_time(form: Form, *names: str) -> bool:
    """Count a form's deed; where it is one too many, the form says so and keeps what was typed.

    A form that was acted on already is not counted: a double click leads to where the first one led."""
    if done_before(form.form_key.data or ""):
        return True
    form.wait = next((seconds for name in names if (seconds := limiter.wait(name, _who()))), 0)
    if form.wait:
        form.refuse(Refused(too_soon(form.wait)))
    return not form.wait


def limits_of_posting(on_first_day: str = "first-day-reply") -> tuple[str, ...]:
    """The limits under which a member writes: on the first day a little slower, and so many in all."""
    return ("first-day-post", on_first_day) if _is_new() else ("post",)


def limits_of_talking() -> tuple[str, ...]:
    """The limits under which a member talks live."""
    return ("first-day-chat",) if _is_new() else ("chat",)


def _is_new() -> bool:
    return bool(clock.now() - current_member().joined_at < FIRST_DAY)


def _who() -> str:
    member = current_member()
    return f"member:{member.id}" if member.is_member else network_of_request()


def too_soon(seconds: int) -> str:
    """When to try again, in the reader's words."""
    if seconds < 90:
        when = ngettext("%(num)s second", "%(num)s seconds", seconds)
    else:
        when = ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60))
    return _("That was a little fast. You can try again in %(when)s; nothing you typed is lost.", when=when)
