"""How a change reaches the index: noted in its own commit, read on by each machine's one writer.

What changes through the session is noted by itself. Who changes rows past it (a bulk UPDATE) says so."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import structlog
from sqlalchemy import delete, event, inspect
from sqlalchemy.orm import Session

from community.core import clock
from community.core.db import WHEN_STORED, Model, at_the_end, db, send, settled, unit_of_work
from community.core.jobs import every, job
from community.items.models import Item, Post
from community.members.models import Member
from community.profiles.models import Profile
from community.search import desk, queries
from community.search.documents import Document
from community.search.engine import Index
from community.search.models import IndexChange
from community.search.place import place

ALL = "all"  # everything may have changed: the index is built anew
WHOLE = "whole"  # no byte may be left of what is gone, at the latest at night
NIGHT = "night"  # and now is the time
ORDERS = frozenset({ALL, WHOLE, NIGHT})
KEPT = 100_000  # changes; who has missed more builds anew
MOST_BY_ITSELF = 50_000  # rows; building from more is begun by a person
# Changes that tell nothing of what is found: counts, and moments that go with them; `id` comes with each of them.
UNTOLD = frozenset(
    {"active_at", "changed_at", "helpful_bound", "helpful_count", "id", "is_pinned", "last_live_number"}
    | {"last_post_number", "post_count", "review_count", "thank_count", "vote_count"}
)
OF_MEMBER = frozenset({"name", "site", "state", "title", "username"})
Told = Callable[[int, int], None]
_NOTE = IndexChange.metadata.tables["index_changes"].insert()
log = structlog.get_logger()


def note(keys: Iterable[str]) -> None:
    """Say, in the deed's commit, that these things (`item:3` with its posts, `post:77`, `member:9`) changed."""
    for key in keys:
        at_the_end(f"index:{key}", partial(_store, key))


def forget(member: Member) -> None:
    """What a member wrote carries their number no more, and no byte is left of what went with them."""
    db.session.execute(queries.note_of(queries.written_by(member.id)))
    note([member.key, WHOLE])


def follow() -> bool:
    """Let this machine's index learn what changed, and build it where there is none that can; False where that is
    left to a person."""
    newest = settled(queries.newest_change)
    if newest is None:
        return True
    with place.writing():
        index = _readable()
        orders = _read_on(index, newest) if index else {ALL}
    if ALL in orders:
        return _build_by_itself()
    if index and not index.purges and _is_to_purge(orders, index):
        rebuild()
    return True


def rebuild(told: Told = lambda done, total: None) -> int:
    """A new index from the database, beside the present one and then in its place; how many documents it holds."""
    with place.writing("build"):
        while (bookmark := settled(queries.newest_change)) is None:
            log.warning("search index waits for a long deed")
        db.session.expire_all()  # rows may have changed since they were read here
        name, index = place.begin_build()
        index.write((), _counted(queries.everything(), told), bookmark)
        count = index.count
        index.close()
        with place.writing():
            place.put_in_place(name)
    return count


def mend() -> None:
    """Build the index anew where it cannot be read."""
    try:
        if index := place.present():
            index.check()
    except Exception as error:  # a damaged file fails in any way
        log.error("search index damaged", error=f"{type(error).__name__}: {error}")
        rebuild()


@every(86_400)
@job
def tidy() -> None:
    """Forget changes that every machine has read long ago; what is gone leaves no byte."""
    with unit_of_work():
        db.session.execute(delete(IndexChange).where(IndexChange.id <= queries.newest_change() - KEPT))
        note([NIGHT])
        desk.forget_counts(clock.now().date())


def _readable() -> Index | None:
    """The present index for who writes: nobody swaps it meanwhile, so one that cannot be opened is damaged."""
    try:
        return place.present()
    except Exception as error:  # a damaged file fails in any way
        log.error("search index damaged", error=f"{type(error).__name__}: {error}")
        return None


def _read_on(index: Index, newest: int) -> set[str]:
    """Read changes to the newest; which orders stood among them. ALL where the index has missed some, or knows of some
    that are not there."""
    bookmark = index.bookmark
    orders: set[str] = set()
    if not queries.oldest_change() - 1 <= bookmark <= newest:
        return {ALL}
    while changes := queries.changes_after(bookmark, newest):
        keys = {change.key for change in changes}
        orders |= keys & ORDERS
        if ALL in keys:
            break
        bookmark = changes[-1].id
        db.session.expire_all()  # rows may have changed since they were read here
        index.write(keys - ORDERS, queries.documents_of(keys - ORDERS), bookmark, is_whole=bool(keys & ORDERS))
    return orders


def _is_to_purge(orders: set[str], index: Index) -> bool:
    return NIGHT in orders or (WHOLE in orders and index.count <= MOST_BY_ITSELF)


def _build_by_itself() -> bool:
    rows = queries.count_of_everything()
    if rows <= MOST_BY_ITSELF:
        rebuild()
        return True
    log.warning("no search index, and much to build it from: run `flask search rebuild`", rows=rows)
    return False


def _counted(documents: Iterable[Document], told: Told) -> Iterable[Document]:
    total = queries.count_of_everything()
    for number, document in enumerate(documents, 1):
        if number % 100 == 0:
            told(min(number, total), total)
        yield document
    told(total, total)


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: Any) -> None:
    note({key for row in session.dirty if inspect(row).committed_state for key in _keys_of(row, _changed(row))})
    note({key for row in (*session.new, *session.deleted) for key in _keys_of(row, OF_MEMBER)})


def _note_stored(row: Model) -> None:
    note(_keys_of(row, OF_MEMBER))


WHEN_STORED.append(_note_stored)


def _changed(row: Any) -> frozenset[str]:
    return frozenset(inspect(row).committed_state) - UNTOLD


def _keys_of(row: Any, changed: frozenset[str]) -> list[str]:
    """The things that are found differently after these columns of a row changed."""
    if not changed:
        return []
    if isinstance(row, Item):
        return [f"item:{row.id}"]
    if isinstance(row, Post):
        return [row.key, f"item:{row.item_id}"] if row.number == 1 else [row.key]
    if isinstance(row, Profile):
        return [f"member:{row.member_id}"]
    return [row.key] if isinstance(row, Member) and changed & OF_MEMBER else []


def _store(key: str) -> None:
    send(_NOTE, {"key": key})
