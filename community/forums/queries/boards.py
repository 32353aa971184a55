"""Boards and what stands on them: numbered pages, a cursor beyond; ids from the index, the rows in the same
statement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, literal, or_, select, tuple_

from community.core.db import db
from community.forums.models import Board, Topic
from community.forums.queries.lines import TopicLine, lines_of
from community.forums.queries.unread import Fresh, fresh_of, is_new_to, last_read, nothing_new_before
from community.items.models import REFUSING, Follow, Item, Post, Pseudonym, State
from community.items.queries import Guard, Rows, anybody, listed, offered, refused
from community.sites.models import Site


class Show(StrEnum):
    """Which topics of a board to show."""

    ALL = ""
    UNANSWERED = "unanswered"
    NEW = "new"
    MINE = "mine"


@dataclass(frozen=True)
class Shelf:
    """The topics of a board that one reader's list holds. Who may see the board may see all that is live on it."""

    board: Board
    reader: Any
    show: Show = Show.ALL
    is_whole: bool = False  # known to lack nothing that stands on the board

    def holds(self, query: Rows) -> Rows:
        """Only what stands on this shelf, without what the reader muted."""
        query = query.where(Item.collection_id == self.board.id, Item.state == State.LIVE)
        if self.show is Show.UNANSWERED:
            query = query.where(Item.post_count <= 1)
        if self.is_whole or not self.reader.is_member:
            return query
        query = narrowed(query, self.show, self.reader)
        kind = or_(Item.author_id.is_(None), Item.author_id.not_in(refused(self.reader, Follow.person_id)))
        return query.where(Item.id.not_in(refused(self.reader, Follow.item_id)), kind)


class BoardStanding(NamedTuple):
    """How a reader stands to a board."""

    stance: str = ""
    has_refused: bool = False  # muted or blocked anybody or any item, wherever
    is_waiting: bool = False  # for a moderator, with topics of their own


class Listed(NamedTuple):
    """A topic on the list of one reader."""

    line: TopicLine
    fresh: Fresh | None  # what is new to the reader

    @property
    def id(self) -> int:
        """The topic's."""
        return self.line.id


def boards_of(site: Site, reader: Any) -> list[tuple[Board, int | None]]:
    """A site's boards in their order, without clubs and muted ones; each with the topic where somebody wrote last, but
    for what is quiet."""
    latest = func.coalesce(_latest_on(reader, is_pinned=False), _latest_on(reader, is_pinned=True))
    query = select(Board, latest).where(Board.site == site, Board.group_id.is_(None))
    if reader.is_member:
        query = query.where(Board.id.not_in(refused(reader, Follow.collection_id)))
    return [(board, topic_id) for board, topic_id in db.session.execute(query.order_by(Board.position, Board.title))]


def board_by_slug(site: Site, slug: str) -> Board | None:
    """A board of a site, a club's too."""
    return db.session.scalar(_BOARD_OF_SLUG, {"site": site, "slug": slug})


def board_by_id(site: Site, board_id: int) -> Board | None:
    """A board of a site by its number."""
    return db.session.scalar(select(Board).where(Board.site == site, Board.id == board_id))


def living_topic_ids(site: Site, reader: Any, guard: Guard | None, limit: int) -> list[int]:
    """Where people talk now, on all boards that may be offered."""
    query = select(Item.id).where(Item.site == site, Item.kind == "topic", Item.is_quiet.is_(False))
    query = offered(query.where(Item.group_id.is_(None)), reader, guard)
    return list(db.session.scalars(query.order_by(Item.active_at.desc(), Item.id.desc()).limit(limit)))


def standing_on(board: Board, reader: Any) -> BoardStanding:
    """How a reader stands to a board: one statement, none for a visitor."""
    if not reader.is_member:
        return BoardStanding()
    stance, *others = db.session.execute(_STANDING, {"reader_id": reader.id, "board_id": board.id}).one()
    return BoardStanding(stance or "", *map(bool, others))


def count_on(shelf: Shelf, at_most: int) -> int:
    """How many topics stand on a shelf; no more than needed are counted, none where the board keeps their number."""
    if shelf.is_whole:
        return min(shelf.board.item_count, at_most)
    held = shelf.holds(select(Item.id)).limit(at_most)
    return db.session.scalar(select(func.count()).select_from(held.subquery())) or 0


def topics_on(shelf: Shelf, offset: int, limit: int) -> list[Listed]:
    """A stretch of a shelf: pinned ones first, then where somebody wrote last."""
    statement = _statement(shelf)
    earliest = nothing_new_before(shelf.reader) if shelf.reader.is_member else None
    asked = {"board_id": shelf.board.id, "reader_id": shelf.reader.id, "earliest": earliest}
    return _listed(db.session.execute(statement, {**asked, "offset": offset, "limit": limit}))


def topics_before(shelf: Shelf, item_id: int, limit: int) -> list[Listed]:
    """What follows a topic of a shelf; nothing where it does not stand there."""
    order = Item.is_pinned, Item.active_at, Item.id
    place = shelf.holds(select(*order)).where(Item.id == item_id).subquery()
    query = shelf.holds(select(Item.id)).where(tuple_(*order) < select(*place.c).scalar_subquery())
    earliest = nothing_new_before(shelf.reader) if shelf.reader.is_member else None
    return _listed(db.session.execute(_with_lines(_in_order(query).limit(limit), shelf.reader, earliest)))


def waiting_of(member: Any, board: Board) -> list[Topic]:
    """The member's own topics on a board that wait for a moderator."""
    return list(db.session.scalars(_WAITING, {"reader_id": member.id, "board_id": board.id}))


def talk_ids(site: Site, reader: Any, guard: Guard | None, show: Show, before: int | None, limit: int) -> list[int]:
    """What is new to a member, or where they wrote, on all boards and in their clubs; the latest talk first."""
    order = Item.active_at, Item.id
    query = narrowed(select(Item.id).where(Item.site == site, Item.kind == "topic"), show, reader)
    if show is Show.NEW:
        query = query.where(Item.is_quiet.is_(False))
    if before:
        query = query.where(tuple_(*order) < select(*order).where(Item.id == before).scalar_subquery())
    query = listed(query, reader, guard).order_by(Item.active_at.desc(), Item.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def narrowed(query: Rows, show: Show, member: Any) -> Rows:
    """Only what is new to a member, or where they wrote, if that is asked."""
    if show is Show.NEW:
        return query.where(is_new_to(member))
    return query.where(Item.id.in_(_written_by(member))) if show is Show.MINE else query


def _waiting() -> Select[Any]:
    opening = select(Post.item_id).join(Pseudonym, Pseudonym.id == Post.pseudonym_id)
    opening = opening.where(Post.number == 1, Pseudonym.member_id == bindparam("reader_id"))
    named = select(Item.id).where(Item.author_id == bindparam("reader_id"), Item.state == State.HELD)
    query = select(Topic).where(Topic.id.in_(named.union(opening)))
    query = query.where(Topic.collection_id == bindparam("board_id"), Topic.state == State.HELD)
    return query.order_by(Topic.id.desc()).limit(5)


def _standing() -> Select[Any]:
    reader_id: Any = bindparam("reader_id")
    own = select(Follow.id).where(Follow.member_id == reader_id)
    refused = own.where(Follow.stance.in_(REFUSING), or_(Follow.person_id.is_not(None), Follow.item_id.is_not(None)))
    stance = select(Follow.stance).where(Follow.member_id == reader_id, Follow.collection_id == bindparam("board_id"))
    return select(stance.scalar_subquery(), refused.exists(), _waiting().exists())


_WAITING = _waiting()
_STANDING = _standing()
_BOARD_OF_SLUG = select(Board).where(Board.site == bindparam("site"), Board.slug == bindparam("slug"))
_ANY_BOARD: Any = SimpleNamespace(id=bindparam("board_id"))


def _statement(shelf: Shelf) -> Select[Any]:
    """What lists the topics of a shelf: built once, as building costs more than asking; but for what is new, which
    depends on more of its reader."""
    if shelf.show is Show.NEW:
        return _built(shelf, shelf.reader)
    return _built_for_any(shelf.show, shelf.is_whole, shelf.reader.is_member)


@lru_cache
def _built_for_any(show: Show, is_whole: bool, is_member: bool) -> Select[Any]:
    reader = anybody(is_member)
    return _built(Shelf(_ANY_BOARD, reader, show, is_whole), reader)


def _built(shelf: Shelf, reader: Any) -> Select[Any]:
    held = _in_order(shelf.holds(select(Item.id))).offset(bindparam("offset")).limit(bindparam("limit"))
    return _with_lines(held, reader, bindparam("earliest", type_=Item.active_at.type))


def _with_lines(held: Select[Any], reader: Any, earliest: Any) -> Select[Any]:
    """The lines of these topics in their order, each with how far a member had read where there is more."""
    if not reader.is_member:
        return _in_order(lines_of(held))
    if isinstance(earliest, datetime):
        earliest = literal(earliest, Item.active_at.type)
    return _in_order(lines_of(held).add_columns(last_read(reader.id, earliest)))


def _listed(rows: Any) -> list[Listed]:
    """A reader's own rows hold one value more than a line."""
    width = len(TopicLine._fields)
    found = [(TopicLine._make(row[:width]), row[width:]) for row in rows]
    return [Listed(line, fresh_of(line, *more) if more and more[0] is not None else None) for line, more in found]


def _in_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(Item.is_pinned.desc(), Item.active_at.desc(), Item.id.desc())


def _latest_on(reader: Any, is_pinned: bool) -> Any:
    """The topic of a board where somebody wrote last, found at the end of the index."""
    query = select(Item.id).where(Item.collection_id == Board.id, Item.state == State.LIVE)
    query = query.where(Board.is_quiet.is_(False), Item.is_quiet.is_(False), Item.is_pinned.is_(is_pinned))
    if reader.is_member:
        people = refused(reader, Follow.person_id)
        query = query.where(or_(Item.author_id.is_(None), Item.author_id.not_in(people)))
        query = query.where(Item.id.not_in(refused(reader, Follow.item_id)))
    query = query.order_by(Item.active_at.desc(), Item.id.desc()).limit(1)
    return query.correlate(Board).scalar_subquery()


def _written_by(member: Any) -> Any:
    """The items under which a member wrote, under a pseudonym too: for that member's own list alone."""
    named = select(Post.item_id).where(Post.author_id == member.id, Post.state == State.LIVE)
    return named.union(select(Pseudonym.item_id).where(Pseudonym.member_id == member.id))
