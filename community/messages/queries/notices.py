"""Reads of notices: what a member's bell shows and a mail may tell, and whom a post concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, String, and_, case, cast, distinct, func, or_, select, true
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.groups.models import Membership
from community.items.models import Follow, Item, Post, Pseudonym, Stance, State, Visibility, item_tags
from community.items.queries import blocked_by, mentioned_in, refusers, visible_to
from community.members.models import Member, MemberState
from community.messages.models import ALWAYS_TOLD, Choices, Notice, NoticeKind


@dataclass(frozen=True)
class Hearer:
    """Somebody who may be told, and where they want to hear of it."""

    member_id: int
    has_agreed_to_mail: bool
    choices: Choices | None


@dataclass(frozen=True)
class Bundle:
    """Notices of one kind about one conversation, read or unread together: one line of the bell."""

    newest: Notice
    first: Notice
    people_count: int
    is_unread: bool
    is_guarded: bool = False  # "something changed": no title is named

    @property
    def path(self) -> str:
        """Where it leads: the first post that was not read."""
        return self.first.path or (self.first.post or self.first.item or self.first).path

    @property
    def who(self) -> str:
        """Who did it, the last one by name."""
        actor = self.newest.actor
        name = actor.name if actor is not None and not actor.is_erased else self.newest.actor_name
        name, others = name or _("Somebody"), self.people_count - 1
        if others < 1:
            return name
        return ngettext("%(name)s and %(num)d other", "%(name)s and %(num)d others", others, name=name)

    @property
    def words(self) -> str:
        """What happened, in a sentence."""
        kind, item = NoticeKind(self.newest.kind), self.newest.item
        if kind == NoticeKind.MESSAGE:
            return str(self.newest.facts["subject"])
        if kind in ALWAYS_TOLD or item is None or self.is_guarded:
            return plain_words(kind)
        return full_words(kind, self.who, item.title)


def full_words(kind: NoticeKind, who: str, title: str) -> str:
    """A sentence that names who did something, and where."""
    return {
        NoticeKind.ANSWER: _("%(who)s answered in “%(title)s”", who=who, title=title),
        NoticeKind.QUOTE: _("%(who)s answered you in “%(title)s”", who=who, title=title),
        NoticeKind.MENTION: _("%(who)s named you in “%(title)s”", who=who, title=title),
        NoticeKind.THANKS: _("%(who)s thanked you for your words in “%(title)s”", who=who, title=title),
        NoticeKind.ACCEPTED: _("Your answer in “%(title)s” helped", title=title),
        NoticeKind.TOPIC: _("%(who)s began “%(title)s”", who=who, title=title),
        NoticeKind.CLUB: _("%(who)s began “%(title)s” in your club", who=who, title=title),
        NoticeKind.STORY: _("%(who)s published “%(title)s”", who=who, title=title),
    }[kind]


def plain_words(kind: NoticeKind) -> str:
    """The same without a name, a title, a board or a club."""
    return {
        NoticeKind.ANSWER: _("Somebody answered in a conversation that you follow"),
        NoticeKind.QUOTE: _("Somebody answered you"),
        NoticeKind.MENTION: _("Somebody named you"),
        NoticeKind.THANKS: _("Somebody thanked you"),
        NoticeKind.ACCEPTED: _("An answer of yours helped"),
        NoticeKind.TOPIC: _("Somebody began a conversation"),
        NoticeKind.CLUB: _("There is news for you"),
        NoticeKind.STORY: _("Somebody whose blog you follow wrote something new"),
        NoticeKind.FEATURE: _("An editor would like to show a story of yours"),
        NoticeKind.DECISION: _("A moderator decided about something of yours"),
        NoticeKind.REPORT: _("What you reported was looked at"),
        NoticeKind.CASE: _("Our service answered you"),
        NoticeKind.POINTS: _("You have new points as an ambassador"),
        NoticeKind.MESSAGE: _("There is a word for you from us"),
    }[kind]


def bundles_page(member: Member, before: int | None, limit: int) -> list[Bundle]:
    """What a member's bell shows, the newest first: two statements. `before` is a notice's number."""
    is_alone = Notice.item_id.is_(None) | Notice.kind.in_(ALWAYS_TOLD)
    thread = case((is_alone, -Notice.id), else_=Notice.item_id)
    person = func.coalesce(cast(Notice.actor_id, String), Notice.actor_name)
    newest = func.max(Notice.id)
    query = select(newest, func.min(Notice.id), func.count(distinct(person)), func.count(Notice.read_at))
    query = _with_things(query.select_from(Notice)).where(_is_for(member), Notice.is_shown)
    query = query.group_by(Notice.kind, thread, Notice.read_at.is_(None)).order_by(newest.desc()).limit(limit)
    rows = db.session.execute(query.having(newest < before) if before else query).all()
    found = _by_id([number for row in rows for number in row[:2]])
    return [
        Bundle(found[last], found[first], people, not read_count, bool(member.guarded_since))
        for last, first, people, read_count in rows
    ]


def unread_count(member: Member) -> int:
    """How many notices of a member are unread: those that the bell shows."""
    query = _with_things(select(func.count(Notice.id)).select_from(Notice))
    return db.session.scalar(query.where(_is_for(member), Notice.is_shown, Notice.read_at.is_(None))) or 0


def members_to_mail(now: datetime) -> list[int]:
    """Whom a mail may tell now of something unread."""
    return list(db.session.scalars(select(Notice.member_id).where(Notice.mail_at <= now).distinct()))


def to_mail(member: Member, now: datetime, limit: int) -> list[Notice]:
    """Unread notices of a member that a mail may tell of now, oldest first."""
    query = _with_things(select(Notice)).where(_is_for(member), Notice.mail_at <= now, Notice.read_at.is_(None))
    query = query.options(*_parts()).order_by(Notice.id).limit(limit)
    return list(db.session.scalars(query))


def last_mailed(member: Member, item_ids: Sequence[int]) -> dict[int, datetime]:
    """When a mail last told a member of these conversations."""
    query = select(Notice.item_id, func.max(Notice.mailed_at)).group_by(Notice.item_id)
    query = query.where(Notice.member_id == member.id, Notice.item_id.in_(item_ids), Notice.mailed_at.is_not(None))
    return {item_id: at for item_id, at in db.session.execute(query) if item_id and at}


def hearers(member_ids: Sequence[int], kind: NoticeKind, item: Item | None, author_id: int | None) -> list[Hearer]:
    """Who of these may be told of something that this author did: two decisions of a moderator reach everybody.

    The others are active, may see the item, and mute neither it nor its author. After "something changed"
    nothing is told of items for a stage of life or of clubs."""
    query = select(Member.id, Member.mail, Choices).outerjoin(Choices, Choices.member_id == Member.id)
    query = query.where(Member.id.in_(member_ids), Member.state != MemberState.ERASED)
    if kind not in ALWAYS_TOLD:
        query = query.where(Member.state == MemberState.ACTIVE, Member.id.not_in(refusers(author_id, item)))
        query = query.where(*_may_see(item))
        if kind == NoticeKind.CLUB or (item is not None and (item.group_id or item.stage_from is not None)):
            query = query.where(Member.guarded_since.is_(None))
    return [Hearer(*row) for row in db.session.execute(query)]


def concerned_by(post: Post) -> dict[int, NoticeKind]:
    """Whom a new post concerns, each by the strongest reason; its writer never."""
    found: dict[int, NoticeKind] = {}
    if post.item.opens_with_post and post.number == 1:
        found |= dict.fromkeys(_followers_around(post), NoticeKind.CLUB if post.item.group_id else NoticeKind.TOPIC)
    else:
        found |= dict.fromkeys(_followers(Follow.item_id == post.item_id), NoticeKind.ANSWER)
    found |= {member.id: NoticeKind.MENTION for member in mentioned_in(post.body)}
    answered = _writer_of(post.parent_id)
    if answered is not None:
        found[answered] = NoticeKind.QUOTE
    return {member_id: kind for member_id, kind in found.items() if member_id != post.writer_id}


def _followers_around(post: Post) -> set[int]:
    """Who follows the board, the author or a subject of a new conversation."""
    item = post.item
    tags = select(item_tags.c.tag_id).where(item_tags.c.item_id == item.id)
    things: list[ColumnElement[bool]] = [Follow.tag_id.in_(tags)]
    if item.collection_id is not None:
        things.append(Follow.collection_id == item.collection_id)
    if item.theme_id is not None:
        things.append(Follow.tag_id == item.theme_id)
    if post.author_id is not None:
        is_blocked = Follow.member_id.in_(blocked_by(post.author_id))
        things.append(and_(Follow.person_id == post.author_id, ~is_blocked))
    return _followers(or_(*things))


def _followers(thing: ColumnElement[bool]) -> set[int]:
    return set(db.session.scalars(select(Follow.member_id).where(thing, Follow.stance == Stance.FOLLOW)))


def _writer_of(post_id: int | None) -> int | None:
    """Who wrote a post, also under a pseudonym."""
    query = select(func.coalesce(Pseudonym.member_id, Post.author_id)).select_from(Post)
    return db.session.scalar(query.outerjoin(Post.pseudonym).where(Post.id == post_id)) if post_id else None


def _may_see(item: Item | None) -> list[Any]:
    """The conditions that a member sees an item in their lists."""
    if item is None or (item.is_live and item.visibility in (Visibility.PUBLIC, Visibility.MEMBERS)):
        return []
    if item.is_live and item.visibility == Visibility.CLUB:
        return [Member.id.in_(select(Membership.member_id).where(Membership.group_id == item.group_id))]
    return [Member.id == item.author_id if item.is_live else Member.id.is_(None)]


def _with_things(query: Any) -> Any:
    return query.outerjoin(Item, Notice.item_id == Item.id).outerjoin(Post, Notice.post_id == Post.id)


def _is_for(member: Member) -> ColumnElement[bool]:
    """The condition that a notice is a member's, and about something that they may still hear of."""
    is_seen = visible_to(select(Item.id), member).whereclause
    is_live = or_(Notice.post_id.is_(None), Post.state == State.LIVE)
    is_told = or_(Notice.item_id.is_(None), and_(true() if is_seen is None else is_seen, is_live))
    if member.guarded_since:
        is_plain = and_(Item.stage_from.is_(None), Item.group_id.is_(None))
        is_told = and_(is_told, is_plain, Notice.kind.not_in((NoticeKind.CLUB, NoticeKind.MESSAGE)))
    return and_(Notice.member_id == member.id, or_(Notice.kind.in_(ALWAYS_TOLD), is_told))


def _by_id(numbers: Sequence[int]) -> dict[int, Notice]:
    query = select(Notice).where(Notice.id.in_(numbers)).options(*_parts())
    return {notice.id: notice for notice in db.session.scalars(query)}


def _parts() -> tuple[Any, ...]:
    return joinedload(Notice.item), joinedload(Notice.actor), joinedload(Notice.post).joinedload(Post.item)
