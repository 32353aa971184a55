"""The picture of an article: uploaded or chosen, always with its own words."""

from community.articles.forms.studio import ArticleForm
from community.articles.models import Article
from community.core.db import unit_of_work
from community.core.refused import Refused
from community.media import actions as media
from community.media.models import Picture
from community.media.queries import picture_by_id
from community.web.limits import is_in_time


def settle_picture(form: ArticleForm, article: Article | None) -> bool:
    """Take an upload in at once, so that a mistake elsewhere in the form does not lose it; whether all is well.

    The same file again gives the picture that is here already. Words that describe the picture before are not
    taken for another one: a chosen picture brings its own, an uploaded one wants new ones."""
    try:
        picture = _uploaded(form) or _chosen(form)
    except Refused as refused:
        form.refuse(refused)
        return False
    if picture is None:
        return not form.mistakes
    before = article.picture if article else None
    typed = form.picture_alt.data or ""
    if before is not None and before.id != picture.id and typed == before.alt:
        typed = ""
    form.picture_id.data, form.picture_alt.data = str(picture.id), typed or picture.alt
    return not form.mistakes


def _uploaded(form: ArticleForm) -> Picture | None:
    file = form.picture.data
    if not getattr(file, "filename", "") or not is_in_time(form, "upload"):
        return None
    known = media.known_picture(file.stream)
    if known is not None:
        return known
    rendered = media.render(file.stream)
    with unit_of_work():
        return media.keep_picture(rendered, "", None, file.filename)


def _chosen(form: ArticleForm) -> Picture | None:
    digits = form.picture_id.data or ""
    return picture_by_id(int(digits)) if digits.isdecimal() and len(digits) < 10 else None
