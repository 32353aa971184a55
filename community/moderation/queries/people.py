"""Reads about the people whom moderators decide about: never an address, an order or a child."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Item, Post, State
from community.items.queries import written_kinds
from community.members.models import Member, MemberState
from community.moderation.models import Decision, Deed, Note
from community.sites.models import Site


def live_posts_of(person: Member, sites: Sequence[Site]) -> list[Post]:
    """What stands under a person's name on these sites, with its items."""
    query = select(Post).join(Post.item).where(Post.author_id == person.id, Post.state == State.LIVE)
    query = query.where(Item.site.in_(sites)).options(joinedload(Post.item)).order_by(Post.id)
    return list(db.session.scalars(query))


def hidden_posts(post_ids: Sequence[int]) -> list[Post]:
    """Those of these posts that are hidden still, with their items."""
    query = select(Post).where(Post.id.in_(post_ids), Post.state == State.HIDDEN)
    return list(db.session.scalars(query.options(joinedload(Post.item)).order_by(Post.id)))


def live_items_of(person: Member, sites: Sequence[Site]) -> list[Any]:
    """What a person wrote as items of their own and stands on these sites."""
    query = select(Item).where(Item.author_id == person.id, Item.state == State.LIVE, Item.site.in_(sites))
    return list(db.session.scalars(query.where(Item.kind.in_(written_kinds())).order_by(Item.id)))


def hidden_items(item_ids: Sequence[int]) -> list[Any]:
    """Those of these items that are hidden still."""
    query = select(Item).where(Item.id.in_(item_ids), Item.state == State.HIDDEN)
    return list(db.session.scalars(query.order_by(Item.id)))


def suspended_before(moment: datetime) -> list[Member]:
    """Whose suspension is over."""
    query = select(Member).where(Member.state == MemberState.SUSPENDED, Member.suspended_until <= moment)
    return list(db.session.scalars(query))


def notes_about(person: Member) -> list[Note]:
    """What moderators told each other about a person, latest first."""
    query = select(Note).where(Note.person_id == person.id).options(joinedload(Note.moderator))
    return list(db.session.scalars(query.order_by(Note.id.desc()).limit(20)))


def posts_of(person: Member, sites: Sequence[Site]) -> list[Post]:
    """What a member wrote last under their name on these sites, in whatever state, with its items."""
    query = select(Post).join(Post.item).where(Post.author_id == person.id, Item.site.in_(sites))
    query = query.where(Post.state != State.DELETED).options(joinedload(Post.item))
    return list(db.session.scalars(query.order_by(Post.id.desc()).limit(20)))


def has_written_on(person: Member, sites: Sequence[Site]) -> bool:
    """Whether something stands under a member's name on one of these sites."""
    query = select(Post.id).join(Post.item).where(Post.author_id == person.id, Item.site.in_(sites))
    return db.session.scalar(query.limit(1)) is not None


def hidden_with(person: Member) -> dict[str, Any]:
    """The posts, items and lines that went with the latest mute or suspension."""
    query = select(Decision).where(Decision.person_id == person.id, Decision.undone_at.is_(None))
    query = query.where(Decision.deed.in_((Deed.MUTE, Deed.SUSPEND)))
    latest = db.session.scalar(query.order_by(Decision.id.desc()).limit(1))
    return {name: latest.facts.get(name, []) for name in ("hidden", "hidden_items", "hidden_said")} if latest else {}
