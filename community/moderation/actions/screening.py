"""`publish()` screens what somebody wrote and sets it live or held; a moderator keeps or hides it."""

import re

from flask_babel import format_date
from flask_babel import gettext as _

from community.core import audit, clock
from community.core.refused import Refused
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post, State
from community.members.models import Member, Visitor
from community.members.queries import member_by_id
from community.messages.actions import notices
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

_LINK = re.compile(r"https?://|www\.|\bhref=", re.IGNORECASE)
POSTS_BEFORE_LINKS = 1  # a new member's first post with a link waits


def publish(post: Post, writer: Member) -> None:
    """Make a post live, or hold it for a moderator; only what is live is told to the profile and to others."""
    check_may_write(writer)
    post.held_because = reason_to_hold(post, writer)
    if post.held_because:
        items.set_post_state(post, State.HELD)
    else:
        set_live(post)


def check_may_write(member: Member) -> None:
    """Refuse somebody whom a moderator asked to wait; what was typed stays in the form."""
    if member.muted_until is not None and member.muted_until > clock.now():
        day = format_date(member.muted_until, "long")
        raise Refused(_("You can read everything, and write again from %(day)s.", day=day))


def screen_again(post: Post) -> None:
    """What was live and says something else now may have to wait; it does not count for its own author."""
    writer = member_by_id(post.writer_id or 0)
    if post.is_live and writer is not None:
        items.set_post_state(post, State.HELD)
        post.held_because = reason_to_hold(post, writer)
        if not post.held_because:
            items.set_post_state(post, State.LIVE)


def reason_to_hold(post: Post, writer: Member) -> str:
    """Why a post should wait, as a short key; empty where nothing speaks against it."""
    if writer.is_staff or writer.is_expert:
        return ""
    if _LINK.search(post.body) and item_queries.live_post_count(writer.id) < POSTS_BEFORE_LINKS:
        return "first-link"
    return ""


def keep(post: Post, moderator: Member) -> None:
    """A moderator lets it stand."""
    set_live(post)
    audit.keep("post.kept", post.key, moderator.id, because=post.held_because)


def hide(post: Post, moderator: Member) -> None:
    """A moderator takes it away."""
    items.set_post_state(post, State.HIDDEN)
    audit.keep("post.hidden", post.key, moderator.id)


def set_live(post: Post) -> None:
    """Others can read it from now on: it is told to the record and to whom it concerns.

    What an anonymous parent wrote is a deed of nobody in the record."""
    items.set_post_state(post, State.LIVE)
    record(post.author or Visitor(site=post.item.site), verb_of(post), post.item, post_id=post.id)
    notices.tell_of_post.later(post.id, key=post.key)


def verb_of(post: Post) -> Verb:
    """What writing this post was."""
    if post.item.kind != "topic":
        return Verb.COMMENT_WRITTEN
    return Verb.TOPIC_STARTED if post.number == 1 else Verb.POST_WRITTEN
