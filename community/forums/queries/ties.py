"""What a reader can follow and thank for."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.items.models import Collection, Followed, Item, Post, State, Tag
from community.items.queries import visible_to
from community.members.models import Member
from community.sites.models import Site


def followable(site: Site, kind: str, thing_id: int, reader: Any) -> Followed | None:
    """A person, a tag, a board, a blog or an item, by the parts of its key, where this reader may see it."""
    if kind == "member":
        query: Any = select(Member).where(Member.id == thing_id, Member.username.is_not(None))
    elif kind == "tag":
        query = select(Tag).where(Tag.id == thing_id, Tag.site == site)
    elif kind in ("board", "blog"):
        is_open = or_(Collection.group_id.is_(None), Collection.group_id.in_(reader.group_ids))
        query = select(Collection).where(Collection.id == thing_id, Collection.kind == kind, Collection.site == site)
        query = query.where(is_open)
    else:
        query = visible_to(select(Item).where(Item.id == thing_id, Item.kind == kind, Item.site == site), reader)
    found: Followed | None = db.session.scalar(query)
    return found


def live_post(site: Site, post_id: int, reader: Any) -> Post | None:
    """A live post under an item of any kind that this reader may see."""
    query = select(Post).join(Post.item).where(Post.id == post_id, Post.state == State.LIVE, Item.site == site)
    parts = contains_eager(Post.item), joinedload(Post.author), joinedload(Post.pseudonym)
    return db.session.scalar(visible_to(query, reader).options(*parts))
