"""All that a member's own page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import format_date, to_user_timezone
from flask_babel import gettext as _
from sqlalchemy import CompoundSelect, Row, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from community.core import clock
from community.core.asking import rows_of
from community.forums.queries.clubs import ClubBlock, club_block
from community.home.queries.blocks import Block, block_with, blocks_of, family_in
from community.home.queries.now import Now, now_at
from community.items import queries as items
from community.items.models import Follow, Item, Post, Pseudonym, Stance
from community.items.queries import IS_LIVE_POST, Guard, listed, refused
from community.items.queries.shown import byline_of
from community.members.models import Member
from community.members.policy import last_visit
from community.personalisation.queries import Gate, Somebody
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Offer, Place, Slot
from community.profiles.queries import Family, family_of, tasks_done_by
from community.sites.models import Site

NEWS = 5


class Answer(NamedTuple):
    """What somebody wrote in a conversation of a member's."""

    item_id: int
    path: str
    title: str  # of what it stands under
    byline: str
    is_to_reader: bool  # to words of the member's own


class New(NamedTuple):
    """What was published."""

    path: str
    title: str
    published_at: datetime


@dataclass(frozen=True)
class News:
    """What happened since a member's last visit."""

    since: datetime
    answers: list[Answer]
    articles: list[New]

    def heading(self, today: date) -> str:
        """Since when, as one says it."""
        since = to_user_timezone(self.since).date()
        if since == today:
            return _("Since your last visit")
        return _("Since %(day)s", day=format_date(since, "EEEE" if (today - since).days < 7 else "d MMMM"))


@dataclass(frozen=True)
class Home:
    """A member's own page, for one of their children."""

    family: Family
    blocks: list[Block]
    block: Block | None  # the one that is shown; none where nothing is told, or all of it has stopped
    offer: Offer  # what to read now
    now: Now  # what the calendar says of today
    done: set[str]  # keys of tasks and questions
    club: ClubBlock | None
    news: News | None


def home_of(member: Member, site: Site, child_id: int | None, today: date, generation: int) -> Home:
    """Twelve statements at most, whatever it shows."""
    family = family_of(member, today)
    blocks = blocks_of(family, today)
    block = block_with(blocks, child_id)
    now = now_at(site, block.day.corrected, generation) if block else Now()
    return Home(
        family=family,
        blocks=blocks,
        block=block,
        offer=offer_for(member, Place(Slot.HOME, site), family_in(family, block), today),
        now=now,
        done=tasks_done_by(member) if now.tasks or not family.has_told else set(),
        club=club_block(member, site, family, today),
        news=_news_for(member, site, family),
    )


def _news_for(member: Member, site: Site, family: Family) -> News | None:
    """None on a first visit, and where nothing happened."""
    since = last_visit(member, clock.now())
    if since is None:
        return None
    news = News(since, answers_to(member, family.guard, since), _new_items(member, site, family, since))
    return news if news.answers or news.articles else None


def answers_to(member: Member, guard: Guard | None, since: datetime) -> list[Answer]:
    """The newest answer in each conversation: to what the member wrote, or where they follow it."""
    asked = {"reader_id": member.id, "group_ids": list(member.group_ids), "since": since}
    rows = rows_of(_answers(guard), asked)
    newest: dict[int, Answer] = {}
    for row in rows:
        newest.setdefault(row.item_id, _answer(row))
    return list(newest.values())[:NEWS]


def _answer(row: Row[Any]) -> Answer:
    path = f"{row.site.path}{items.class_of(row.kind).posts_path}/{row.id}"
    return Answer(row.item_id, path, row.title, row.byline or "", bool(row.is_to_reader))


@lru_cache(64)
def _answers(guard: Guard | None) -> Select[Any]:
    asked, writers, reader = aliased(Post), Member.__table__.alias(), Somebody(is_member=True)
    is_to_reader = asked.author_id == reader.id
    said = Post.id, Post.item_id, byline_of(Post.__table__, writers).label("byline"), is_to_reader.label("is_to_reader")
    query: Any = select(*said, Item.site, Item.kind, Item.title).join(Item, Post.item_id == Item.id)
    query = query.outerjoin(asked, Post.parent_id == asked.id).outerjoin(writers, writers.c.id == Post.author_id)
    told = _told(reader.id).subquery()
    query = query.join(told, told.c.id == Post.id).where(IS_LIVE_POST, *_of_others(reader))
    return listed(query, reader, guard).order_by(Post.created_at.desc(), Post.id.desc()).limit(NEWS * 4)


def _told(reader_id: Any) -> CompoundSelect[int]:
    """The posts that tell a member something: looked up from their own words and from what they follow where somebody
    wrote since, for of all that was written there is more the larger the site."""
    own, since = aliased(Post), bindparam("since", type_=Post.created_at.type)
    to_them = (
        select(Post.id).join(own, own.id == Post.parent_id).where(own.author_id == reader_id, Post.created_at > since)
    )
    followed = Follow.member_id == reader_id, Follow.stance == Stance.FOLLOW
    there = select(Post.id).join(Item, Item.id == Post.item_id).join(Follow, Follow.item_id == Item.id)
    return to_them.union(there.where(*followed, Item.active_at > since, Post.created_at > since))


def _of_others(member: Any) -> tuple[Any, ...]:
    """The conditions that somebody else wrote a post, whom the member does not mute."""
    own = select(Pseudonym.id).where(Pseudonym.member_id == member.id)
    return (
        Post.author_id.is_distinct_from(member.id),
        or_(Post.author_id.is_(None), Post.author_id.not_in(refused(member, Follow.person_id))),
        or_(Post.pseudonym_id.is_(None), Post.pseudonym_id.not_in(own)),
    )


def _new_items(member: Member, site: Site, family: Family, since: datetime) -> list[New]:
    return [New._make(row) for row in Gate(site, member, family).rows(_newest_since, since=since)]


def _newest_since(gate: Gate) -> Select[Any]:
    query: Any = select(Item.path, Item.title, Item.published_at).where(Item.published_at > bindparam("since"))
    return gate.holds(query).order_by(Item.published_at.desc(), Item.id.desc()).limit(NEWS)
