"""Reads of comments."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.core.permissions import Permission
from community.items.models import Item, Post, State
from community.items.models.shown import ShownItem
from community.items.queries import visible_to
from community.sites.models import Site


def answerable(item: Item | ShownItem, post_id: int | None) -> Post | None:
    """A live comment under this item, which others may answer and quote."""
    if post_id is None:
        return None
    query = select(Post).where(Post.id == post_id, Post.item_id == item.id, Post.state == State.LIVE)
    return db.session.scalar(query.options(joinedload(Post.author)))


def comment_by_id(site: Site, post_id: int, reader: Any) -> Post | None:
    """A comment on this site that this reader may know of: live, their own and not hidden, or to be moderated."""
    query = select(Post).join(Post.item).where(Post.id == post_id, Item.site == site, Item.kind != "topic")
    is_own = Post.author_id == reader.id, Post.state.in_((State.HELD, State.DELETED))
    if not reader.can(Permission.POST_HIDE, site):
        query = query.where(or_(Post.state == State.LIVE, is_own[0] & is_own[1]))
    query = visible_to(query, reader)
    return db.session.scalar(query.options(joinedload(Post.item), joinedload(Post.author)))
