"""What can be reported and decided about: a post, an item of any kind, a member."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Item, Post
from community.items.queries import item_by_key, post_by_id
from community.members.queries import member_by_id
from community.moderation.models import Concern, Decision
from community.moderation.policy import Thing


def thing(kind: str, number: int) -> Thing | None:
    """The thing of a key such as `post:77`. An item that is its first post's own words is that post."""
    if kind in KINDS:
        return KINDS[kind](number)
    item = item_by_key(f"{kind}:{number}")
    return first_post(item) if item is not None and item.opens_with_post else item


def thing_of(about: Concern | Decision) -> Thing | None:
    """What a concern or a decision is about, with all that deciding needs."""
    kind, _colon, number = about.about.partition(":")
    return thing(kind, int(number))


def first_post(item: Item) -> Post | None:
    """The post that an item opens with, with its author, pseudonym and item."""
    query = select(Post).where(Post.item_id == item.id, Post.number == 1)
    query = query.options(joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.item))
    return db.session.scalar(query)


KINDS: dict[str, Callable[[int], Thing | None]] = {"post": post_by_id, "member": member_by_id}
