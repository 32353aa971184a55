"""Clubs: which there are, a club's own page for who is in it, and the door for everybody else."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.forums.actions import clubs as actions
from community.forums.models import Board
from community.forums.queries import clubs as queries
from community.forums.views.boards import topics_on
from community.groups import actions as groups
from community.groups.models import Group, first_day_of
from community.groups.policy import is_in, may_be_joined, month_of, months_around, months_until
from community.groups.queries import people_in
from community.profiles.queries import family_of
from community.web.access import current_member, everyone, needs
from community.web.answers import back, page
from community.web.cache import shared_page

bp = Blueprint("clubs", __name__, url_prefix="/<site:site>")
FACES = 12


@bp.get("/clubs/")
@everyone
@shared_page
def clubs() -> Any:
    """Which clubs there are; for a visitor what a club is, and after "something changed" no names unasked."""
    member, today = current_member(), _today()
    if not member.is_member:
        months = [first_day_of(month) for month in months_around(today)]
        return page("forums/clubs_for_visitors.html", months=[m for m in months if month_of(m) >= month_of(today)])
    if member.guarded_since and request.args.get("show") != "clubs":
        return page("forums/clubs_kept_quiet.html")
    listed = queries.listed_clubs(g.site, member, today)
    return page(
        "forums/clubs.html",
        mine=[one for one in listed if one.is_mine],
        expecting=[one for one in listed if not one.is_mine and one.month >= month_of(today)],
        born=[one for one in reversed(listed) if not one.is_mine and one.month < month_of(today)],
        offer=queries.club_offer(member, family_of(member, today), today),
    )


@bp.get("/clubs/<month:month>/")
@everyone
@shared_page
def club(month: str) -> Any:
    """A club for who is in it; for others what it is, and how to join."""
    member = current_member()
    place = queries.board_of_month(g.site, month) if member.is_member else None
    found = place.group if place else None
    if place and found and is_in(member, found):
        return _inside(found, place)
    _joinable_or_404(month)
    return page("forums/club_door.html", club=found, month=month, first_day=first_day_of(month))


@bp.post("/clubs/<month:month>/join")
@needs(Permission.ACCOUNT_OWN)
def join(month: str) -> Any:
    """Be in a club from now on."""
    _joinable_or_404(month)
    with unit_of_work():
        path = actions.join_club(g.site, month, current_member()).path
    flash(_("You are in. Say hello, or just read along."))
    return redirect(path, 303)


@bp.post("/clubs/<month:month>/leave")
@needs(Permission.ACCOUNT_OWN)
def leave(month: str) -> Any:
    """Be in a club no more; the next page offers to take it back."""
    with unit_of_work():
        actions.leave_club(g.site, month, current_member())
    way_back = f"{_path(month)}join" if may_be_joined(month, _today()) else "message"
    flash(_("You have left %(club)s. What you wrote there stays.", club=actions.name_of(month)), way_back)
    return redirect(f"{g.site.path}clubs/", 303)


@bp.post("/clubs/<month:month>/move-to/<month:other>")
@needs(Permission.ACCOUNT_OWN)
def move(month: str, other: str) -> Any:
    """From one club to another, in one press."""
    _joinable_or_404(other)
    with unit_of_work():
        member = current_member()
        actions.leave_club(g.site, month, member)
        path = actions.join_club(g.site, other, member).path
    flash(_("You are in %(club)s now.", club=actions.name_of(other)), f"{_path(other)}move-to/{month}")
    return redirect(path, 303)


@bp.post("/clubs/<month:month>/decline")
@needs(Permission.ACCOUNT_OWN)
def decline(month: str) -> Any:
    """Not this club, and no question about it again."""
    _joinable_or_404(month)
    with unit_of_work():
        groups.decline(current_member(), month)
    flash(_("Good. You find all clubs under Clubs, whenever you like."))
    return redirect(back(f"{g.site.path}home"), 303)


@bp.get("/forums/club-<month:month>/")
@everyone
def board(month: str) -> Any:
    """A club's talk stands on the club's own page."""
    return redirect(_path(month), 301)


def _inside(found: Group, place: Board) -> Any:
    """The club's talk, and who is here."""
    months = months_until(found.month, month_of(_today()))
    people = people_in(found, FACES)
    return page("forums/club.html", club=found, months_to_go=months, people=people, **topics_on(place))


def _joinable_or_404(month: str) -> None:
    if not may_be_joined(month, _today()):
        abort(404)


def _path(month: str) -> str:
    return f"{g.site.path}clubs/{month}/"


def _today() -> date:
    return clock.today(g.site.zone)
