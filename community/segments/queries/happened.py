"""How the database is asked what happened to somebody lately: moments that a message may answer to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, String, and_, cast, exists, false, or_, select

from community.groups.models import Group, Membership
from community.items.models import REFUSING, Follow, Item, Post, State
from community.members.models import Member
from community.profiles.models import Child, ChildKind, Interest
from community.segments.queries.asking import Asked, Condition, Values, born_by, has_child, serves_offers
from community.touchpoints.models import Touchpoint, Verb

A_WEEK = timedelta(days=7)
Since = Callable[[datetime], Select[Any]]
# What rooms above know of members since a moment, by name: (member_id, about, ...); `app.py` hands them over.
KNOWN: dict[str, Since] = {}


def mutes(_asked: Asked, values: Values) -> Condition:
    """Muted this theme, or wants less of it."""
    return mutes_one_of([int(values["value"])])


def mutes_one_of(theme_ids: list[int]) -> Condition:
    """Muted one of these themes, or wants less of it."""
    muted = select(Follow.member_id).where(Follow.tag_id.in_(theme_ids), Follow.stance.in_(REFUSING))
    less = select(Interest.member_id).where(Interest.tag_id.in_(theme_ids), Interest.weight < 0)
    return or_(Member.id.in_(muted), Member.id.in_(less))


def waits_for_an_answer(asked: Asked, values: Values) -> Condition:
    """Began a conversation under their own name that nobody else answered, and that is some hours old by now."""
    answered = exists().where(
        Post.item_id == Item.id, Post.state == State.LIVE, Post.author_id.is_distinct_from(Item.author_id)
    )
    until = asked.now - timedelta(hours=values["hours"])
    is_asked = Item.published_at.between(asked.ago(values["days"]), until)
    return _published("topic", Verb.TOPIC_STARTED, is_asked, ~answered)


def began_a_blog(asked: Asked, values: Values) -> Condition:
    """Published a first story in the last days."""
    since = asked.ago(values["days"])
    earlier = exists().where(Item.author_id == Member.id, Item.kind == "blogpost", Item.published_at < since)
    return _published("blogpost", Verb.STORY_PUBLISHED, Item.published_at >= since) & ~earlier


def gave_few_stars(asked: Asked, values: Values) -> Condition:
    """Wrote a review with so many stars at most in the last days."""
    return _is_known("stars", Verb.REVIEW_WRITTEN, asked, values, values["stars"])


def known(name: str, verb: Verb) -> Callable[[Asked, Values], Condition]:
    """Something that a room above knows happened in the last days to what a member did."""
    return lambda asked, values: _is_known(name, verb, asked, values)


def child_reaches(asked: Asked, values: Values) -> Condition:
    """Has a child that completed so many months today or in the six days before."""
    youngest, older = born_by(values["month"], asked.today), born_by(values["month"], asked.today - A_WEEK)
    return has_child(Child.kind != ChildKind.PREGNANCY, Child.born_on <= youngest, Child.born_on > older)


def club_reaches(asked: Asked, values: Values) -> Condition:
    """Is in the club whose month began so many months ago, in the first week of that."""
    if asked.today.day > A_WEEK.days:
        return false()
    month = asked.today.replace(day=1) - relativedelta(months=values["month"])
    there = select(Membership.member_id).join(Group, Group.id == Membership.group_id)
    return Member.guarded_since.is_(None) & Member.id.in_(there.where(Group.month == f"{month:%Y-%m}"))


def _published(kind: str, verb: Verb, *which: Condition) -> Condition:
    """Published such a thing, which stands, and which may make a profile for offers."""
    key = Item.kind + ":" + cast(Item.id, String)
    told = exists().where(
        Touchpoint.about == key, Touchpoint.verb == verb, Touchpoint.member_id == Member.id, serves_offers()
    )
    return exists().where(Item.author_id == Member.id, Item.state == State.LIVE, Item.kind == kind, told, *which)


def _is_known(name: str, verb: Verb, asked: Asked, values: Values, most: int | None = None) -> Condition:
    """Of what a room above knows, only what was told of that member and may make a profile for offers."""
    found = KNOWN[name](asked.ago(values["days"])).subquery()
    is_same = and_(found.c.member_id == Touchpoint.member_id, found.c.about == Touchpoint.about)
    told = select(Touchpoint.member_id).join(found, is_same).where(Touchpoint.verb == verb, serves_offers())
    return Member.id.in_(told if most is None else told.where(found.c.stars <= most))
