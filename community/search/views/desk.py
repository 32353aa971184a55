"""`/studio/search`: what is looked for and not found, and what editors teach the search."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.search import desk, queries
from community.search.forms import PromotionForm, SynonymForm
from community.search.models import Promotion, Synonym
from community.sites.models import SITES, Site
from community.sites.queries import open_sites
from community.web.access import current_member, needs
from community.web.answers import do_once, page
from community.web.forms import Form

bp = Blueprint("search_desk", __name__, url_prefix="/studio/search")
HERE = "/studio/search/"
REPORT = timedelta(days=30)


@bp.get("/")
@needs(Permission.ARTICLE_PUBLISH)
def overview() -> Any:
    """What readers look for, and what the search knows."""
    return _page(_offered(SynonymForm()), _offered(PromotionForm()))


@bp.post("/synonyms")
@needs(Permission.ARTICLE_PUBLISH)
def teach() -> Any:
    """Ways to say the same."""
    form = _offered(SynonymForm())
    if form.accepted() and (answer := do_once(form, lambda: _taught(form), _("One is found by the other now."))):
        return answer
    return _page(form, _offered(PromotionForm()), form)


@bp.post("/promotions")
@needs(Permission.ARTICLE_PUBLISH)
def promote() -> Any:
    """What comes first for some words."""
    form = _offered(PromotionForm())
    if form.accepted() and (answer := do_once(form, lambda: _promoted(form), _("It comes first for these words now."))):
        return answer
    return _page(_offered(SynonymForm()), form, form)


@bp.post("/synonyms/<int:synonym_id>/forget")
@needs(Permission.ARTICLE_PUBLISH)
def forget(synonym_id: int) -> Response:
    """Find these apart again."""
    with unit_of_work():
        desk.forget_synonyms(_own(queries.synonym_by_id(synonym_id)), current_member())
    flash(_("These are found apart again."))
    return redirect(HERE, 303)


@bp.post("/promotions/<int:promotion_id>/end")
@needs(Permission.ARTICLE_PUBLISH)
def end(promotion_id: int) -> Response:
    """Let it stand where its words put it."""
    with unit_of_work():
        desk.end_promotion(_own(queries.promotion_by_id(promotion_id)), current_member())
    flash(_("It stands again where its words put it."))
    return redirect(HERE, 303)


def _page(synonyms: SynonymForm, promotions: PromotionForm, sent: Form | None = None) -> Any:
    reports = [_report(site) for site in _own_sites()]
    return page("search/desk.html", sent, synonym_form=synonyms, promotion_form=promotions, reports=reports)


def _report(site: Site) -> dict[str, Any]:
    """What was looked for on a site in the last thirty days, and what its search was taught."""
    since = clock.now() - REPORT
    return {
        "site": site,
        "asked": queries.most_asked(site, since.date()),
        "empty": queries.most_asked(site, since.date(), are_empty=True),
        "reworded": desk.reworded(site, since),
        "synonyms": queries.synonyms_of(site),
        "promotions": queries.promotions_of(site),
    }


def _taught(form: SynonymForm) -> str:
    desk.teach_synonyms(SITES[form.site.data], form.words.data, current_member())
    return HERE


def _promoted(form: PromotionForm) -> str:
    desk.promote(SITES[form.at_site.data], form.asked.data, form.path.data, current_member())
    return HERE


def _offered(form: Any) -> Any:
    form.offer(_own_sites())
    return form


def _own_sites() -> list[Site]:
    return [site for site in open_sites() if current_member().can(Permission.ARTICLE_PUBLISH, site)]


def _own(row: Synonym | Promotion | None) -> Any:
    if row is None or row.site not in _own_sites():
        abort(404)
    return row
