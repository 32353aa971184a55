"""Themes, boards and clubs: those of the demonstration's texts where a site has none."""

from babel.dates import format_date

from community.core.db import unit_of_work
from community.demo import texts
from community.demo.actions.loading import put_theme
from community.demo.actions.talk import put_board
from community.forums.models import Board
from community.groups.models import Group, first_day_of
from community.simulation import queries
from community.simulation.actions.store import Store
from community.simulation.world import Place, Town, at
from community.sites.models import Site


def build(town: Town) -> None:
    """The site's boards and the clubs that are there."""
    if not queries.themes(town.site):
        _put_what_is_fixed(town.site)
    town.places = [
        Place(board.id, board.theme_id, board.stage_from, board.stage_to, board.is_quiet, path=board.path)
        for board in queries.boards(town.site)
    ]
    for club, board in queries.clubs(town.site):
        town.clubs[club.month] = Place(board.id, None, None, None, group_id=club.id, path=board.path)


def club_of(store: Store, town: Town, month: str, opened: int) -> Place:
    """The club of a month with its board, opened by the first who joins."""
    if month not in town.clubs:
        site, club_id, board_id = town.site, store.number(Group), store.number(Board)
        path, slug = f"{site.path}clubs/{month}/", f"club-{month}"
        store.add(Group, id=club_id, site=site, month=month, opened_at=at(opened))
        title = f"Club {format_date(first_day_of(month), 'MMMM y', locale=site.locale)}"
        store.add(Board, id=board_id, kind="board", site=site, slug=slug, path=path, title=title, group_id=club_id)
        town.clubs[month] = Place(board_id, None, None, None, group_id=club_id, path=path, opened=opened)
    return town.clubs[month]


def _put_what_is_fixed(site: Site) -> None:
    with unit_of_work():
        for theme in texts.themes():
            put_theme(theme)
    with unit_of_work():
        for board in texts.boards():
            put_board(board)
