"""Reads of notices, and who is to hear of a post."""

from sqlalchemy import func, select

from community.core.db import db
from community.items.models import Follow, Post, Stance
from community.members.models import Member, MemberState
from community.messages.models import Notice


def notice(member_id: int, key: str) -> Notice | None:
    """What a member was told of one thing that happened."""
    return db.session.scalar(select(Notice).where(Notice.member_id == member_id, Notice.key == key))


def unread_count(member_id: int) -> int:
    """How many notices of a member are unread."""
    query = select(func.count()).select_from(Notice).where(Notice.member_id == member_id, Notice.read_at.is_(None))
    return db.session.scalar(query) or 0


def followers_of(post: Post) -> list[Member]:
    """Who follows the conversation of a post."""
    query = select(Member).join(Follow, Follow.member_id == Member.id)
    query = query.where(Follow.item_id == post.item_id, Follow.stance == Stance.FOLLOW)
    return list(db.session.scalars(query.where(Member.state == MemberState.ACTIVE)))
