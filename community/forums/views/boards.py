"""Where parents talk: all boards of a site, and one board with its topics."""

from functools import partial
from operator import attrgetter
from typing import Any

from flask import Blueprint, abort, g, redirect, request
from flask_babel import gettext as _

from community.core import clock
from community.forums import policy
from community.forums.models import Board
from community.forums.queries import boards as queries
from community.forums.queries.boards import Shelf, Show
from community.forums.queries.lines import topic_lines
from community.forums.queries.unread import new_in
from community.forums.views import head
from community.items.queries import Guard
from community.profiles.queries import family_of
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import shared_page
from community.web.numbering import (
    A_PAGE,
    address,
    asked_number,
    asked_stretch,
    path_of_page,
)
from community.web.schema import absolute

bp = Blueprint("boards", __name__, url_prefix="/<site:site>/forums")
LIVING = 8
TALK = (Show.NEW, Show.MINE)  # ways to look at all boards together


@bp.get("/")
@everyone
@shared_page
def boards() -> Any:
    """All boards of a site, and where people talk now."""
    member = current_member()
    guard = family_of(member, clock.today(g.site.zone)).guard
    if member.is_member and "show" in request.args:
        return _talk_page(guard)
    shown = [(board, latest) for board, latest in queries.boards_of(g.site, member) if policy.is_offered(board, guard)]
    living = queries.living_topic_ids(g.site, member, guard, LIVING)
    rows = topic_lines([*living, *(latest for _board, latest in shown if latest)])
    return page(
        "forums/boards.html",
        boards=[(board, None if guard else rows.get(latest or 0)) for board, latest in shown],
        living=[rows[topic_id] for topic_id in living if topic_id in rows],
        fresh=new_in(rows.values(), member),
        feed=absolute(f"{g.site.path}forums/feed.xml"),
        **head.frame(f"{g.site.path}forums/"),
    )


@bp.get("/<string:slug>/")
@everyone
@shared_page
def board(slug: str) -> Any:
    """The topics of a board: pinned ones first, then where somebody wrote last."""
    shown = board_or_404(slug)
    if shown.group_id:
        return redirect(shown.path)
    feed = "" if shown.is_quiet else absolute(f"{shown.path}feed.xml")
    frame = head.frame(shown.path, asked_number("page") or 1)
    return page("forums/board.html", feed=feed, **frame, **topics_on(shown))


def board_or_404(slug: str) -> Board:
    """The board of this address, where the reader may see it."""
    found = queries.board_by_slug(g.site, slug)
    if found is None or not policy.may_see_board(current_member(), found):
        abort(404)
    return found


def topics_on(board: Board) -> dict[str, Any]:
    """What `forums/_topics.html` shows: numbered pages, beyond the last number by `?before=`, chosen by `?show=`."""
    member, show = current_member(), _asked_show(current_member())
    own = queries.standing_on(board, member)
    shelf = Shelf(board, member, show, is_whole=show is Show.ALL and not own.has_refused)
    stretch = asked_stretch(
        partial(queries.count_on, shelf),
        partial(queries.topics_on, shelf),
        partial(queries.topics_before, shelf),
        attrgetter("id"),
    )
    place = stretch.place
    is_top = place is not None and place.number == 1 and show is Show.ALL
    return {
        "board": board,
        "stance": own.stance,
        "topics": stretch.rows,
        "waiting": queries.waiting_of(member, board) if own.is_waiting and is_top else [],
        "show": shelf.show,
        "choices": _choices(member, shelf.show),
        "may_keep": policy.may_keep(member, board),
        "may_start": not member.is_member or policy.may_start(member, board),
        "place": place,
        "path_of_page": path_of_page,
        "older_path": stretch.older_path,
    }


def _talk_page(guard: Guard | None) -> Any:
    """The conversations of all boards that are new to a member, or theirs: a list that goes on by `?before=`."""
    member, show = current_member(), _asked_show(current_member())
    if show not in TALK:
        abort(404)
    ids = queries.talk_ids(g.site, member, guard, show, asked_number("before"), A_PAGE + 1)
    topics = list(topic_lines(ids[:A_PAGE]).values())
    goes_on = len(ids) > A_PAGE
    return page(
        "forums/talk.html",
        show=show,
        topics=topics,
        fresh=new_in(topics, member),
        older_path=address(request.path, {"show": show.value, "before": ids[A_PAGE - 1]}) if goes_on else "",
        **head.frame(f"{g.site.path}forums/"),
    )


def _asked_show(member: Any) -> Show:
    """Which topics `?show=` asks for; what only a member has is not there for a visitor."""
    asked = request.args.get("show", "")
    if asked not in {show.value for show, _label in _kinds(member)}:
        abort(404)
    return Show(asked)


def _choices(member: Any, chosen: Show) -> list[dict[str, Any]]:
    """The ways to look at a board."""
    return [
        {
            "label": label,
            "path": address(request.path, {"show": show.value} if show else {}),
            "is_current": show is chosen,
        }
        for show, label in _kinds(member)
    ]


def _kinds(member: Any) -> list[tuple[Show, str]]:
    kinds = [(Show.ALL, _("All")), (Show.UNANSWERED, _("Without an answer"))]
    return [*kinds, (Show.NEW, _("New")), (Show.MINE, _("Mine"))] if member.is_member else kinds
