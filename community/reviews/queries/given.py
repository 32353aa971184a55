"""Who gave how many stars: for rooms below, which may ask it of members."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select

from community.items.models import State
from community.reviews.models import Review


def given_since(moment: datetime) -> Any:
    """(member_id, about, stars) of the live reviews that were published since then."""
    about = "review:" + cast(Review.id, String)
    query = select(Review.author_id.label("member_id"), about.label("about"), Review.stars)
    return query.where(Review.state == State.LIVE, Review.published_at >= moment, Review.author_id.is_not(None))
