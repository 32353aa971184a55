"""One topic: its posts by number, so that the last page costs what the first one does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.forums.models import KeptText, Topic
from community.items.models import Draft, Follow, Post, PostVersion, Pseudonym, State
from community.items.queries import refused
from community.members.queries import digest_of
from community.sites.models import Site


@dataclass(frozen=True)
class ShownPost:
    """A post on a page, and whether the reader muted or blocked who wrote it."""

    post: Post
    is_folded: bool


def topic_by_id(site: Site, topic_id: int) -> Topic | None:
    """A topic in whatever state, with all that its page shows of it."""
    query = select(Topic).where(Topic.site == site, Topic.id == topic_id)
    parts = joinedload(Topic.collection), joinedload(Topic.author), joinedload(Topic.theme)
    return db.session.scalar(query.options(*parts))


def posts_at(topic: Topic, numbers: Iterable[int], reader: Any) -> dict[int, ShownPost]:
    """The posts of these numbers, by number, in whatever state."""
    folded: Any = literal(False)
    if reader.is_member:
        folded = and_(Post.author_id.is_not(None), Post.author_id.in_(refused(reader, Follow.person_id)))
    query = select(Post, folded).where(Post.item_id == topic.id, Post.number.in_(sorted(set(numbers))))
    query = query.options(*_people(), joinedload(Post.item)).order_by(Post.number)
    return {post.number: ShownPost(post, bool(is_folded)) for post, is_folded in db.session.execute(query)}


def standing(topic: Topic, member: Any) -> Any:
    """How a member stands to a topic: `pseudonym` (its number), what they typed and when (`typed`, `typed_at`)."""
    draft = select(Draft).where(Draft.member_id == member.id, Draft.about == topic.key)
    own = select(func.min(Pseudonym.number)).where(Pseudonym.item_id == topic.id, Pseudonym.member_id == member.id)
    return db.session.execute(
        select(
            own.scalar_subquery().label("pseudonym"),
            draft.with_only_columns(Draft.fields).scalar_subquery().label("typed"),
            draft.with_only_columns(Draft.kept_at).scalar_subquery().label("typed_at"),
        )
    ).one()


def post_by_id(site: Site, post_id: int) -> Post | None:
    """A post of a topic of this site in whatever state, with its topic."""
    query = select(Post).join(Post.item.of_type(Topic)).where(Post.id == post_id, Topic.site == site)
    return db.session.scalar(query.options(contains_eager(Post.item.of_type(Topic)), *_people()))


def answerable(topic: Topic, post_id: int | None) -> Post | None:
    """A live post of this topic, which others may answer and quote."""
    if post_id is None:
        return None
    query = select(Post).where(Post.id == post_id, Post.item_id == topic.id, Post.state == State.LIVE)
    return db.session.scalar(query.options(joinedload(Post.author)))


def versions_of(post: Post) -> list[PostVersion]:
    """What a post said before, the oldest first."""
    return list(db.session.scalars(select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.id)))


def kept_text(token: str, about: str) -> KeptText | None:
    """What a stranger wrote about a board or topic, for whoever has its token."""
    return db.session.scalar(select(KeptText).where(KeptText.digest == digest_of(token), KeptText.about == about))


def _people() -> tuple[Any, ...]:
    return joinedload(Post.author), joinedload(Post.pseudonym), joinedload(Post.parent).joinedload(Post.author)
