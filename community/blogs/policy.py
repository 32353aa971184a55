"""Who may read, change, take away and feature a story."""

from typing import Any

from community.blogs.models import BlogPost
from community.core import clock
from community.core.permissions import Permission
from community.items.models import State, Visibility
from community.items.policy import RESTORABLE, may_see

OPEN_TO_CHANGE = (State.DRAFT, State.HELD, State.LIVE, State.WITHDRAWN)


def may_read(reader: Any, story: BlogPost) -> bool:
    """What is live, as its audience says; one's own in any state; a moderator what waits or is hidden."""
    if may_see(reader, story):
        return True
    waits = story.state in (State.HELD, State.HIDDEN)
    return is_own(reader, story) or (waits and bool(reader.can(Permission.POST_HIDE, story.site)))


def is_own(reader: Any, story: BlogPost) -> bool:
    """Whether this reader wrote it, and did not take it away."""
    return bool(reader.is_member) and story.author_id == reader.id and story.state != State.DELETED


def may_change(member: Any, story: BlogPost) -> bool:
    """One's own, unless a moderator hid it."""
    return is_own(member, story) and story.state in OPEN_TO_CHANGE


def may_restore(member: Any, story: BlogPost) -> bool:
    """What one took away oneself a moment ago."""
    is_fresh = clock.now() - story.changed_at < RESTORABLE
    return bool(member.is_member) and story.author_id == member.id and story.state == State.DELETED and is_fresh


def may_feature(editor: Any, story: BlogPost) -> bool:
    """Editors of its site, what everybody may read; nobody features themselves."""
    may = bool(editor.can(Permission.BLOG_FEATURE, story.site)) and story.author_id != editor.id
    return may and story.is_live and story.visibility == Visibility.PUBLIC


def may_agree(member: Any, story: BlogPost) -> bool:
    """Its author, once an editor asked."""
    return is_own(member, story) and story.is_live and story.feature_asked_at is not None
