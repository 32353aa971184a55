"""What pages share on which strangers write: their words wait until they have registered."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import unit_of_work
from community.items import kept, queries
from community.web.forms import Form
from community.web.limits import is_in_time


def keep_for_stranger(form: Form, about: str, path: str, names: tuple[str, ...]) -> Response | None:
    """Keep the words of these fields, and lead to the door; from there back to them."""
    if not is_in_time(form, "kept-text"):
        return None
    with unit_of_work():
        token = kept.keep_text(g.site, about, {name: str(form[name].data or "") for name in names})
    flash(_("Your text is kept for you. Register, and it goes on from here; it is posted when you say so."))
    return redirect(f"/register?{urlencode({'site': g.site.code, 'next': f'{path}?kept={token}'})}", 303)


def kept_words(about: str) -> dict[str, str]:
    """What was kept under `?kept=`, by field, with its token; nothing where there is none."""
    token = request.args.get("kept", "")
    found = queries.kept_text(token, about) if token else None
    return {**found.words, "kept": token} if found else {}


def use_kept_words(form: Any, about: str) -> None:
    """Words kept for a stranger are posted once, in the present deed."""
    if token := form.kept.data:
        form.kept.data = ""  # where it is refused: the next press posts it as it stands
        kept.use_kept_text(token, about)


def keep_token_to_ourselves(response: Response) -> Response:
    """The address of a page with kept words is told to nobody else (`security.md` 13)."""
    if "kept" in request.args:
        response.headers["Referrer-Policy"] = "same-origin"
    return response
