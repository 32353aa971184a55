"""What the feeds of boards hold."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.forums.models import Board
from community.items.models import Item
from community.items.queries import visible_to
from community.members.models import Visitor
from community.sites.models import Site


def newest_topics(site: Site, board: Board | None, limit: int) -> list[Item]:
    """The newest topics of a site or of one of its boards, as the public sees them; quiet ones are not offered."""
    query = select(Item).where(Item.site == site, Item.kind == "topic", Item.is_quiet.is_(False))
    if board is not None:
        query = query.where(Item.collection_id == board.id)
    query = visible_to(query, Visitor()).options(joinedload(Item.theme))
    return list(db.session.scalars(query.order_by(Item.published_at.desc(), Item.id.desc()).limit(limit)))
