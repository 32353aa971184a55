"""What machines read: feeds of the newest articles, the sitemap, and where crawlers need not go."""

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from community.articles.queries import addresses, published
from community.articles.views import head
from community.articles.views.calendar import CHILDHOOD, PREGNANCY
from community.items import queries as items
from community.items.models import Tag
from community.members.models import Visitor
from community.web.access import everyone
from community.web.cache import shared_page
from community.web.numbering import asked_number

bp = Blueprint("feeds", __name__)
Place = tuple[str, datetime | None, dict[str, str]]  # path, last change, the same page in each language
LATEST = 30
ITEMS_A_FILE = 20_000  # a sitemap holds 50,000 addresses at most; the other pages stand in the first file
CLOSED = ("/account/", "/admin/", "/moderation/", "/studio/", "/sign-in", "/register", "/unsubscribe/")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.get("/<site:site>/feed.xml")
@everyone
@shared_page
def feed() -> Response:
    """The newest articles of a site, as the public sees them."""
    return _feed(None)


@bp.get("/<site:site>/themes/<string:slug>/feed.xml")
@everyone
@shared_page
def theme_feed(slug: str) -> Response:
    """The newest articles of a theme."""
    return _feed(items.theme_by_slug(g.site, slug) or abort(404))


@bp.get("/sitemap.xml")
@everyone
@shared_page
def sitemap() -> Response:
    """All public pages of all open sites with their translations; where they are many, the list of such files."""
    file_count = max(1, -(-addresses.public_item_count() // ITEMS_A_FILE))
    number = asked_number("page")
    if number is None and file_count > 1:
        paths = [f"/sitemap.xml?page={n}" for n in range(1, file_count + 1)]
        return _xml("articles/sitemap_index.xml", paths=paths)
    number = number or 1
    if number > file_count:
        abort(404)
    pages = _standing_pages() if number == 1 else []
    translated = addresses.translated_items()
    for item in addresses.public_items((number - 1) * ITEMS_A_FILE, ITEMS_A_FILE):
        pages.append((item.path, item.changed_at, head.by_language(translated.get(item.translation_key, {}))))
    return _xml("articles/sitemap.xml", pages=pages)


@bp.get("/robots.txt")
@everyone
def robots() -> Response:
    """What crawlers may leave alone, and where the sitemap is."""
    body = render_template("articles/robots.txt", closed=CLOSED, sitemap=head.absolute("/sitemap.xml"))
    return Response(body, content_type="text/plain; charset=utf-8")


def _feed(theme: Tag | None) -> Response:
    shelf = published.Shelf(g.site, Visitor(), theme)
    return _xml(
        "articles/feed.xml",
        "application/rss+xml",
        theme=theme,
        articles=published.articles_on(shelf, 0, LATEST),
        http_date=http_date,
    )


def _standing_pages() -> list[Place]:
    """Front pages, lists, the calendar and themes."""
    themes = addresses.public_themes()
    pages: list[Place] = []
    for same in map(head.same_path, ("", "articles/", *_calendar_pages())):
        pages += [(path, None, head.by_language(same)) for path in same.values()]
    return pages + [(theme.path, None, head.by_language(head.same_theme(theme, themes))) for theme in themes]


def _calendar_pages() -> list[str]:
    return [f"{axis.folder}{number}" for axis in (PREGNANCY, CHILDHOOD) for number in ("", *axis.numbers)]


def _xml(template: str, content_type: str = "application/xml", **context: Any) -> Response:
    """An XML file; characters that XML does not know are left out."""
    base_url = current_app.config["BASE_URL"]
    return Response(
        _NOT_XML.sub("", render_template(template, base_url=base_url, **context)),
        content_type=f"{content_type}; charset=utf-8",
    )
