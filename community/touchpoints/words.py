"""How a contact is told to those who may know of it: a few words, without what was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from community.items.models import Item
from community.touchpoints.models import Touchpoint, Verb

WORDS = {
    Verb.AMBASSADOR_JOINED: _l("Became an ambassador"),
    Verb.AMBASSADOR_LEFT: _l("Left the ambassadors"),
    Verb.ANSWER_ACCEPTED: _l("Accepted an answer"),
    Verb.ARTICLE_PUBLISHED: _l("Published an article"),
    Verb.CASE_ANSWERED: _l("Our service answered"),
    Verb.CASE_OPENED: _l("Wrote to our service"),
    Verb.CASE_SOLVED: _l("A case was solved"),
    Verb.CHAT_WRITTEN: _l("Wrote in a chat"),
    Verb.CLUB_JOINED: _l("Joined a club"),
    Verb.CLUB_LEFT: _l("Left a club"),
    Verb.COMMENT_WRITTEN: _l("Wrote a comment"),
    Verb.FRIEND_CAME: _l("Brought a friend"),
    Verb.ITEM_DISMISSED: _l("Did not want to see something"),
    Verb.ITEM_REPORTED: _l("Reported something"),
    Verb.MEMBER_CONFIRMED: _l("Confirmed the address"),
    Verb.MEMBER_REGISTERED: _l("Registered"),
    Verb.MESSAGE_SENT: _l("We wrote"),
    Verb.ORDER_PLACED: _l("Ordered"),
    Verb.ORDER_RETURNED: _l("Sent something back"),
    Verb.PAGE_LEFT: _l("Read to some point"),
    Verb.PAGE_READ: _l("Read a page"),
    Verb.POST_THANKED: _l("Thanked for a post"),
    Verb.POST_WRITTEN: _l("Wrote an answer"),
    Verb.REVIEW_VOTED: _l("Voted on a review"),
    Verb.REVIEW_WRITTEN: _l("Wrote a review"),
    Verb.SEARCH_MADE: _l("Searched"),
    Verb.STORY_PUBLISHED: _l("Published a story"),
    Verb.TOPIC_STARTED: _l("Started a conversation"),
}


@dataclass(frozen=True)
class Event:
    """A contact as a timeline shows it."""

    at: datetime
    text: str
    path: str


def events(touchpoints: Iterable[Touchpoint], items: Mapping[str, Item]) -> list[Event]:
    """Contacts in words, each with the item that it is about where that may be named."""
    return [_event(touchpoint, items.get(touchpoint.about or "")) for touchpoint in touchpoints]


def _event(touchpoint: Touchpoint, item: Item | None) -> Event:
    words = str(WORDS[Verb(touchpoint.verb)])
    return Event(touchpoint.at, f"{words}: {item.title}" if item else words, item.path if item else "")
