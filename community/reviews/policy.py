"""Who may see, change, take away and vote on a review."""

from typing import Any

from community.core import clock
from community.core.permissions import Permission
from community.items.models import State
from community.items.policy import RESTORABLE, may_see
from community.reviews.models import Review


def may_read(reader: Any, review: Review) -> bool:
    """What is live; one's own while it waits; a moderator all but what its author took away."""
    if may_see(reader, review):
        return True
    waits = review.state in (State.HELD, State.HIDDEN)
    return waits and (is_own(reader, review) or bool(reader.can(Permission.POST_HIDE, review.site)))


def is_own(reader: Any, review: Review) -> bool:
    """Whether this reader wrote it."""
    return bool(reader.is_member) and review.author_id == reader.id


def may_edit(member: Any, review: Review) -> bool:
    """One's own, while others see it or it waits."""
    return is_own(member, review) and review.state in (State.LIVE, State.HELD)


def may_restore(member: Any, review: Review) -> bool:
    """What one took away oneself a moment ago."""
    is_fresh = clock.now() - review.changed_at < RESTORABLE
    return is_own(member, review) and review.state == State.DELETED and is_fresh


def may_vote(member: Any, review: Review) -> bool:
    """Members say what helped them, but for what they wrote themselves."""
    return bool(member.can(Permission.POST_WRITE)) and may_see(member, review) and not is_own(member, review)
