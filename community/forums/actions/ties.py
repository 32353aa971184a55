"""Thanks, the answer that helped, and what members have read."""

from typing import Any

from community.core import clock
from community.core.db import db, insert_into
from community.core.generation import changed
from community.forums.models import Board, BoardMark
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Item, Post
from community.items.policy import is_writer
from community.members.models import Member, Visitor
from community.members.queries import member_by_id
from community.messages.actions.notices import seen, tell
from community.messages.models import NoticeKind
from community.touchpoints.actions import record
from community.touchpoints.models import Verb


def thank(post: Post, member: Member) -> None:
    """Thank for a post, once; its writer hears of it, an anonymous parent too."""
    if items.thank(post, member):
        record(_known_as(member, post.item), Verb.POST_THANKED, post.item, post_id=post.id)
        _tell_writer(post, NoticeKind.THANKS, f":{member.key}", _known_as(member, post.item))


def accept(answer: Post, member: Member) -> None:
    """This answer helped; there is one for each topic."""
    topic: Any = answer.item
    if topic.accepted_number == answer.number:
        return
    topic.accepted_number = answer.number
    changed(topic.site.code)
    record(_known_as(member, topic), Verb.ANSWER_ACCEPTED, topic, post_id=answer.id)
    if not is_writer(member, answer):
        _tell_writer(answer, NoticeKind.ACCEPTED)


def accept_none(answer: Post) -> None:
    """This answer is marked no more."""
    topic: Any = answer.item
    if topic.accepted_number == answer.number:
        topic.accepted_number = None
        changed(topic.site.code)


def mark_read(boards: list[Board], member: Member) -> None:
    """Nothing on these boards is new to a member."""
    now = clock.now()
    rows = [{"member_id": member.id, "board_id": board.id, "at": now} for board in boards]
    if rows:
        mark = insert_into(BoardMark)
        moved = mark.on_conflict_do_update(index_elements=["member_id", "board_id"], set_={"at": mark.excluded.at})
        db.session.execute(moved, rows)


def keep_positions(rows: list[dict[str, Any]]) -> None:
    """What members saw (`member_id`, `item_id`, `number`), gathered from their pages: their bell need not tell it."""
    items.keep_positions(rows)
    for member_id, item_id in sorted({(row["member_id"], row["item_id"]) for row in rows}):
        seen(member_id, item_id)


def _known_as(member: Member, item: Item) -> Any:
    """Who a deed is told of; nobody where the member is an anonymous parent in this conversation."""
    return Visitor(site=item.site) if item_queries.pseudonym(item.id, member.id) else member


def _tell_writer(post: Post, kind: NoticeKind, more: str = "", actor: Any = None) -> None:
    writer = member_by_id(post.writer_id or 0)
    if writer is not None:
        known = actor if actor is not None and actor.is_member else None
        tell(writer, kind, f"{kind}:{post.key}{more}", item=post.item, post=post, actor=known)
