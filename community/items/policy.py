"""Who may read, write, edit and delete what stands under an item."""

from datetime import timedelta
from typing import Any, NamedTuple

from community.core import clock
from community.core.permissions import Permission
from community.items.models import Item, Post, State, Visibility
from community.items.models.shown import ShownItem, ShownPost

RESTORABLE = timedelta(minutes=10)  # after it was deleted; the page offers it for ten seconds


class Rights(NamedTuple):
    """What a reader may do with a comment."""

    is_writer: bool
    may_thank: bool
    may_edit: bool
    may_delete: bool


def may_see(reader: Any, item: Item | ShownItem) -> bool:
    """Live items by their visibility; an author sees what is only theirs, a moderator what a club says."""
    if item.state != State.LIVE:
        return False
    if item.visibility == Visibility.ME:
        return bool(reader.is_member) and item.author_id == reader.id
    if item.visibility == Visibility.CLUB:
        return item.group_id in reader.group_ids or bool(reader.can(Permission.POST_HIDE, item.site))
    return item.visibility == Visibility.PUBLIC or bool(reader.is_member)


def may_post(member: Any, item: Item | ShownItem) -> bool:
    """Members write under what they may see."""
    return bool(member.can(Permission.POST_WRITE)) and may_see(member, item)


def is_writer(member: Any, post: Post | ShownPost) -> bool:
    """Whether this member wrote it, also under a pseudonym."""
    return bool(member.is_member) and post.writer_id == member.id


def may_thank(member: Any, post: Post | ShownPost) -> bool:
    """Members thank for what is live, but for what they wrote themselves."""
    return bool(member.is_member) and post.is_live and not is_writer(member, post)


def may_edit_post(member: Any, post: Post | ShownPost) -> bool:
    """One's own, while others see it or it waits."""
    return is_writer(member, post) and post.state in (State.LIVE, State.HELD)


def may_delete_post(member: Any, post: Post | ShownPost) -> bool:
    """As editing."""
    return may_edit_post(member, post)


def may_restore_post(member: Any, post: Post | ShownPost) -> bool:
    """What one deleted oneself a moment ago."""
    is_fresh = post.deleted_at is not None and clock.now() - post.deleted_at < RESTORABLE
    return is_writer(member, post) and post.state == State.DELETED and is_fresh


def rights_on(member: Any, post: ShownPost) -> Rights:
    """What a page offers a reader to do with a comment."""
    return Rights(
        is_writer(member, post), may_thank(member, post), may_edit_post(member, post), may_delete_post(member, post)
    )
