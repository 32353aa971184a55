"""Writes that serve every kind of item: addresses, tags, posts. Making things live is moderation's."""

from collections.abc import Iterable

from sqlalchemy import delete

from community.core import clock
from community.core.db import db
from community.core.generation import changed
from community.core.text import slug_of, to_safe_html
from community.items import queries
from community.items.models import Item, OldAddress, Post, PostVersion, State, Tag
from community.members.models import Member
from community.sites.models import Site


def write_post(item: Item, author: Member, body: str, parent: Post | None = None) -> Post:
    """A new post, not yet live: `moderation.publish()` decides."""
    item.last_post_number += 1
    post = Post(
        item=item,
        item_id=item.id,
        number=item.last_post_number,
        parent_id=parent and parent.id,
        root_id=parent and (parent.root_id or parent.id),
        author=author,
        author_id=author.id,
        body=body,
        body_html=to_safe_html(body),
        created_at=clock.now(),
    )
    db.session.add(post)
    db.session.flush()
    return post


def edit_post(post: Post, body: str) -> None:
    """Change the text; what it said before is kept."""
    if body == post.body:
        return
    db.session.add(PostVersion(post_id=post.id, body=post.body, replaced_at=clock.now()))
    post.body, post.body_html, post.edited_at = body, to_safe_html(body), clock.now()
    changed(post.item.site.code)


def set_post_state(post: Post, state: State) -> None:
    """Move a post to a state; the item's count and the cached pages follow."""
    post.item.post_count += (state == State.LIVE) - (post.state == State.LIVE)
    post.state = state
    changed(post.item.site.code)


def set_item_state(item: Item, state: State) -> None:
    """Move an item to a state; the cached pages follow."""
    item.state, item.changed_at = state, clock.now()
    if state == State.LIVE and item.published_at is None:
        item.published_at = clock.now()
    changed(item.site.code)


def move_item(item: Item, slug: str, path: str) -> None:
    """Give an item a new address; the old one leads to it from now on."""
    if item.path and item.path != path:
        db.session.execute(delete(OldAddress).where(OldAddress.site == item.site, OldAddress.path == path))
        remember_address(item, item.path)
    item.slug, item.path = slug, path


def remember_address(item: Item, path: str) -> None:
    """Let an old address lead to this item; the first item that claims it keeps it."""
    if not path or queries.old_address(item.site, path) is not None:
        return
    db.session.add(OldAddress(site=item.site, path=path[:400], item=item))
    db.session.flush()


def tag_named(site: Site, name: str, is_theme: bool = False) -> Tag:
    """The tag of this name, made where there is none."""
    slug = slug_of(name)
    tag = queries.tag_by_slug(site, slug)
    if tag is None:
        tag = Tag(site=site, slug=slug, name=name[:80], is_theme=is_theme)
        db.session.add(tag)
        db.session.flush()
    return tag


def set_tags(item: Item, names: Iterable[str]) -> None:
    """An item's tags by name; its theme is always one of them."""
    tags = {tag.id: tag for tag in (tag_named(item.site, name) for name in names if name.strip())}
    if item.theme is not None:
        tags[item.theme.id] = item.theme
    item.tags = list(tags.values())


def erase_posts(member_id: int) -> None:
    """Take a member's texts away: the places stay, without a word or a name."""
    for post in queries.posts_by(member_id, live_only=False, limit=1_000_000):
        set_post_state(post, State.DELETED)
        post.body = post.body_html = ""
        db.session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
