"""What an article said before: who saved what when, two saves compared, one brought back."""

from typing import Any

from flask import abort
from flask_babel import gettext as _

from community.articles import policy
from community.articles.actions import writing
from community.articles.forms.comparison import differences
from community.articles.forms.studio import ArticleForm, RestoreForm, fields_of
from community.articles.models import Article, Revision
from community.articles.queries import desk
from community.articles.views.studio.blueprint import bp, own_article
from community.core.permissions import Permission
from community.web.access import current_member, needs, require
from community.web.answers import do_once, page
from community.web.numbering import asked_number, asked_page, path_of_page


@bp.get("/articles/<int:article_id>/history")
@needs(Permission.ARTICLE_WRITE)
def history(article_id: int) -> Any:
    """All saves of an article, newest first."""
    article = own_article(article_id)
    number = asked_page(desk.revision_count(article.id))
    revisions = desk.revisions(article.id, number.offset, number.per_page)
    return page(
        "articles/studio/history.html", article=article, revisions=revisions, number=number, path_of=path_of_page
    )


@bp.get("/articles/<int:article_id>/compare")
@needs(Permission.ARTICLE_WRITE)
def compare(article_id: int) -> Any:
    """What changed from one save to another."""
    article = own_article(article_id)
    before, after = (_revision(article, asked_number(name)) for name in ("from", "to"))
    return _comparison(RestoreForm(data={"version": before.version}), article, before, after)


@bp.post("/articles/<int:article_id>/restore")
@needs(Permission.ARTICLE_WRITE)
def restore(article_id: int) -> Any:
    """Make an earlier save the newest one."""
    form = RestoreForm()
    article = own_article(article_id)
    version = int(form.version.data) if form.accepted() else 0

    def deed() -> str:
        current, revision = own_article(article_id), _revision(article, version)
        require(policy.may_save(current_member(), current.site, current.state, current))
        writing.restore(current, revision, current_member())
        return f"/studio/articles/{article_id}"

    if done := do_once(form, deed, _("The earlier version is back, as a new save.")):
        return done
    article = own_article(article_id)
    return _comparison(form, article, _revision(article, version), _revision(article, article.version))


def _comparison(form: RestoreForm, article: Article, before: Revision, after: Revision) -> Any:
    fields = [fields_of(article, writing.Written.from_json(revision.fields)) for revision in (before, after)]
    return page(
        "articles/studio/compare.html",
        form=form,
        article=article,
        before=before,
        after=after,
        differences=differences(ArticleForm(), *fields),
    )


def _revision(article: Article, version: int | None) -> Revision:
    revision = desk.revision(article.id, version or 0)
    if revision is None:
        abort(404)
    return revision
