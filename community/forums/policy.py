"""Who may read, start, answer, change and take away on boards. What holds for every kind stands in items/."""

from datetime import timedelta
from typing import Any, NamedTuple

from community.core.permissions import Permission
from community.forums.models import Board, ShownTopic, Topic, topic_of
from community.items import policy as items
from community.items.models import Followed, Post, Stance, State
from community.items.models.shown import ShownPost
from community.items.queries import Guard
from community.members.models import Member

OPEN_HISTORY_AFTER = timedelta(hours=24)  # whoever changes a text so late shows everybody what it said


class Rights(NamedTuple):
    """What a reader may do with one post."""

    may_thank: bool
    may_accept: bool
    may_edit: bool
    may_delete: bool
    may_see_history: bool


def may_see_board(reader: Any, board: Board) -> bool:
    """Everybody; the talk of a club its members, and a moderator by its address."""
    return _is_inside(reader, board) or bool(reader.can(Permission.POST_HIDE, board.site))


def may_start(member: Any, board: Board) -> bool:
    """Members, in a club those who are in it."""
    return bool(member.can(Permission.POST_WRITE)) and _is_inside(member, board)


def may_reply(member: Any, topic: Topic | ShownTopic) -> bool:
    """Members, under what they may see and nobody locked."""
    return items.may_post(member, topic) and not topic.is_locked


def may_keep(member: Any, thing: Board | Topic | ShownTopic) -> bool:
    """Moderators of its site: pin, lock, slow down, move, merge."""
    return bool(member.can(Permission.TOPIC_KEEP, thing.site))


def may_read(reader: Any, topic: Topic | ShownTopic, opening: Post | ShownPost | None) -> bool:
    """What is live; what waits or is hidden its moderators, what waits its author too."""
    if items.may_see(reader, topic):
        return True
    if topic.state == State.HELD and opening is not None and items.is_writer(reader, opening):
        return True
    return topic.state in (State.HELD, State.HIDDEN) and bool(reader.can(Permission.POST_HIDE, topic.site))


def may_read_post(reader: Any, post: Post | ShownPost) -> bool:
    """As the topic; what waits its author and moderators, what is hidden moderators alone."""
    if post.state == State.LIVE:
        return True
    if post.state == State.HELD and items.is_writer(reader, post):
        return True
    return post.state in (State.HELD, State.HIDDEN) and bool(reader.can(Permission.POST_HIDE, post.item.site))


def may_edit(member: Any, post: Post | ShownPost) -> bool:
    """One's own, until the topic is locked or the words are taken away."""
    return items.may_edit_post(member, post) and bool(post.body) and not topic_of(post).is_locked


def may_delete(member: Any, post: Post | ShownPost) -> bool:
    """As editing."""
    return may_edit(member, post)


def may_restore(member: Any, post: Post | ShownPost) -> bool:
    """What one deleted oneself, or the words that one took out of an opening."""
    if items.may_restore_post(member, post):
        return True
    return items.is_writer(member, post) and post.is_live and not post.body


def may_see_history(reader: Any, post: Post | ShownPost) -> bool:
    """Its writer and moderators; everybody where it still stands and was changed more than a day after."""
    if items.is_writer(reader, post) or reader.can(Permission.POST_HIDE, post.item.site):
        return True
    is_late = post.edited_at is not None and post.edited_at - post.created_at >= OPEN_HISTORY_AFTER
    return is_late and post.is_live and bool(post.body)


def rights_on(reader: Any, post: ShownPost, is_asker: bool) -> Rights:
    """What a page offers a reader to do with a post."""
    is_own = items.is_writer(reader, post)
    return Rights(
        may_thank(reader, post),
        may_accept(reader, post, is_asker),
        is_own and may_edit(reader, post),
        is_own and may_delete(reader, post),
        post.edited_at is not None and may_see_history(reader, post),
    )


def may_take_stance(member: Any, thing: Followed, stance: Stance | None) -> bool:
    """Anything but oneself can be followed or muted; people alone are blocked."""
    if isinstance(thing, Member):
        return bool(thing.id != member.id)
    return stance is not Stance.BLOCK


def may_thank(member: Any, post: Post | ShownPost) -> bool:
    """As for everything that stands under an item."""
    return items.may_thank(member, post)


def may_accept(member: Any, answer: Post | ShownPost, is_asker: bool) -> bool:
    """Who asked and moderators say which answer helped; the question itself is none."""
    may_choose = is_asker or bool(member.can(Permission.TOPIC_KEEP, answer.item.site))
    return may_choose and answer.number > 1 and answer.is_live


def is_offered(board: Board, guard: Guard | None) -> bool:
    """Whether a list of boards may hold it after "something changed"."""
    if guard is None or board.stage_from is None:
        return True
    return any(board.stage_from <= day.corrected <= (board.stage_to or day.corrected) for day in guard.days)


def _is_inside(reader: Any, board: Board) -> bool:
    return board.group_id is None or board.group_id in reader.group_ids
