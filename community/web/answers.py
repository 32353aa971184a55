"""How a view answers: pages, forms shown again, forms that act once."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import alone, done_before, remember_deed, unit_of_work
from community.core.refused import Refused
from community.core.text import own_path
from community.web.forms import Form


def page(template: str, form: Form | None = None, **context: Any) -> Any:
    """A rendered page; 422 where it shows a form again that could not be accepted, 429 where it came too soon."""
    body = render_template(template, form=form, **context)
    if form is None or request.method != "POST" or not form.mistakes:
        return body, 200
    return (body, 429, {"Retry-After": str(form.wait)}) if form.wait else (body, 422)


def do_once(form: Form, deed: Callable[[], str], saying: str | None = None) -> Response | None:
    """Do the deed in one commit and go to the address it gives; None where it was refused.

    The same form sent twice (reload, double click, retry) is acted on once: the second time leads to
    where the first one led. The words of `saying` are shown there."""
    key = form.form_key.data or ""
    try:
        with unit_of_work():
            alone(f"deed:{key}")
            path = done_before(key)
            if path is None:
                path = deed()
                remember_deed(key, path, clock.now())
    except Refused as refused:
        form.refuse(refused)
        return None
    if saying:
        flash(saying)
    return redirect(path, 303)


def back(default: str) -> str:
    """The page of ours that the reader came from, else the default; never another site's."""
    came_from = request.referrer or ""
    own = request.host_url
    return own_path("/" + came_from.removeprefix(own)) or default if came_from.startswith(own) else default
