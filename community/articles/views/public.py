"""What everybody reads: the lists of articles, and an article with its comments."""

from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from flask import Blueprint, abort, g
from flask_babel import gettext as _

from community.articles.models import Article, ShownArticle
from community.articles.queries import addresses, published
from community.articles.queries.shown import shown_article
from community.articles.views import head
from community.articles.views.calendar import path_of_stage
from community.articles.views.opening import opening_of
from community.comments.forms import CommentForm
from community.comments.views import comments_under, write_under
from community.core import clock, text
from community.core.permissions import Permission
from community.items import policy
from community.items import queries as items
from community.items.models import Tag
from community.personalisation.slots import Slot
from community.personalisation.views.showing import offered
from community.profiles.queries import Family, family_of
from community.touchpoints.models import READING
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone, needs
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import (
    asked_stretch,
    path_of_page,
)

bp = Blueprint("articles", __name__, url_prefix="/<site:site>")


@bp.get("/articles/")
@everyone
@shared_page
def articles() -> Any:
    """All articles of a site, newest first."""
    themes = addresses.public_themes()
    return _shelf_page(themes, None, head.same_path("articles/"))


@bp.get("/themes/<string:slug>")
@everyone
@shared_page
def theme(slug: str) -> Any:
    """The articles of one theme."""
    themes = addresses.public_themes()
    shown = next((tag for tag in themes if tag.site == g.site and tag.slug == slug), None)
    if shown is None:
        abort(404)
    return _shelf_page(themes, shown, head.same_place(shown, themes))


@bp.get("/articles/<string:slug>")
@everyone
@shared_page
def article(slug: str) -> Any:
    """An article with its comments."""
    shown = _shown_or_404(slug)
    note_read(shown)
    return article_page(shown, CommentForm() if policy.may_post(current_member(), shown) else None)


@bp.post("/articles/<string:slug>/posts")
@needs(Permission.POST_WRITE)
def write_comment(slug: str) -> Any:
    """Answer an article, or somebody who did."""
    form = CommentForm()
    return write_under(partial(article_or_404, slug), form) or article_page(_shown_or_404(slug), form)


class Part(NamedTuple):
    """A part of an article, and where it begins."""

    label: str
    path: str


def _shelf_page(themes: list[Tag], theme: Tag | None, same: head.Paths) -> Any:
    """A list of articles: numbered, and beyond the last number by `?before=`."""
    shelf = published.Shelf(g.site, current_member(), theme, _family().guard)
    stretch = asked_stretch(
        partial(published.count_on, shelf),
        partial(published.articles_on, shelf),
        partial(published.articles_before, shelf),
        attrgetter("id"),
    )
    place = stretch.place
    return page(
        "articles/articles.html",
        theme=theme,
        stance=items.stance_to(current_member(), theme) if theme else "",
        choices=_choices(themes, theme),
        articles=stretch.rows,
        place=place,
        path_of_page=path_of_page,
        older_path=stretch.older_path,
        feed=head.absolute(f"{theme.path if theme else g.site.path.rstrip('/')}/feed.xml"),
        **head.frame(path_of_page(place.number if place else 1), same),
    )


def _choices(themes: list[Tag], chosen: Tag | None) -> list[dict[str, Any]]:
    """The themes to choose from, and all of them together."""
    everything = {"label": _("All"), "path": f"{g.site.path}articles/", "is_current": chosen is None}
    own = [tag for tag in themes if tag.site == g.site]
    return [everything, *({"label": tag.name, "path": tag.path, "is_current": tag == chosen} for tag in own)]


def article_or_404(slug: str) -> Article:
    """The article of this address, where the reader may see it."""
    return published.article_by_slug(g.site, slug, current_member()) or abort(404)


def _shown_or_404(slug: str) -> ShownArticle:
    return shown_article(g.site, slug, current_member()) or abort(404)


def article_page(shown: ShownArticle, form: CommentForm | None) -> Any:
    """An article's page, with the form of who may write there."""
    member, family = current_member(), _family()
    everywhere = {shown.site: shown.path, **shown.translations}
    return page(
        "articles/article.html",
        article=shown,
        contents=_contents(shown),
        recommended=offered(Slot.ARTICLE, family, clock.today(g.site.zone), shown),
        opening=opening_of(shown, path_of_stage(shown.stage_from), family.is_guarded),
        is_counted=not member.is_member or any(member.consents_to(purpose) for purpose in READING),
        schema=head.schema_of(shown),
        picture=head.absolute(shown.picture.path(1280)) if shown.picture else "",
        **comments_under(shown, form),
        **head.frame(shown.path, {site: path for site, path in everywhere.items() if site.is_open}),
    )


def _contents(shown: ShownArticle) -> tuple[Part, ...]:
    """The parts of an article, its comments last; a short one needs no such list."""
    parts = [Part(words, f"#{anchor}") for anchor, words in text.headings(shown.body_html)]
    return (*parts, Part(_("Comments"), "#comments")) if len(parts) > 1 else ()


def _family() -> Family:
    return family_of(current_member(), clock.today(g.site.zone))
