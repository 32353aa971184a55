"""Whom a member may want to name."""

from typing import Any

from sqlalchemy import func, or_, select

from community.core.db import db
from community.items.models import Follow, Item, Post, Stance, State
from community.items.queries import refused, visible_to
from community.members.models import Member, MemberState

MOST_PEOPLE = 8


def people_like(words: str, topic_id: int | None, asker: Member) -> list[Any]:
    """`name` and `username` of members whose name begins so, those who write in the topic first: one statement.

    Anonymous parents are none of them: their posts carry no author. Nor is who blocked the asker, or is muted."""
    talk = visible_to(select(Item.id).where(Item.id == topic_id), asker)
    is_here = select(Post.id).where(Post.author_id == Member.id, Post.state == State.LIVE, Post.item_id.in_(talk))
    blockers = select(Follow.member_id).where(Follow.person_id == asker.id, Follow.stance == Stance.BLOCK)
    query = select(Member.name, Member.username).where(
        Member.state == MemberState.ACTIVE,
        Member.username.is_not(None),
        or_(Member.username.istartswith(words, autoescape=True), Member.name.istartswith(words, autoescape=True)),
        Member.id != asker.id,
        Member.id.not_in(blockers),
        Member.id.not_in(refused(asker, Follow.person_id)),
    )
    query = query.order_by(is_here.exists().desc(), func.lower(Member.username)).limit(MOST_PEOPLE)
    return list(db.session.execute(query))
