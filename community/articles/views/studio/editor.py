"""What the page of the editor shows around its form: choices, preview, advice, and two versions that differ."""

import json
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from wtforms import SelectChoice

from community.articles import policy
from community.articles.actions.writing import Written, body_html_of
from community.articles.forms.advice import advice
from community.articles.forms.comparison import Difference, conflicts
from community.articles.forms.studio import LONGEST_BODY, ArticleForm, fields_of
from community.articles.models import Article
from community.articles.queries import desk
from community.articles.views.studio.blueprint import own_sites
from community.core import stages
from community.core.refused import Refused
from community.items.models import Draft, State
from community.items.queries import themes
from community.media.models import Picture
from community.media.queries import latest_pictures, picture_by_id
from community.sites.models import Site
from community.web.access import current_member
from community.web.answers import page

PICTURES = 23
WEEKS = [(week, *stages.days_of_week(week)) for week in range(stages.FIRST_WEEK, stages.LAST_WEEK + 1)]
MONTHS = [(month, *stages.days_of_month(month)) for month in range(stages.LAST_MONTH + 1)]
TEMPLATE = "articles/studio/edit_article.html"


def editor_page(form: ArticleForm, site: Site, article: Article | None, unsaved: Draft | None = None) -> Any:
    """The form with all that helps to fill it."""
    return page(TEMPLATE, form=form, unsaved=unsaved, **_around(form, site, article))


def conflict_page(form: ArticleForm, article: Article) -> Any:
    """Somebody saved in between: nothing was overwritten, both versions are shown, field by field."""
    began = desk.revision(article.id, form.version_number or 0)
    base = fields_of(article, Written.from_json(began.fields)) if began else None
    stored, newest = fields_of(article), desk.revision(article.id, article.version)
    mine = fields_of(article, form.written(article, ""))
    found: list[Difference] = conflicts(form, base, stored, mine)
    form.version.data = str(article.version)
    form.refuse(Refused(_("Somebody saved this article after you opened it. Look at both versions, then save again.")))
    around = _around(form, article.site, article)
    return render_template(TEMPLATE, form=form, unsaved=None, conflict=found, newest=newest, **around), 409


def _around(form: ArticleForm, site: Site, article: Article | None) -> dict[str, Any]:
    written = form.written(article, "")
    body_html = body_html_of(written.body[:LONGEST_BODY], written.is_html)
    pictures = _pictures(form)
    _give_choices(form, site, article, pictures)
    _give_tools(form, article)
    return {
        "article": article,
        "written_for": site,
        "own_sites": own_sites(),
        "pictures": {str(picture.id): picture for picture in pictures},
        "preview_html": body_html,
        "advice": advice(written, body_html),
        "stage_words": stages.label(written.stage_from, written.stage_to),
        "weeks": WEEKS,
        "months": MONTHS,
        "buttons": _buttons(site, article),
    }


def _pictures(form: ArticleForm) -> list[Picture]:
    """The chosen picture first, then the latest."""
    digits = form.picture_id.data or ""
    chosen = picture_by_id(int(digits)) if digits.isdecimal() and len(digits) < 10 else None
    others = [picture for picture in latest_pictures(PICTURES + 1) if chosen is None or picture.id != chosen.id]
    return ([chosen] if chosen else []) + others[:PICTURES]


def _give_choices(form: ArticleForm, site: Site, article: Article | None, pictures: list[Picture]) -> None:
    """The rows that its lists choose from."""
    form.theme.choices = choices(_("No theme yet"), [(tag.slug, tag.name) for tag in themes(site)])
    people = desk.reviewers(site)
    if article and article.reviewer and article.reviewer not in people:
        people.append(article.reviewer)
    names = [(str(who.id), f"{who.name}, {who.title}" if who.title else who.name) for who in people]
    form.reviewer.choices = choices(_("Nobody yet"), names)
    form.picture_id.choices = choices(_("No picture"), [(str(p.id), p.alt) for p in pictures])


def choices(none: str, rows: list[tuple[str, str]]) -> list[SelectChoice]:
    """What a list offers: nothing, and each row."""
    return [SelectChoice("", none), *(SelectChoice(value, label) for value, label in rows)]


def _give_tools(form: ArticleForm, article: Article | None) -> None:
    """What the scripts of the page need to know; without them nothing of it shows."""
    words = {"label": _("Text"), "bold": _("Bold"), "italic": _("Italic"), "link": _("Link")}
    words |= {"heading": _("Heading"), "list": _("List"), "quote": _("Quote")}
    form.body.render_kw = {
        "data-markdown": json.dumps(words),
        "data-preview": "/studio/preview?html=1" if article and article.is_html else "/studio/preview",
        "data-preview-to": "preview",
    }
    form.summary.render_kw = {"maxlength": 400, "data-count": _("{count} characters left")}


def _buttons(site: Site, article: Article | None) -> list[tuple[str, str]]:
    """(action, words) of each button; the first one leaves the state as it is."""
    state = article.state if article else State.DRAFT
    draft, publish = ("draft", _("Save as draft")), ("publish", _("Publish now"))
    if not policy.may_publish(current_member(), site):
        return [draft]
    return {
        State.LIVE: [("publish", _("Save changes")), ("withdraw", _("Withdraw"))],
        State.SCHEDULED: [("schedule", _("Save the schedule")), publish, ("draft", _("Back to draft"))],
        State.WITHDRAWN: [("withdraw", _("Save, keep withdrawn")), publish, ("draft", _("Back to draft"))],
    }.get(State(state), [draft, ("schedule", _("Schedule")), publish])
