"""All that a member's own page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask_babel import format_date, to_user_timezone
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.articles.models import StageNote, StageTask
from community.articles.queries import published
from community.core import clock
from community.core.db import db
from community.forums.queries.clubs import ClubBlock, club_block
from community.home.queries.blocks import Block, block_with, blocks_of, family_in
from community.home.queries.front import one_under_each
from community.items.models import Follow, Item, Post, Pseudonym, Stance, State
from community.items.queries import Guard, listed, refused
from community.members.models import Member
from community.members.policy import last_visit
from community.personalisation.queries import Gate, Somebody
from community.personalisation.queries.slots import offer_for
from community.personalisation.slots import Offer, Place, Slot
from community.profiles.queries import Family, family_of, tasks_done_by
from community.sites.models import Site

NEWS = 5


@dataclass(frozen=True)
class News:
    """What happened since a member's last visit."""

    since: datetime
    answers: list[Post]
    articles: list[Item]

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
    note: StageNote | None
    tasks: list[StageTask]
    done: set[str]  # keys of tasks and questions
    club: ClubBlock | None
    news: News | None


def home_of(member: Member, site: Site, child_id: int | None, today: date) -> Home:
    """Twelve statements at most, whatever it shows."""
    family = family_of(member, today)
    blocks = blocks_of(family, today)
    block = block_with(blocks, child_id)
    tasks = published.tasks_for(site, block.day.corrected) if block else []
    return Home(
        family=family,
        blocks=blocks,
        block=block,
        offer=offer_for(member, Place(Slot.HOME, site), family_in(family, block), today),
        note=published.note_for(site, block.day.corrected) if block else None,
        tasks=tasks,
        done=tasks_done_by(member) if tasks or not family.has_told else set(),
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


def answers_to(member: Member, guard: Guard | None, since: datetime) -> list[Post]:
    """The newest answer in each conversation: to what the member wrote, or where they follow it."""
    asked = {"reader_id": member.id, "group_ids": list(member.group_ids), "since": since}
    return one_under_each(db.session.scalars(_answers(guard), asked))[:NEWS]


@lru_cache(64)
def _answers(guard: Guard | None) -> Select[Any]:
    asked, reader = aliased(Post), Somebody(is_member=True)
    query = select(Post).outerjoin(asked, Post.parent_id == asked.id).join(Item, Post.item_id == Item.id)
    followed = select(Follow.item_id).where(Follow.member_id == reader.id, Follow.stance == Stance.FOLLOW)
    query = query.where(or_(asked.author_id == reader.id, Item.id.in_(followed)))
    query = query.where(Post.state == State.LIVE, Post.created_at > bindparam("since"), *_of_others(reader))
    query = listed(query, reader, guard).options(
        joinedload(Post.author), joinedload(Post.item), joinedload(Post.parent)
    )
    return query.order_by(Post.created_at.desc(), Post.id.desc()).limit(NEWS * 4)


def _of_others(member: Any) -> tuple[Any, ...]:
    """The conditions that somebody else wrote a post, whom the member does not mute."""
    own = select(Pseudonym.id).where(Pseudonym.member_id == member.id)
    return (
        Post.author_id.is_distinct_from(member.id),
        or_(Post.author_id.is_(None), Post.author_id.not_in(refused(member, Follow.person_id))),
        or_(Post.pseudonym_id.is_(None), Post.pseudonym_id.not_in(own)),
    )


def _new_items(member: Member, site: Site, family: Family, since: datetime) -> list[Item]:
    return list(Gate(site, member, family).ask(_newest_since, since=since))


def _newest_since(gate: Gate) -> Select[Any]:
    query = gate.holds(select(Item)).where(Item.published_at > bindparam("since"))
    return query.order_by(Item.published_at.desc(), Item.id.desc()).limit(NEWS)
