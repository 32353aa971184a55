"""A club with its board: opened by the first parent, joined and left in one press."""

from datetime import timedelta

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import delete, or_

from community.core import clock
from community.core.db import db, unit_of_work
from community.core.jobs import job
from community.forums.models import Board
from community.forums.queries import clubs as queries
from community.groups import actions as groups
from community.groups.models import Group, first_day_of
from community.groups.queries import club_by_id, club_of
from community.items import actions as items
from community.items.models import Follow, ReadPosition, Stance
from community.items.queries import follow as stance_to
from community.members.models import Member
from community.members.queries import member_by_id
from community.messages.actions.notices import recount
from community.sites.models import Site
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

UNDO = timedelta(minutes=1)  # leaving can be taken back: what was followed and read stays that long


def name_of(month: str) -> str:
    """How a club is called: "Club March 2027"."""
    return _("Club %(month)s", month=format_date(first_day_of(month), "MMMM y"))


def open_club(site: Site, month: str) -> Group:
    """The club of a month with its board, opened where there is none."""
    club = groups.open_club(site, month)
    if queries.board_of(club) is None:
        with force_locale(site.locale):
            title = name_of(month)
        db.session.add(Board(site=site, slug=f"club-{month}", path=club.path, title=title, group_id=club.id))
        db.session.flush()
    return club


def join_club(site: Site, month: str, member: Member) -> Group:
    """Be in the club of a month, and hear of what begins there."""
    club = open_club(site, month)
    if groups.join(club, member):
        _follow_talk(club, member)
        recount(member)
        record(member, Verb.CLUB_JOINED, club)
    return club


def leave_club(site: Site, month: str, member: Member) -> None:
    """Be in a club no more. What one wrote there stays; nothing that is said there is told any longer."""
    club = club_of(site, month)
    if club is not None and groups.leave(club, member):
        recount(member)
        record(member, Verb.CLUB_LEFT, club)
        forget_talk.later(club.id, member.id, at=clock.now() + UNDO, key=f"{club.key}:{member.id}")


@job
def forget_talk(club_id: int, member_id: int) -> None:
    """What somebody followed and read in a club goes, unless they came back."""
    with unit_of_work():
        club, member = club_by_id(club_id), member_by_id(member_id)
        if club is None or member is None or club.id in member.group_ids:
            return
        talk, boards = queries.items_of(club.id), queries.boards_of(club.id)
        is_followed = or_(Follow.item_id.in_(talk), Follow.collection_id.in_(boards))
        db.session.execute(delete(Follow).where(Follow.member_id == member.id, is_followed))
        is_read = ReadPosition.item_id.in_(talk)
        db.session.execute(delete(ReadPosition).where(ReadPosition.member_id == member.id, is_read))


def _follow_talk(club: Group, member: Member) -> None:
    """Unless the member comes back and had chosen otherwise."""
    board = queries.board_of(club)
    if board is not None and stance_to(member, board) is None:
        items.follow(member, board, Stance.FOLLOW)
