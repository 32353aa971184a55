"""How moderators keep the boards in order: pin, lock, slow down, keep quiet, move, merge. Each deed is on record, with
the facts that undo it within a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import db
from community.core.generation import changed
from community.core.refused import Refused
from community.forums.actions import merging
from community.forums.models import Board, Topic
from community.forums.queries import keeping as queries
from community.items import actions as items
from community.members.models import Member
from community.moderation.models import Decision, Deed

UNDO_WITHIN = timedelta(seconds=60)
Facts = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What a moderator asks for with a deed."""

    reason: str = ""  # shown in the topic
    board: Board | None = None  # to move to
    into: Topic | None = None  # to merge with
    minutes: int = 0  # between two answers of one member


def keep(topic: Topic, deed: Deed, moderator: Member, wish: Wish) -> Decision:
    """Do one deed to one topic; the facts of the decision tell how it was before."""
    facts = DEEDS[deed](topic, wish)
    decision = Decision(
        about=topic.key,
        item_id=topic.id,
        person_id=topic.author_id,
        moderator_id=moderator.id,
        site=topic.site,
        deed=deed,
        words=wish.reason,
        at=clock.now(),
        facts=facts,
    )
    db.session.add(decision)
    db.session.flush()
    audit.keep(f"topic.{deed}", topic.key, moderator.id, decision=decision.id)
    changed(topic.site.code)
    return decision


def keep_board(board: Board, moderator: Member, is_quiet: bool) -> None:
    """Let a board be quiet with every topic on it, or offer them again."""
    if board.is_quiet != is_quiet:
        items.set_quiet(board, is_quiet)
        audit.keep("board.quiet" if is_quiet else "board.unquiet", board.key, moderator.id)
        changed(board.site.code)


def undo(decision: Decision, moderator: Member) -> None:
    """Let a topic be as it was before a deed."""
    topic = queries.topic_by_id(decision.item_id or 0)
    if topic is None:
        return
    facts = dict(decision.facts)
    if decision.deed == Deed.MERGE:
        merging.part(topic, facts)
    elif decision.deed == Deed.MOVE:
        _move_back(topic, facts)
    else:
        _set(topic, **facts)
    decision.undone_at = clock.now()
    audit.keep("decision.undone", topic.key, moderator.id, decision=decision.id)
    changed(topic.site.code)


def check_pace(topic: Topic, writer: Member) -> None:
    """Refuse a second answer too soon after the first, where a moderator slowed the topic down."""
    if not topic.slow_minutes or writer.is_staff:
        return
    last = queries.last_written(topic, writer)
    free_at = last and last + timedelta(minutes=topic.slow_minutes)
    if free_at and free_at > clock.now():
        minutes = -(-(free_at - clock.now()).seconds // 60)
        raise Refused(
            _(
                "This conversation goes slowly for now. You can answer again in %(minutes)d min; keep your text.",
                minutes=minutes,
            )
        )


def _pin(topic: Topic, _wish: Wish) -> Facts:
    return _set(topic, is_pinned=True)


def _unpin(topic: Topic, _wish: Wish) -> Facts:
    return _set(topic, is_pinned=False)


def _lock(topic: Topic, wish: Wish) -> Facts:
    return _set(topic, is_locked=True, lock_reason=wish.reason)


def _unlock(topic: Topic, _wish: Wish) -> Facts:
    return _set(topic, is_locked=False, lock_reason="")


def _slow(topic: Topic, wish: Wish) -> Facts:
    return _set(topic, slow_minutes=wish.minutes, slow_reason=wish.reason if wish.minutes else "")


def _quiet(topic: Topic, _wish: Wish) -> Facts:
    return _set(topic, is_quiet=True)


def _unquiet(topic: Topic, _wish: Wish) -> Facts:
    return _set(topic, is_quiet=False)


def _move(topic: Topic, wish: Wish) -> Facts:
    """To another board of the site; never into or out of a club, whose members wrote for themselves alone. A topic
    that was marked quiet by itself stays so."""
    board = wish.board
    if board is None or board.site != topic.site:
        raise Refused(_("Choose a board of this site."), "board")
    if board.group_id != topic.group_id:
        raise Refused(_("What was written in a club stays in it, and nothing moves into one."), "board")
    facts = {"board": topic.collection_id, "is_quiet": topic.is_quiet}
    is_marked = topic.is_quiet and topic.collection is not None and not topic.collection.is_quiet
    items.place(topic, board)
    topic.is_quiet = topic.is_quiet or is_marked
    return facts


def _merge(topic: Topic, wish: Wish) -> Facts:
    target = wish.into
    if target is None or target.site != topic.site:
        raise Refused(_("There is no conversation at this address."), "into")
    if target.id == topic.id:
        raise Refused(_("This is the conversation itself. Choose another one."), "into")
    if target.group_id != topic.group_id:
        raise Refused(_("What was written in a club stays in it, and nothing moves into one."), "into")
    return merging.join(topic, target)


def _set(topic: Topic, **values: Any) -> Facts:
    """Change some columns; what they held before."""
    before = {name: getattr(topic, name) for name in values}
    for name, value in values.items():
        setattr(topic, name, value)
    return before


def _move_back(topic: Topic, facts: Facts) -> None:
    board = queries.board_by_id(facts["board"])
    if board is not None:
        items.place(topic, board)
        topic.is_quiet = facts.get("is_quiet", board.is_quiet)


DEEDS: dict[Deed, Callable[[Topic, Wish], Facts]] = {
    Deed.PIN: _pin,
    Deed.UNPIN: _unpin,
    Deed.LOCK: _lock,
    Deed.UNLOCK: _unlock,
    Deed.SLOW: _slow,
    Deed.QUIET: _quiet,
    Deed.UNQUIET: _unquiet,
    Deed.MOVE: _move,
    Deed.MERGE: _merge,
}
