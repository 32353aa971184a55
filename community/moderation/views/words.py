"""`/moderation/words`: which words make a post wait, what a text would meet, what a word would have stopped."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.text import excerpt
from community.moderation import policy
from community.moderation.actions import words as actions
from community.moderation.forms import WordForm
from community.moderation.queries import screening as queries
from community.sites.models import SITES, Site
from community.sites.queries import open_sites
from community.web.access import current_member, needs
from community.web.answers import do_once, page

bp = Blueprint("moderation_words", __name__, url_prefix="/moderation")
LONGEST_TRIAL = 1_000


@bp.route("/words", methods=["GET", "POST"])
@needs(Permission.POST_HIDE)
def words() -> Any:
    """The words of the moderator's sites, one more of them, and a trial of a text."""
    form = WordForm()
    form.offer([site.code for site in _own_sites()])
    if form.accepted():
        answer = do_once(form, lambda: _watched(form), _("We watch for it from now on."))
        if answer is not None:
            return answer
    tried = request.args.get("try", "")[:LONGEST_TRIAL].strip()
    return page(
        "moderation/words.html",
        form=form,
        excerpt=excerpt,
        tried=tried,
        longest=LONGEST_TRIAL,
        lists=[_list(site, tried) for site in _own_sites()],
    )


@bp.post("/words/<int:word_id>/forget")
@needs(Permission.POST_HIDE)
def forget(word_id: int) -> Response:
    """Watch for a word no more."""
    with unit_of_work():
        row = queries.word_by_id(word_id)
        if row is None or row.site not in _own_sites():
            abort(404)
        actions.forget(row, current_member())
    flash(_("We do not watch for it any more."))
    return redirect("/moderation/words", 303)


def _watched(form: WordForm) -> str:
    actions.watch(SITES[form.site.data], form.word.data, bool(form.is_refused.data), current_member())
    return "/moderation/words"


def _own_sites() -> list[Site]:
    own = policy.sites_of(current_member())
    return [site for site in open_sites() if site in own]


def _list(site: Site, tried: str) -> dict[str, Any]:
    """A site's words; those that a tried text holds, and what the text would have stopped were it a word."""
    rows = queries.words_of(site)
    return {
        "site": site,
        "words": rows,
        "found": [row for row in rows if queries.matches(row.word, tried)],
        "hits": queries.hits(site, tried) if tried and " " not in tried else [],
    }
