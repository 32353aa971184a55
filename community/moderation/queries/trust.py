"""What trust rests on, read for many members in one statement."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Label, ScalarSelect, func, select

from community.core import clock
from community.core.db import db
from community.items.models import Post, ReadPosition, State, Thank
from community.members.models import Member
from community.moderation.models import Report
from community.moderation.policy import RECENT, STANDS_AFTER, Standing


def standing_of(member: Member) -> Standing:
    """One member's standing."""
    return standings([member.id])[member.id]


def standings(member_ids: Collection[int]) -> dict[int, Standing]:
    """Each member's standing. What was written as an anonymous parent counts for nobody."""
    query = select(Member, *_counts(clock.now())).where(Member.id.in_(member_ids))
    found = {}
    for row in db.session.execute(query).mappings():
        counts = dict(row)
        member = counts.pop("Member")
        known = {"visit_days": member.visit_days, "is_confirmed": member.is_active, "is_staff": member.is_staff}
        found[member.id] = Standing(**counts, **known)
    return found


def _counts(now: datetime) -> list[Label[Any]]:
    """The counted parts of a `Standing`, each under its name."""
    recent = Thank.at >= now - RECENT
    counts = {
        "topics_read": _of(ReadPosition.member_id, func.count()),
        "posts_read": _of(ReadPosition.member_id, func.coalesce(func.sum(ReadPosition.number), 0)),
        "posts_standing": _of(Post.author_id, func.count(), Post.state == State.LIVE, _stands_since(now)),
        "thankers": _thanks(func.count(Thank.member_id.distinct())),
        "recent_thanks": _thanks(func.count(), recent),
        "recent_thankers": _thanks(func.count(Thank.member_id.distinct()), recent),
        "reports_right": _of(Report.reporter_id, func.count(), Report.was_right.is_(True)),
        "reports_decided": _of(Report.reporter_id, func.count(), Report.was_right.is_not(None)),
    }
    return [count.label(name) for name, count in counts.items()]


def _of(column: Any, figure: Any, *conditions: Any) -> ScalarSelect[Any]:
    return select(figure).where(column == Member.id, *conditions).correlate(Member).scalar_subquery()


def _thanks(figure: Any, *conditions: Any) -> ScalarSelect[Any]:
    query = select(figure).select_from(Thank).join(Post, Post.id == Thank.post_id)
    return query.where(Post.author_id == Member.id, *conditions).correlate(Member).scalar_subquery()


def _stands_since(now: datetime) -> Any:
    return Post.created_at < now - STANDS_AFTER
