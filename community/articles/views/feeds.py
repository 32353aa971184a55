"""What machines read: feeds of the newest articles, the sitemap, and where crawlers need not go."""

from datetime import datetime

from flask import Blueprint, abort, g, render_template
from flask_babel import gettext as _
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
from community.web.xml import feed as answered_feed
from community.web.xml import xml

bp = Blueprint("feeds", __name__)
Place = tuple[str, datetime | None, dict[str, str]]  # path, last change, the same page in each language
LATEST = 30
ITEMS_A_FILE = 20_000  # a sitemap holds 50,000 addresses at most; the other pages stand in the first file
CLOSED = ("/account/", "/admin/", "/moderation/", "/studio/", "/sign-in", "/register", "/unsubscribe/")


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
    number = asked_number("page")
    found = addresses.public_items(((number or 1) - 1) * ITEMS_A_FILE, ITEMS_A_FILE + 1)
    if number is None and len(found) > ITEMS_A_FILE:
        file_count = -(-addresses.public_item_count() // ITEMS_A_FILE)
        paths = [f"/sitemap.xml?page={n}" for n in range(1, file_count + 1)]
        return xml("articles/sitemap_index.xml", paths=paths)
    if number not in (None, 1) and not found:
        abort(404)
    pages = _standing_pages() if number in (None, 1) else []
    translated = addresses.translated_items()
    for item in found[:ITEMS_A_FILE]:
        pages.append((item.path, item.changed_at, head.by_language(translated.get(item.translation_key, {}))))
    return xml("articles/sitemap.xml", pages=pages)


@bp.get("/robots.txt")
@everyone
def robots() -> Response:
    """What crawlers may leave alone, and where the sitemap is."""
    body = render_template("articles/robots.txt", closed=CLOSED, sitemap=head.absolute("/sitemap.xml"))
    return Response(body, content_type="text/plain; charset=utf-8")


def _feed(theme: Tag | None) -> Response:
    shelf = published.Shelf(g.site, Visitor(), theme)
    return answered_feed(
        heading=f"{g.site.name}: {theme.name}" if theme else g.site.name,
        path=theme.path if theme else f"{g.site.path}articles/",
        description=theme.description if theme else _("The newest articles."),
        items=published.articles_on(shelf, 0, LATEST),
    )


def _standing_pages() -> list[Place]:
    """Front pages, lists, the calendar, themes and boards."""
    themes, boards = addresses.public_themes(), addresses.public_collections()
    pages: list[Place] = []
    for same in map(head.same_path, ("", "articles/", "forums/", "clubs/", *_calendar_pages())):
        pages += [(path, None, head.by_language(same)) for path in same.values()]
    pages += [(theme.path, None, head.by_language(head.same_place(theme, themes))) for theme in themes]
    return pages + [(board.path, None, head.by_language(head.same_place(board, boards))) for board in boards]


def _calendar_pages() -> list[str]:
    return [f"{axis.folder}{number}" for axis in (PREGNANCY, CHILDHOOD) for number in ("", *axis.numbers)]
