"""`publish()` screens what somebody wrote and sets it live, or lets it wait for a moderator."""

import re
from urllib.parse import urlsplit

from flask_babel import format_date
from flask_babel import gettext as _

from community.core import clock
from community.core.refused import Refused
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post, State
from community.members.models import Member, Visitor
from community.members.queries import member_by_id
from community.messages.actions import notices
from community.moderation.actions.concerns import raise_concern
from community.moderation.actions.states import Words, set_state
from community.moderation.models import ConcernKind
from community.moderation.policy import Said, site_of
from community.moderation.queries import screening as queries
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

_LINK = re.compile(r"https?://|www\.|\bhref=", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
POSTS_BEFORE_LINKS = 1  # a new member's first post with a link waits
REFUSED = "refused"  # a word that is not taken; where it came in by an edit, the post waits
SAME_HOST = 3  # the third link of one member to the same place waits


def publish(post: Post, writer: Member) -> None:
    """Make a post live, or hold it for a moderator; only what is live is told to the profile and to others."""
    if screen(post, writer):
        set_live(post)


def screen(words: Words, writer: Member) -> bool:
    """Whether these words may stand at once; else they wait for a moderator, or are not taken at all."""
    check_may_write(writer)
    words.held_because = reason_to_hold(words, writer)
    if words.held_because == REFUSED:
        raise Refused(_("One of these words is not taken here: %(words)s.", words=_refused_words(words)), "body")
    if words.held_because:
        _hold(words)
    return not words.held_because


def check_may_write(member: Member) -> None:
    """Refuse somebody whom a moderator asked to wait; what was typed stays in the form."""
    if member.muted_until is not None and member.muted_until > clock.now():
        day = format_date(member.muted_until, "long")
        raise Refused(_("You can read everything, and write again from %(day)s.", day=day))


def screen_again(post: Post) -> None:
    """What says something else now may have to wait; what a moderator asked to change goes back to the desk."""
    writer = member_by_id(post.writer_id or 0)
    if post.state == State.HELD and post.held_because == "edit":
        raise_concern(post, ConcernKind.EDITED, "edit")
    elif post.is_live and writer is not None:
        items.set_post_state(post, State.HELD)  # it does not count for its own author
        post.held_because = reason_to_hold(post, writer)
        _hold(post) if post.held_because else items.set_post_state(post, State.LIVE)


def reason_to_hold(words: Words, writer: Member) -> str:
    """Why words should wait, as a short key; empty where nothing speaks against it."""
    if _is_trusted(writer):
        return ""
    if _LINK.search(_words_of(words)) and item_queries.live_post_count(writer.id) < POSTS_BEFORE_LINKS:
        return "first-link"
    if _links_again(words, writer):
        return "same-link"
    watched = queries.watched_in(site_of(words), _words_of(words))
    return REFUSED if any(row.is_refused for row in watched) else "word" if watched else ""


def set_live(post: Post) -> None:
    """Others can read it from now on: it is told to the record and to whom it concerns.

    What an anonymous parent wrote is a deed of nobody in the record."""
    items.set_post_state(post, State.LIVE)
    record(post.author or Visitor(site=post.item.site), verb_of(post), post.item, post_id=post.id)
    notices.tell_of_post.later(post.id, key=post.key)


def let_stand(words: Words) -> None:
    """Others can read it, for the first time or again; it is told once."""
    words.held_because = ""
    if isinstance(words, Said) or queries.was_told(verb_of(words), words):
        set_state(words, State.LIVE)
    else:
        set_live(words)


def verb_of(post: Post) -> Verb:
    """What writing this post was."""
    if post.item.kind != "topic":
        return Verb.COMMENT_WRITTEN
    return Verb.TOPIC_STARTED if post.number == 1 else Verb.POST_WRITTEN


def _hold(words: Words) -> None:
    set_state(words, State.HELD)
    raise_concern(words, ConcernKind.HELD, words.held_because)


def _is_trusted(writer: Member) -> bool:
    return writer.is_staff or writer.is_expert


def _refused_words(words: Words) -> str:
    return ", ".join(row.word for row in queries.watched_in(site_of(words), _words_of(words)) if row.is_refused)


def _words_of(words: Words) -> str:
    if isinstance(words, Post) and words.item.opens_with_post and words.number == 1:
        return f"{words.item.title}\n{words.body}"
    body: str = words.body
    return body


def _links_again(words: Words, writer: Member) -> bool:
    """Whether this is a member's third post that links to the same place outside."""
    hosts = _hosts(words.body)
    if not hosts:
        return False
    except_id = words.id if isinstance(words, Post) else 0
    earlier = [_hosts(body) for body in queries.recent_bodies(writer.id, except_id)]
    return any(sum(host in linked for linked in earlier) >= SAME_HOST - 1 for host in hosts)


def _hosts(body: str) -> set[str]:
    return {host.removeprefix("www.") for address in _ADDRESS.findall(body) if (host := _host(address))}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
