"""Whose answers helped: for rooms below, which may ask it of members."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, exists, select

from community.forums.models import Topic
from community.items.models import Post, State
from community.touchpoints.models import Touchpoint, Verb


def helpers_since(moment: datetime) -> Any:
    """(member_id, about) of answers to others that were called the one that helped since then, and still are."""
    about = "topic:" + cast(Topic.id, String)
    accepted = exists().where(
        Touchpoint.about == about,
        Touchpoint.verb == Verb.ANSWER_ACCEPTED,
        Touchpoint.at >= moment,
        Touchpoint.facts["post_id"].as_integer() == Post.id,
    )
    query = select(Post.author_id.label("member_id"), about.label("about"))
    query = query.join(Topic, and_(Topic.id == Post.item_id, Topic.accepted_number == Post.number))
    by_another = Post.author_id.is_not(None), Topic.author_id.is_distinct_from(Post.author_id)
    return query.where(Post.state == State.LIVE, Topic.state == State.LIVE, *by_another, accepted)
