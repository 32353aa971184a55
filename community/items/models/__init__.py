"""Whatever is published, the posts under it, and how members stand to both."""

from community.items.models.items import (
    Authored,
    Basis,
    Collection,
    Item,
    OldAddress,
    State,
    Tag,
    Visibility,
    Written,
    item_tags,
)
from community.items.models.posts import Post, PostVersion, Pseudonym
from community.items.models.ties import (
    FOLLOWED,
    REFUSING,
    Draft,
    Follow,
    Followed,
    KeptText,
    ReadPosition,
    Stance,
    Thank,
)

__all__ = [
    "Authored",
    "Basis",
    "Collection",
    "Draft",
    "FOLLOWED",
    "Follow",
    "Followed",
    "Item",
    "KeptText",
    "OldAddress",
    "Post",
    "PostVersion",
    "Pseudonym",
    "REFUSING",
    "ReadPosition",
    "Stance",
    "State",
    "Tag",
    "Thank",
    "Visibility",
    "Written",
    "item_tags",
]
