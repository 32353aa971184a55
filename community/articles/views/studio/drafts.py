"""What is typed and not saved: kept every few seconds, shown again, thrown away only when asked."""

import re
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask_babel import format_time
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from community.articles.forms.studio import ArticleForm
from community.articles.models import Article
from community.articles.views.studio.blueprint import bp, own_article
from community.core import clock
from community.core.db import done_before, unit_of_work
from community.core.permissions import Permission
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Draft
from community.web.access import current_member, needs
from community.web.limits import limited

NOT_KEPT = ("csrf_token", "form_key", "picture")
LONGEST = 100_000


@bp.post("/drafts/<string:about>")
@needs(Permission.ARTICLE_WRITE)
@limited("draft")
def keep_draft(about: str) -> Any:
    """Keep what stands in the form now; says when."""
    _look_at(about)
    if not done_before(request.form.get("form_key", "")):  # else it was saved while this was on its way
        keep_typed(about)
    return jsonify(saying=_("Draft kept at %(time)s", time=format_time(clock.now(), "HH:mm")))


@bp.post("/drafts/<string:about>/drop")
@needs(Permission.ARTICLE_WRITE)
def drop_draft(about: str) -> Any:
    """Throw it away and show what is stored."""
    path = _look_at(about)
    with unit_of_work():
        items.drop_draft(current_member(), about)
    flash(_("The unsaved text is thrown away."))
    return redirect(path, 303)


def about_of(article: Article | None) -> str:
    """The name under which unsaved text is kept."""
    return article.key if article else "article:new"


def keep_typed(about: str) -> None:
    """Keep the posted fields; a form that could not be saved is not lost when the page is left."""
    names = [name for name in ArticleForm().data if name not in NOT_KEPT]
    fields = {name: request.form[name][:LONGEST].replace("\0", "") for name in names if name in request.form}
    with unit_of_work():
        items.keep_draft(current_member(), about, fields)


def unsaved(about: str, stored: dict[str, Any]) -> Draft | None:
    """The kept text, where it says anything else than what is stored."""
    draft = item_queries.draft(current_member().id, about)
    if draft is None:
        return None
    differs = any(_plain(value) != _plain(stored.get(name)) for name, value in draft.fields.items() if name in stored)
    return draft if differs or not stored else None


def as_typed(draft: Draft) -> MultiDict:
    """A draft as a form takes it."""
    return MultiDict(draft.fields)


def _look_at(about: str) -> str:
    """The page of what an unsaved text is about; 404 where it is not one of mine."""
    if about == "article:new":
        return "/studio/articles/new"
    if not (found := re.fullmatch(r"article:([0-9]{1,9})", about)):
        abort(404)
    return f"/studio/articles/{own_article(int(found[1])).id}"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
