"""Feeds of the newest topics, as the public sees them."""

from flask import Blueprint, abort, g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.forums.models import Board
from community.forums.queries import feeds as queries
from community.forums.queries.boards import board_by_slug
from community.web import xml
from community.web.access import everyone
from community.web.cache import shared_page

bp = Blueprint("forum_feeds", __name__, url_prefix="/<site:site>/forums")
LATEST = 30


@bp.get("/feed.xml")
@everyone
@shared_page
def feed() -> Response:
    """The newest topics of all boards of a site."""
    return _feed(None)


@bp.get("/<string:slug>/feed.xml")
@everyone
@shared_page
def board_feed(slug: str) -> Response:
    """The newest topics of a board; a club and a quiet board have no feed."""
    board = board_by_slug(g.site, slug)
    if board is None or board.group_id or board.is_quiet:
        abort(404)
    return _feed(board)


def _feed(board: Board | None) -> Response:
    return xml.feed(
        heading=f"{g.site.name}: {board.title if board else _('Forums')}",
        path=board.path if board else f"{g.site.path}forums/",
        description=board.description if board else _("The newest conversations."),
        items=queries.newest_topics(g.site, board, LATEST),
    )
