"""What a member's weekly letter holds, and who is due one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from community.articles.models import StageNote
from community.articles.queries import published
from community.core import clock
from community.core.db import db
from community.home.models import WeeklyLetter
from community.home.queries.blocks import Block, block_with, blocks_of, family_in
from community.home.queries.mine import Answer, answers_to
from community.items.models import Item
from community.items.queries import as_cards, offered
from community.members.models import Member, MemberState
from community.messages.models import Choices
from community.messages.queries.choices import choices_of
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Channel, Offer, Place, Slot
from community.profiles.queries import family_of
from community.sites.models import Site
from community.sites.queries import open_sites

CLUB_TOPICS = 5
A_WEEK = timedelta(days=7)
HOURS = range(8, 20)  # of the member's own day


@dataclass(frozen=True)
class Letter:
    """The parts of a letter; any of them may be missing."""

    block: Block | None = None
    note: StageNote | None = None
    offer: Offer | None = None
    club_topics: list[Item] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def recommended(self) -> Sequence[Any]:
        """What to read, each with its reasons."""
        return self.offer.recommended if self.offer else ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say, so that nothing is sent."""
        return not (self.note or self.recommended or self.club_topics or self.answers)


def letter_for(member: Member, today: date) -> Letter:
    """What a member's next letter would hold; nothing after "something changed". In the present language."""
    if member.guarded_since:
        return Letter()
    since, site = _since(member), member.site
    club_topics = _club_topics(member, since)
    if choices_of(member.id).only_club:
        return Letter(club_topics=club_topics)
    family = family_of(member, today)
    block = block_with(blocks_of(family, today), None)
    answers = answers_to(member, family.guard, since)
    named = {topic.id for topic in club_topics} | {answer.item_id for answer in answers}
    place = Place(Slot.MAIL, site, channel=Channel.MAIL)
    return Letter(
        block=block,
        note=published.note_for(site, block.day.corrected) if block else None,
        offer=offer_for(member, place, family_in(family, block), today, without=named),
        club_topics=club_topics,
        answers=answers,
    )


def due_members(now: datetime, after: int, limit: int) -> list[int]:
    """Who is due a letter at this moment, in the order of their numbers."""
    query = _due(now).where(Member.id > after).order_by(Member.id).limit(limit)
    return list(db.session.scalars(query))


def is_due(member_id: int, now: datetime) -> bool:
    """Whether this member is, still."""
    return db.session.scalar(_due(now).where(Member.id == member_id)) is not None


def week_of(member: Member) -> str:
    """The week of the calendar where a member lives."""
    return f"{clock.today(member.site.zone):%G-W%V}"


def _due(now: datetime) -> Select[int]:
    """Active members who agreed, chose the letter, do not pause, live where it is day, and had none for a week."""
    wants = or_(Choices.member_id.is_(None), and_(Choices.weekly, ~_is_paused(now)))
    had = select(WeeklyLetter.week).where(WeeklyLetter.member_id == Member.id, WeeklyLetter.at > now - A_WEEK)
    query = select(Member.id).outerjoin(Choices, Choices.member_id == Member.id).where(wants, ~had.exists())
    query = query.where(Member.state == MemberState.ACTIVE, Member.mail, Member.guarded_since.is_(None))
    return query.where(Member.site.in_(_sites_by_day(now)))


def _is_paused(now: datetime) -> ColumnElement[bool]:
    return and_(Choices.paused_until.is_not(None), Choices.paused_until > now)


def _sites_by_day(now: datetime) -> list[Site]:
    return [site for site in open_sites() if now.astimezone(ZoneInfo(site.zone)).hour in HOURS]


def _since(member: Member) -> datetime:
    """When the last letter was written; for the first one a week ago."""
    query = select(func.max(WeeklyLetter.at)).where(WeeklyLetter.member_id == member.id)
    return db.session.scalar(query) or clock.now() - A_WEEK


def _club_topics(member: Member, since: datetime) -> list[Item]:
    """What was begun in the member's clubs by others, the newest first."""
    query = select(Item).where(Item.group_id.in_(member.group_ids), Item.published_at > since)
    query = query.where(Item.is_quiet.is_(False))
    query = offered(query.where(Item.author_id.is_distinct_from(member.id)), member, guard=None)
    query = query.order_by(Item.published_at.desc(), Item.id.desc()).limit(CLUB_TOPICS)
    return list(db.session.scalars(as_cards(query)))
