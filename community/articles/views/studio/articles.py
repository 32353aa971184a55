"""Writing: a new article, or one that is there, with its preview and with what could still be better."""

from typing import Any

from flask import abort, request
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response

from community.articles import policy
from community.articles.actions import writing
from community.articles.forms.pictures import settle_picture
from community.articles.forms.studio import LONGEST_BODY, ArticleForm, fields_of
from community.articles.models import Article
from community.articles.queries import desk
from community.articles.views.studio import drafts
from community.articles.views.studio.blueprint import bp, own_article, own_site, own_sites
from community.articles.views.studio.editor import choices, conflict_page, editor_page
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items import actions as items
from community.items.models import State
from community.sites.models import Site
from community.web.access import current_member, needs, require
from community.web.answers import do_once

STATES = {
    "draft": State.DRAFT,
    "publish": State.LIVE,
    "schedule": State.SCHEDULED,
    "withdraw": State.WITHDRAWN,
}


@bp.route("/articles/new", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def new_article() -> Any:
    """Begin an article."""
    return _answer(own_site(request.form.get("site") or request.args.get("for")), None)


@bp.route("/articles/<int:article_id>", methods=["GET", "POST"])
@needs(Permission.ARTICLE_WRITE)
def edit_article(article_id: int) -> Any:
    """Go on with an article."""
    article = own_article(article_id)
    return _answer(article.site, article)


@bp.post("/preview")
@needs(Permission.ARTICLE_WRITE)
def preview() -> Any:
    """A text as readers will see it: a piece of a page."""
    body = request.form.get("body", "")
    if len(body) > LONGEST_BODY:
        abort(413)
    return writing.body_html_of(body, is_html=request.args.get("html") == "1")


def _answer(site: Site, article: Article | None) -> Any:
    """Show the form, or do what its button says; whatever is not saved is kept as a draft."""
    partners = desk.translatable(site, article, own_sites())
    stored = _stored(site, article, partners)
    about = drafts.about_of(article)
    if request.method == "GET":
        unsaved = drafts.unsaved(about, stored if article else {})
        form = _form(drafts.as_typed(unsaved) if unsaved else None, stored, partners)
        return editor_page(form, site, article, unsaved=unsaved)
    form = _form(_posted(stored), stored, partners)
    action = request.form.get("action", "draft")
    if action == "preview":
        if form.body.validate(form):
            settle_picture(form, article)
    elif action not in STATES:
        abort(400)
    elif form.accepted() and settle_picture(form, article):
        try:
            if saved := _saved(form, site, article, STATES[action]):
                return saved
        except writing.Stale:
            drafts.keep_typed(about)
            return conflict_page(form, own_article(article.id))  # type: ignore[union-attr]
    drafts.keep_typed(about)
    return editor_page(form, site, own_article(article.id) if article else None)


def _saved(form: ArticleForm, site: Site, article: Article | None, state: State) -> Response | None:
    """Save in one commit; None where the action refused it."""
    article_id, about = article and article.id, drafts.about_of(article)

    def deed() -> str:
        member = current_member()
        stored = own_article(article_id) if article_id else writing.blank_article(site, member)
        require(policy.may_save(member, site, state, stored))
        writing.expect_version(stored, form.version_number)
        written = form.written(stored, _translation_key(form, stored))
        writing.save(stored, member, written, state, form.moment(site))
        items.drop_draft(member, about)
        return f"/studio/articles/{stored.id}"

    return do_once(form, deed, _saying(form, state))


def _form(formdata: Any, stored: dict[str, Any], partners: list[desk.Partner]) -> ArticleForm:
    form = ArticleForm(formdata=formdata, data=stored)
    others = [(str(other.id), f"{other.site.language_name}: {other.title}") for other in partners]
    form.translates.choices = choices(_("No other article"), others)
    return form


def _stored(site: Site, article: Article | None, partners: list[desk.Partner]) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    if article is None:
        return {"site": site.code, "version": "", "translates": ""}
    key = article.translation_key
    partner = next((other for other in partners if key and other.translation_key == key), None)
    return fields_of(article) | {"translates": str(partner.id) if partner else ""}


def _posted(stored: dict[str, Any]) -> CombinedMultiDict:
    """What was sent; where the editor chose the stored version of a field, that one."""
    fields = MultiDict(request.form)
    for name in stored:
        if fields.get(f"take-{name}") == "stored":
            value = stored[name]
            fields[name] = "" if value is None else str(value)
    return CombinedMultiDict([fields, request.files])


def _translation_key(form: ArticleForm, article: Article) -> str:
    """The key shared with the chosen article. Left as it was, it stays: nobody here may see its other articles."""
    chosen = form.translates.data or ""
    if chosen == form.translates.object_data:
        return article.translation_key or ""
    if not chosen:
        return ""
    other = desk.article_by_id(int(chosen)) if chosen in [choice.value for choice in form.translates.choices] else None
    if other is None:
        raise Refused(_("This article is no longer there. Choose another one."), "translates")
    return writing.shared_key(other)


def _saying(form: ArticleForm, state: State) -> str:
    if state == State.SCHEDULED and form.publish_at.data:
        moment = format_datetime(form.publish_at.data, "d MMMM y HH:mm", rebase=False)
        return _("It is scheduled: it appears on %(moment)s.", moment=moment)
    return {
        State.DRAFT: _("It is saved as a draft. Only editors see it."),
        State.LIVE: _("It is saved, and readers see it."),
        State.WITHDRAWN: _("It is saved and withdrawn: readers no longer see it."),
    }.get(state, "")
