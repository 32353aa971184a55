"""What stands under an item, and who wrote it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, inspect, or_, select
from sqlalchemy.orm import aliased, joinedload

from community.core.db import db
from community.items.models import (
    Item,
    Post,
    PostVersion,
    Pseudonym,
    State,
    Visibility,
    Written,
)
from community.sites.models import Site


def post_by_id(post_id: int) -> Post | None:
    """A post with its author, pseudonym and item, live or not."""
    query = select(Post).where(Post.id == post_id)
    query = query.options(joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.item))
    return db.session.scalar(query)


def conversations_before(post: Post, reader: Any) -> int:
    """How many conversations this reader sees before the one that holds a post."""
    root_number = select(Post.number).where(Post.id == (post.root_id or post.id)).scalar_subquery()
    query = select(func.count()).select_from(Post).where(*opening(post.item_id, reader), Post.number < root_number)
    return db.session.scalar(query) or 0


def held_posts(sites: Sequence[Site] | None, limit: int = 50) -> list[Post]:
    """Posts that wait for a moderator, oldest first; of these sites, or (None) of all."""
    query = select(Post).join(Post.item).where(Post.state == State.HELD).order_by(Post.created_at).limit(limit)
    if sites is not None:
        query = query.where(Item.site.in_(sites))
    return list(db.session.scalars(query.options(joinedload(Post.item), *_post_parts())))


def live_post_count(member_id: int) -> int:
    """How many posts of a member are live."""
    query = select(func.count()).select_from(Post).where(Post.author_id == member_id, Post.state == State.LIVE)
    return db.session.scalar(query) or 0


def live_posts_under(item_id: int) -> int:
    """How many posts under an item are live."""
    query = select(func.count()).select_from(Post).where(Post.item_id == item_id, Post.state == State.LIVE)
    return db.session.scalar(query) or 0


def all_written_by(member_id: int) -> list[Post]:
    """Every post of a member in whatever state, under their name or a pseudonym, with its item."""
    pseudonyms = select(Pseudonym.id).where(Pseudonym.member_id == member_id)
    query = select(Post).where(or_(Post.author_id == member_id, Post.pseudonym_id.in_(pseudonyms)))
    return list(db.session.scalars(query.options(joinedload(Post.item)).order_by(Post.id)))


def items_written_by(member_id: int) -> list[Any]:
    """Every item of the kinds that members write, by this member, in whatever state."""
    query = select(Item).where(Item.author_id == member_id, Item.kind.in_(written_kinds()))
    return list(db.session.scalars(query.order_by(Item.id)))


def written_kinds() -> list[str]:
    """The kinds of items that members write."""
    kinds = inspect(Item).self_and_descendants
    return [str(kind.polymorphic_identity) for kind in kinds if issubclass(kind.class_, Written)]


def posts_naming(username: str) -> list[Post]:
    """Every post in which somebody wrote `@name`, with its item."""
    query = select(Post).where(Post.body.contains(f"@{username}", autoescape=True))
    return list(db.session.scalars(query.options(joinedload(Post.item))))


def versions_naming(username: str) -> list[PostVersion]:
    """Earlier words of posts that hold `@name`."""
    return list(db.session.scalars(select(PostVersion).where(PostVersion.body.contains(f"@{username}"))))


def pseudonym(item_id: int, member_id: int) -> Pseudonym | None:
    """Under which name a member writes as an anonymous parent in a conversation."""
    query = select(Pseudonym).where(Pseudonym.item_id == item_id, Pseudonym.member_id == member_id)
    return db.session.scalar(query.order_by(Pseudonym.number).limit(1))


def last_pseudonym(item_id: int) -> int:
    """How many anonymous parents a conversation has had."""
    return db.session.scalar(select(func.max(Pseudonym.number)).where(Pseudonym.item_id == item_id)) or 0


def last_live_post(item: Item) -> tuple[int, datetime | None]:
    """The number and moment of an item's newest live post; without one, 0 and when the item was published."""
    query = select(Post.number, Post.created_at).where(Post.item_id == item.id, Post.state == State.LIVE)
    row = db.session.execute(query.order_by(Post.number.desc()).limit(1)).first()
    return (row.number, row.created_at) if row else (0, item.published_at)


def counts_of_item() -> dict[str, Any]:
    """What an item's columns say of its live posts, as expressions for an update of items."""
    live = Post.item_id == Item.id, Post.state == State.LIVE
    newest = select(Post.created_at).where(*live).order_by(Post.number.desc()).limit(1).scalar_subquery()
    return {
        "post_count": select(func.count()).select_from(Post).where(*live).scalar_subquery(),
        "last_live_number": select(func.coalesce(func.max(Post.number), 0)).where(*live).scalar_subquery(),
        "active_at": func.coalesce(newest, Item.published_at),
    }


def posts_by(member_id: int, live_only: bool, limit: int) -> list[Post]:
    """A member's posts with their items, newest first."""
    query = select(Post).where(Post.author_id == member_id).options(joinedload(Post.item))
    if live_only:
        query = query.join(Post.item).where(Post.state == State.LIVE, Item.state == State.LIVE)
        query = query.where(Item.visibility == Visibility.PUBLIC)
    return list(db.session.scalars(query.order_by(Post.id.desc()).limit(limit)))


def opening(item_id: Any, reader: Any) -> tuple[Any, ...]:
    """The conditions of posts that open a conversation: readable ones, and places whose answers are still live."""
    answer = aliased(Post)
    is_answered = select(answer.id).where(answer.root_id == Post.id, answer.state == State.LIVE).exists()
    return Post.item_id == item_id, Post.root_id.is_(None), or_(readable(reader), is_answered)


def readable(reader: Any) -> Any:
    """The condition of live posts, and of the reader's own that wait."""
    if not reader.is_member:
        return Post.state == State.LIVE
    return or_(Post.state == State.LIVE, and_(Post.state == State.HELD, Post.author_id == reader.id))


def _post_parts() -> tuple[Any, ...]:
    return joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.parent).joinedload(Post.author)
