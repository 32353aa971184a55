"""`publish()` screens what somebody wrote and sets it live, or lets it wait for a moderator."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask_babel import format_date
from flask_babel import gettext as _

from community.core import clock
from community.core.db import db
from community.core.refused import Refused
from community.items import queries as item_queries
from community.items.models import Post, State, Written
from community.members.models import Member, Visitor
from community.members.queries import member_by_id
from community.messages.actions import notices
from community.moderation.actions.concerns import raise_concern
from community.moderation.actions.states import Words, set_state
from community.moderation.models import ConcernKind
from community.moderation.policy import Said, author_id_of, site_of
from community.moderation.queries import screening as queries
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

_LINK = re.compile(r"https?://|www\.|\bhref=", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
POSTS_BEFORE_LINKS = 1  # a new member's first post with a link waits
REFUSED = "refused"  # a word that is not taken; where it came in by an edit, the post waits
SAME_HOST = 3  # the third link of one member to the same place waits
# For the kinds of items that members write, handed over in `app.py`: which deed each is, and who else hears of it.
VERBS: dict[str, Verb] = {}
WHEN_LIVE: list[Callable[[Any], None]] = []


def publish(words: Post | Written, writer: Member) -> None:
    """Make a post or an item live, or hold it for a moderator; only what is live is told to the profile and to
    others."""
    if screen(words, writer):
        set_live(words)


def screen(words: Words, writer: Member) -> bool:
    """Whether these words may stand at once; else they wait for a moderator, or are not taken at all."""
    check_may_write(writer)
    with db.session.no_autoflush:  # what is new is stored once it is known what becomes of it
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


def screen_again(words: Post | Written) -> None:
    """What says something else now may have to wait; what a moderator asked to change goes back to the desk."""
    writer = member_by_id(author_id_of(words) or 0)
    if words.state == State.HELD and words.held_because == "edit":
        raise_concern(words, ConcernKind.EDITED, "edit")
    elif words.is_live and writer is not None:
        set_state(words, State.HELD)  # it does not count for its own author
        words.held_because = reason_to_hold(words, writer)
        _hold(words) if words.held_because else set_state(words, State.LIVE)


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


def set_live(words: Post | Written) -> None:
    """Others can read it from now on: it is told to the record and to whom it concerns."""
    set_state(words, State.LIVE)
    _tell_of_post(words) if isinstance(words, Post) else _tell_of_item(words)


def let_stand(words: Words) -> None:
    """Others can read it, for the first time or again; it is told once."""
    words.held_because = ""
    if isinstance(words, Said) or queries.was_told(verb_of(words), words):
        set_state(words, State.LIVE)
    else:
        set_live(words)


def verb_of(words: Post | Written) -> Verb:
    """What writing this was."""
    if not isinstance(words, Post):
        return VERBS[words.kind]
    if words.item.kind != "topic":
        return Verb.COMMENT_WRITTEN
    return Verb.TOPIC_STARTED if words.number == 1 else Verb.POST_WRITTEN


def _tell_of_post(post: Post) -> None:
    """What an anonymous parent wrote is a deed of nobody in the record."""
    record(post.author or Visitor(site=post.item.site), verb_of(post), post.item, post_id=post.id)
    notices.tell_of_post.later(post.id, key=post.key)


def _tell_of_item(item: Written) -> None:
    author = member_by_id(item.author_id or 0)
    record(author or Visitor(site=item.site), verb_of(item), item)
    for tell in WHEN_LIVE:
        tell(item)


def _hold(words: Words) -> None:
    set_state(words, State.HELD)
    db.session.flush()  # what is new gets its number
    raise_concern(words, ConcernKind.HELD, words.held_because)


def _is_trusted(writer: Member) -> bool:
    return writer.is_staff or writer.is_expert


def _refused_words(words: Words) -> str:
    return ", ".join(row.word for row in queries.watched_in(site_of(words), _words_of(words)) if row.is_refused)


def _words_of(words: Words) -> str:
    if isinstance(words, Written):
        return words.words
    if isinstance(words, Post) and words.item.opens_with_post and words.number == 1:
        return f"{words.item.title}\n{words.body}"
    body: str = words.body
    return body


def _links_again(words: Words, writer: Member) -> bool:
    """Whether this is a member's third post that links to the same place outside."""
    hosts = _hosts(_words_of(words))
    if not hosts:
        return False
    except_id = words.id if isinstance(words, Post) else None
    earlier = [_hosts(body) for body in queries.recent_bodies(writer.id, except_id)]
    return any(sum(host in linked for linked in earlier) >= SAME_HOST - 1 for host in hosts)


def _hosts(body: str) -> set[str]:
    return {host.removeprefix("www.") for address in _ADDRESS.findall(body) if (host := _host(address))}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
