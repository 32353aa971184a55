"""One topic: its posts by number, so that the last page costs what the first one does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from community.core.db import db
from community.forums.models import KeptText, Topic
from community.items.models import Draft, Follow, Post, PostVersion, Pseudonym, ReadPosition, State, Thank
from community.items.queries import refused
from community.members.queries import digest_of
from community.sites.models import Site


@dataclass(frozen=True)
class ShownPost:
    """A post on a page, whether the reader muted or blocked who wrote it, and whether they thanked for it."""

    post: Post
    is_folded: bool
    is_thanked: bool


@dataclass(frozen=True)
class Standing:
    """How a reader stands to a topic."""

    pseudonym: int | None = None  # its number, where they write here as an anonymous parent
    typed: dict[str, Any] | None = None  # and did not post
    typed_at: datetime | None = None
    stance: str | None = None
    read_number: int | None = None  # of the last post read
    is_asker: bool = False  # wrote post 1, also as an anonymous parent


def topic_by_id(site: Site, topic_id: int) -> Topic | None:
    """A topic in whatever state, with all that its page shows of it."""
    query = select(Topic).where(Topic.site == site, Topic.id == topic_id)
    parts = joinedload(Topic.collection), joinedload(Topic.author), joinedload(Topic.theme)
    return db.session.scalar(query.options(*parts))


def posts_at(topic: Topic, numbers: Iterable[int], reader: Any) -> dict[int, ShownPost]:
    """The posts of these numbers, by number, in whatever state."""
    folded: Any = literal(False)
    thanked: Any = literal(False)
    if reader.is_member:
        folded = and_(Post.author_id.is_not(None), Post.author_id.in_(refused(reader, Follow.person_id)))
        thanked = Post.id.in_(select(Thank.post_id).where(Thank.member_id == reader.id, Thank.post_id == Post.id))
    query = select(Post, folded, thanked).where(Post.item_id == topic.id, Post.number.in_(sorted(set(numbers))))
    query = query.options(*_people(), joinedload(Post.item)).order_by(Post.number)
    return {post.number: ShownPost(post, bool(is_f), bool(is_t)) for post, is_f, is_t in db.session.execute(query)}


def standing(topic: Topic, member: Any) -> Standing:
    """How a reader stands to a topic: one statement, none for a visitor."""
    if not member.is_member:
        return Standing()
    draft = select(Draft).where(Draft.member_id == member.id, Draft.about == topic.key)
    own = select(func.min(Pseudonym.number)).where(Pseudonym.item_id == topic.id, Pseudonym.member_id == member.id)
    asked = select(Post.id).outerjoin(Post.pseudonym).where(Post.item_id == topic.id, Post.number == 1)
    row = db.session.execute(
        select(
            own.scalar_subquery(),
            draft.with_only_columns(Draft.fields).scalar_subquery(),
            draft.with_only_columns(Draft.kept_at).scalar_subquery(),
            select(Follow.stance).where(Follow.member_id == member.id, Follow.item_id == topic.id).scalar_subquery(),
            select(ReadPosition.number)
            .where(ReadPosition.member_id == member.id, ReadPosition.item_id == topic.id)
            .scalar_subquery(),
            asked.where(or_(Post.author_id == member.id, Pseudonym.member_id == member.id)).exists(),
        )
    ).one()
    return Standing(*row)


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
