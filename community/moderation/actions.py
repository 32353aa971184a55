"""`publish()` screens what somebody wrote and sets it live or held; a moderator keeps or hides it."""

import re

from community.core import audit
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post, State
from community.members.models import Member
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

_LINK = re.compile(r"https?://|www\.|\bhref=", re.IGNORECASE)
POSTS_BEFORE_LINKS = 1  # a new member's first post with a link waits


def publish(post: Post, verb: Verb) -> None:
    """Make a post live, or hold it for a moderator; only what is live is told to the profile."""
    why = reason_to_hold(post)
    if why:
        post.held_because = why
        items.set_post_state(post, State.HELD)
    else:
        _set_live(post, verb)


def screen_again(post: Post) -> None:
    """What was live and says something else now may have to wait; it does not count for its own author."""
    if post.is_live:
        items.set_post_state(post, State.HELD)
        post.held_because = reason_to_hold(post)
        if not post.held_because:
            items.set_post_state(post, State.LIVE)


def reason_to_hold(post: Post) -> str:
    """Why a post should wait, as a short key; empty where nothing speaks against it."""
    if post.author is None or post.author.is_staff or post.author.is_expert:
        return ""
    if _LINK.search(post.body) and item_queries.live_post_count(post.author.id) < POSTS_BEFORE_LINKS:
        return "first-link"
    return ""


def keep(post: Post, moderator: Member) -> None:
    """A moderator lets it stand."""
    _set_live(post, Verb.COMMENT_WRITTEN)
    audit.keep("post.kept", post.key, moderator.id, because=post.held_because)


def hide(post: Post, moderator: Member) -> None:
    """A moderator takes it away."""
    items.set_post_state(post, State.HIDDEN)
    audit.keep("post.hidden", post.key, moderator.id)


def _set_live(post: Post, verb: Verb) -> None:
    items.set_post_state(post, State.LIVE)
    if post.author is not None:
        record(post.author, verb, post.item, post_id=post.id)
