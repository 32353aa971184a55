"""The outbox: a mail is a row before it is a message. Notices: what the bell tells. What a member chose of
both, and which addresses mail came back from."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.items.models import Item, Post
from community.members.models import Member
from community.sites.models import Site, SiteColumn


class MailClass(StrEnum):
    """Why a mail is sent; consent is asked by class."""

    TRANSACTIONAL = "transactional"  # asked for this minute: confirm, reset
    SERVICE = "service"  # safety and account notices
    COMMUNITY = "community"  # answers, clubs
    EDITORIAL = "editorial"  # the weekly mail
    PROMOTIONAL = "promotional"


# What an unsubscribe link may end: all that needs a yes, the weekly mail, offers, a wish for a new address, or (the
# words of `NoticeKind`, joined by "+") mails about these kinds of notices.
ALL, WEEKLY, OFFERS, NEW_ADDRESS = "all", "weekly", "offers", "new-address"


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # handed to the mail server this moment
    SENT = "sent"
    UNKNOWN = "unknown"  # its worker died between; it is shown and not sent again by itself
    FAILED = "failed"


class Mail(Model):
    """One mail to one member. The address is read when it is sent; `to_new_address` says which of two.

    `old_address` is one that the member had: it is told that it is theirs no more. Whoever is no member is written
    to at `to_address` alone: an answer to what they asked."""

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_by_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    to_address: Mapped[str | None] = mapped_column(String(254), index=True)  # of who is no member
    to_new_address: Mapped[bool] = mapped_column(default=False)
    old_address: Mapped[str | None] = mapped_column(String(254))
    mail_class: Mapped[str] = mapped_column(String(14))
    name: Mapped[str] = mapped_column(String(40))  # which mail of ours
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    ends: Mapped[str] = mapped_column(String(60), default=ALL)  # what its unsubscribe link ends, see `ALL`
    state: Mapped[str] = mapped_column(String(10), default=MailState.WAITING)
    why_failed: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    member: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    @property
    def address(self) -> str:
        """Where it goes, read when it is sent; empty where the address is gone."""
        if self.member is None:
            return self.to_address or ""
        return self.old_address or (self.member.new_email if self.to_new_address else self.member.email) or ""


class NoticeKind(StrEnum):
    """What a notice tells; a member chooses by kind where to hear of it."""

    ANSWER = "answer"  # somebody wrote in a conversation that I follow
    QUOTE = "quote"  # somebody answered or quoted me
    MENTION = "mention"  # somebody named me
    THANKS = "thanks"  # somebody thanked me
    ACCEPTED = "accepted"  # my answer helped
    TOPIC = "topic"  # a new conversation on a board, by a person or about a subject that I follow
    CLUB = "club"  # something about my club
    STORY = "story"  # a new story in a blog that I follow
    FEATURE = "feature"  # an editor asks to show a story of mine
    DECISION = "decision"  # a moderator decided about what I wrote, or about me
    REPORT = "report"  # what became of what I reported
    CASE = "case"  # an answer to what I asked the service
    POINTS = "points"  # what I did as an ambassador helped
    MESSAGE = "message"  # from us, because of what I do here; its letter is one of its own


# unless chosen otherwise
MAILED = (NoticeKind.ANSWER, NoticeKind.QUOTE, NoticeKind.MENTION, NoticeKind.ACCEPTED, NoticeKind.MESSAGE)
# by the bell, whatever was chosen, muted or hidden
ALWAYS_TOLD = (NoticeKind.DECISION, NoticeKind.REPORT, NoticeKind.CASE, NoticeKind.FEATURE)


class Choices(Model):
    """Where a member wants to hear of what: kinds of notices by channel, and how much mail.

    Whoever chose nothing has no row, and what stands here as defaults."""

    __tablename__ = "notice_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    bell: Mapped[list[str]] = mapped_column(JSON)  # kinds
    mail: Mapped[list[str]] = mapped_column(JSON)  # kinds
    weekly: Mapped[bool] = mapped_column(default=True)
    only_club: Mapped[bool] = mapped_column(default=False)  # no mail but about their clubs
    paused_until: Mapped[datetime | None]


class BounceKind(StrEnum):
    """What came back instead of an answer."""

    HARD = "hard"  # nobody is there
    SOFT = "soft"  # not now; three in 30 days count as nobody
    COMPLAINT = "complaint"  # "this is spam"


class Bounce(Model):
    """What a mail server told of an address. It stops mail until the member lifts it.

    Kept by address, not by member: the address is what does not work."""

    __tablename__ = "bounces"
    __table_args__ = (UniqueConstraint("address", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))  # in lower case
    source: Mapped[str] = mapped_column(String(200))  # the message that told it, so that it counts once
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12), default="")  # 5.1.1
    reason: Mapped[str] = mapped_column(String(300), default="")  # the server's words
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]  # the member asked to try again


class SubscriberState(StrEnum):
    """What an address said elsewhere, before it came here."""

    WANTS = "wants"  # mail; it gets none from us until its owner says so here
    LEFT = "left"
    CLEANED = "cleaned"  # mail to it came back


class Subscriber(Model):
    """An address of a list that was kept elsewhere. Once it left or was cleaned, no later list changes that."""

    __tablename__ = "subscribers"
    __table_args__ = (UniqueConstraint("site", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    address: Mapped[str] = mapped_column(String(254), index=True)  # in lower case
    name: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(120))  # the file
    since: Mapped[datetime | None]  # as the list tells


class Notice(Model):
    """One thing that happened, told to one member. The bell groups those of one conversation.

    Its words are made when it is shown, from what its reader may see then."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        Index("ix_notices_of_member", "member_id", "id"),
        Index("ix_notices_to_mail", "mail_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))  # of what happened, so that it is told once: `answer:post:77`
    kind: Mapped[str] = mapped_column(String(10))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    actor_name: Mapped[str] = mapped_column(String(80), default="")  # of an anonymous parent
    path: Mapped[str] = mapped_column(String(200), default="")  # where it leads, where no post says so
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    is_shown: Mapped[bool] = mapped_column(default=True)  # by the bell; else only a mail tells of it
    mail_at: Mapped[datetime | None]  # from when a mail may tell of it, where it is still unread
    mailed_at: Mapped[datetime | None]

    item: Mapped[Item | None] = relationship(lazy="raise_on_sql")
    post: Mapped[Post | None] = relationship(lazy="raise_on_sql")
    actor: Mapped[Member | None] = relationship(foreign_keys=[actor_id], lazy="raise_on_sql")
