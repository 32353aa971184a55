"""The record of contacts, the verbs it knows, and how far each projection has read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model
from community.members.models import Purpose
from community.sites.models import Site, SiteColumn


class Verb(StrEnum):
    """What a contact was, in alphabetical order; named for what the person did."""

    AMBASSADOR_JOINED = "ambassador.joined"
    AMBASSADOR_LEFT = "ambassador.left"
    ANSWER_ACCEPTED = "answer.accepted"
    ARTICLE_PUBLISHED = "article.published"
    CASE_ANSWERED = "case.answered"  # by us
    CASE_OPENED = "case.opened"
    CASE_SOLVED = "case.solved"
    CHAT_WRITTEN = "chat.written"
    CLUB_JOINED = "club.joined"
    CLUB_LEFT = "club.left"
    COMMENT_WRITTEN = "comment.written"
    FRIEND_CAME = "friend.came"  # told of the ambassador, about the friend
    ITEM_DISMISSED = "item.dismissed"
    ITEM_REPORTED = "item.reported"
    MEMBER_CONFIRMED = "member.confirmed"
    MEMBER_REGISTERED = "member.registered"
    MESSAGE_SENT = "message.sent"  # by us, to who came into an audience
    ORDER_PLACED = "order.placed"
    ORDER_RETURNED = "order.returned"  # whole, or some lines of it
    PAGE_LEFT = "page.left"  # the beacon: seconds and how far was read
    PAGE_READ = "page.read"
    POST_THANKED = "post.thanked"
    POST_WRITTEN = "post.written"
    PREGNANCY_CHANGED = "pregnancy.changed"  # the one stop; carries nothing
    REVIEW_VOTED = "review.voted"
    REVIEW_WRITTEN = "review.written"
    SEARCH_MADE = "search.made"
    STORY_PUBLISHED = "story.published"  # in a blog
    TOPIC_STARTED = "topic.started"


READING = frozenset({Purpose.PERSONALISATION, Purpose.ANALYTICS})


@dataclass(frozen=True)
class Rule:
    """What a verb may carry, and which consents (any of them) it needs; none for a deed."""

    facts: frozenset[str] = frozenset()
    needs: frozenset[Purpose] = frozenset()


RULES: dict[Verb, Rule] = {
    Verb.AMBASSADOR_JOINED: Rule(),
    Verb.AMBASSADOR_LEFT: Rule(),
    Verb.ANSWER_ACCEPTED: Rule(frozenset({"post_id"})),
    Verb.ARTICLE_PUBLISHED: Rule(),
    Verb.CASE_ANSWERED: Rule(frozenset({"kind"})),
    Verb.CASE_OPENED: Rule(frozenset({"kind"})),
    Verb.CASE_SOLVED: Rule(frozenset({"kind"})),
    Verb.CHAT_WRITTEN: Rule(frozenset({"line_id"})),
    Verb.CLUB_JOINED: Rule(),
    Verb.CLUB_LEFT: Rule(),
    Verb.COMMENT_WRITTEN: Rule(frozenset({"post_id"})),
    Verb.FRIEND_CAME: Rule(frozenset({"referral_id"})),
    Verb.ITEM_DISMISSED: Rule(needs=frozenset({Purpose.PERSONALISATION})),
    Verb.ITEM_REPORTED: Rule(frozenset({"reason"})),
    Verb.MEMBER_CONFIRMED: Rule(),
    Verb.MEMBER_REGISTERED: Rule(frozenset({"source"})),
    Verb.MESSAGE_SENT: Rule(),
    Verb.ORDER_PLACED: Rule(frozenset({"cents"})),
    Verb.ORDER_RETURNED: Rule(frozenset({"cents"})),
    Verb.PAGE_LEFT: Rule(frozenset({"seconds", "share"}), READING),
    Verb.PAGE_READ: Rule(needs=READING),
    Verb.POST_THANKED: Rule(frozenset({"post_id"})),
    Verb.POST_WRITTEN: Rule(frozenset({"post_id"})),
    Verb.PREGNANCY_CHANGED: Rule(),
    Verb.REVIEW_VOTED: Rule(frozenset({"author_id", "is_helpful"})),
    Verb.REVIEW_WRITTEN: Rule(),
    Verb.SEARCH_MADE: Rule(frozenset({"words", "count"}), READING),
    Verb.STORY_PUBLISHED: Rule(),
    Verb.TOPIC_STARTED: Rule(frozenset({"post_id"})),
}


class Touchpoint(Model):
    """One contact. `allows` keeps what the person agreed to at that moment, as letters: a projection reads
    only rows that its own purpose allows (p personalisation, a analytics, o offers)."""

    __tablename__ = "touchpoints"
    __table_args__ = (
        Index("ix_touchpoints_member", "member_id", "id"),
        Index("ix_touchpoints_visitor", "visitor_id", "id"),
        Index("ix_touchpoints_about", "about", "verb"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(30))
    site: Mapped[Site] = mapped_column(SiteColumn)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    visitor_id: Mapped[str | None] = mapped_column(String(32))
    about: Mapped[str | None] = mapped_column(String(40))  # the key of the item or thing
    channel: Mapped[str] = mapped_column(String(10), default="web")
    allows: Mapped[str] = mapped_column(String(4), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def about_id(self) -> int:
        """The number in `about`."""
        return int((self.about or ":0").partition(":")[2])


class Bookmark(Model):
    """How far a projection has read."""

    __tablename__ = "bookmarks"

    projection: Mapped[str] = mapped_column(String(60), primary_key=True)
    touchpoint_id: Mapped[int]


LETTERS = {Purpose.PERSONALISATION: "p", Purpose.ANALYTICS: "a", Purpose.OFFERS: "o", Purpose.MAIL: "m"}
