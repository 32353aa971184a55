"""The queue: what waits, with all that a moderator needs to decide about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from community.core.db import db
from community.items.models import Item, Post, Pseudonym, State
from community.members.models import Member
from community.moderation.models import Appeal, Concern, Decision, Report
from community.moderation.policy import Said, Standing
from community.moderation.queries.things import said_in, talk_around
from community.moderation.queries.trust import standings
from community.sites.models import Site

EARLIER_SHOWN, MOST_EARLIER = 5, 500


@dataclass(frozen=True)
class Card:
    """One concern as a moderator sees it. `author` is nobody where an anonymous parent wrote it.

    `writer` is who wrote it in truth: for rights, never for a page."""

    concern: Concern
    author: Member | None
    writer: Member | None
    standing: Standing | None
    before: Post | None  # the post that stood before it
    earlier: list[Decision]  # about the same author, or the same pseudonym; latest first
    appeal: Appeal | None = None
    said: Said | None = None  # in a room above
    talk: Sequence[Said] = ()  # around it, itself among it

    @property
    def told_in(self) -> Site:
        """Whose language its author is told in; an anonymous parent's is that of the conversation."""
        return self.author.site if self.author else self.concern.site

    @property
    def thing(self) -> Any:
        """The post, item or member that it is about."""
        return self.concern.post or self.concern.item or self.said or self.concern.person

    @property
    def item(self) -> Item | None:
        """The item that it is, or stands under."""
        return self.concern.post.item if self.concern.post else self.concern.item


def open_concern(key: str) -> Concern | None:
    """What waits already under this key, with its reports."""
    query = select(Concern).where(Concern.open_key == key).options(selectinload(Concern.reports))
    return db.session.scalar(query)


def concern_by_id(concern_id: int) -> Concern | None:
    """A concern with its reports and who made them, decided or not; held for this deed, so that one decides."""
    reports = selectinload(Concern.reports).joinedload(Report.reporter)
    query = select(Concern).where(Concern.id == concern_id).options(reports)
    return db.session.scalar(query.with_for_update(of=Concern))


def waiting_count(sites: Sequence[Site], kind: str | None) -> int:
    """How many concerns wait."""
    query = select(func.count()).select_from(Concern).outerjoin(Concern.post).outerjoin(Concern.item)
    query = query.where(*_waiting(sites, kind))
    return db.session.scalar(query) or 0


def waiting(sites: Sequence[Site], kind: str | None, offset: int, limit: int) -> list[Card]:
    """What waits on these sites: the gravest first, then the oldest."""
    query = select(Concern).outerjoin(Concern.post).outerjoin(Concern.item).where(*_waiting(sites, kind))
    query = query.order_by(Concern.harm.desc(), Concern.opened_at, Concern.id).offset(offset).limit(limit)
    return _cards(list(db.session.scalars(query.options(*_parts()))))


def card(concern_id: int) -> Card | None:
    """One concern as a card."""
    found = db.session.scalars(select(Concern).where(Concern.id == concern_id).options(*_parts())).all()
    return _cards(list(found))[0] if found else None


def decision_about(key: str) -> Decision | None:
    """The latest decision about a thing that still holds."""
    query = select(Decision).where(Decision.about == key, Decision.undone_at.is_(None))
    return db.session.scalar(query.order_by(Decision.id.desc()).limit(1))


def decision_by_id(decision_id: int) -> Decision | None:
    """A decision with whom and what it is about."""
    query = select(Decision).where(Decision.id == decision_id)
    return db.session.scalar(query.options(joinedload(Decision.person), joinedload(Decision.item)))


def has_reported(concern: Concern, reporter_id: int) -> bool:
    """Whether a member's report is among those of a concern."""
    query = select(Report.id).where(Report.concern_id == concern.id, Report.reporter_id == reporter_id)
    return db.session.scalar(query) is not None


def _waiting(sites: Sequence[Site], kind: str | None) -> tuple[ColumnElement[bool], ...]:
    """What its author took away waits for nobody, unless it comes back."""
    still_there = (
        or_(Concern.post_id.is_(None), Post.state != State.DELETED),
        or_(Concern.item_id.is_(None), Item.state != State.DELETED),
    )
    conditions = (Concern.site.in_(sites), Concern.decided_at.is_(None), *still_there)
    return (*conditions, Concern.kind == kind) if kind else conditions


def _parts() -> tuple[Any, ...]:
    post = joinedload(Concern.post)
    return (
        post.joinedload(Post.author),
        post.joinedload(Post.pseudonym).joinedload(Pseudonym.member),
        post.joinedload(Post.item).joinedload(Item.author),
        post.joinedload(Post.parent).joinedload(Post.author),
        joinedload(Concern.item).joinedload(Item.author),
        joinedload(Concern.person),
        joinedload(Concern.taken_by),
        selectinload(Concern.reports).joinedload(Report.reporter),
    )


def _cards(concerns: list[Concern]) -> list[Card]:
    said = said_in(concerns)
    authors = {concern.id: _author(concern, said) for concern in concerns}
    known = standings({author.id for author in authors.values() if author})
    before = _posts_before([concern.post for concern in concerns if concern.post])
    earlier = _earlier(concerns, authors)
    appeals, talk = _appeals(concerns), talk_around(concerns)
    return [
        Card(
            concern,
            author=authors[concern.id],
            writer=_writer(concern, said),
            standing=known[author.id] if (author := authors[concern.id]) else None,
            before=before.get(concern.post_id or 0),
            earlier=earlier[concern.id][:EARLIER_SHOWN],
            appeal=appeals.get(concern.id),
            said=said.get(concern.about),
            talk=talk.get(concern.about, ()),
        )
        for concern in concerns
    ]


def _author(concern: Concern, said: dict[str, Said]) -> Member | None:
    """Whose name stands at it; nobody's at what an anonymous parent wrote."""
    if concern.post is not None:
        return concern.post.author
    if concern.about in said:
        return said[concern.about].author
    return concern.item.author if concern.item is not None else concern.person


def _writer(concern: Concern, said: dict[str, Said]) -> Member | None:
    if concern.post is not None and concern.post.pseudonym is not None:
        return concern.post.pseudonym.member
    return _author(concern, said)


def _posts_before(posts: Collection[Post]) -> dict[int, Post]:
    """The live post that stands before each of these in its conversation, by the id of the later one."""
    later, newest = aliased(Post), aliased(Post)
    number = (
        select(func.max(newest.number))
        .where(newest.item_id == later.item_id, newest.number < later.number, newest.state == State.LIVE)
        .scalar_subquery()
    )
    query = (
        select(later.id, Post).select_from(later).join(Post, and_(Post.item_id == later.item_id, Post.number == number))
    )
    query = query.where(later.id.in_([post.id for post in posts])).options(joinedload(Post.author))
    return dict(db.session.execute(query).all())


def _earlier(concerns: Sequence[Concern], authors: dict[int, Member | None]) -> dict[int, list[Decision]]:
    """What was decided before about each author under a name, or about each pseudonym; never one with the other."""
    pseudonyms = {c.post.pseudonym_id for c in concerns if c.post and c.post.pseudonym_id}
    people = {author.id for author in authors.values() if author}
    named = and_(Decision.person_id.in_(people), Decision.pseudonym_id.is_(None))
    query = select(Decision).where(or_(named, Decision.pseudonym_id.in_(pseudonyms)), Decision.undone_at.is_(None))
    query = query.order_by(Decision.id.desc()).limit(MOST_EARLIER).options(joinedload(Decision.moderator))
    decisions = db.session.scalars(query).all()
    found = {}
    for concern in concerns:
        author = authors[concern.id]
        pseudonym_id = concern.post.pseudonym_id if concern.post else None
        whose = (None, pseudonym_id) if pseudonym_id else (author.id if author else 0, None)
        found[concern.id] = [d for d in decisions if (None if pseudonym_id else d.person_id, d.pseudonym_id) == whose]
    return found


def _appeals(concerns: Sequence[Concern]) -> dict[int, Appeal]:
    query = select(Appeal).where(Appeal.concern_id.in_([concern.id for concern in concerns]))
    query = query.options(joinedload(Appeal.decision).joinedload(Decision.moderator))
    return {appeal.concern_id: appeal for appeal in db.session.scalars(query) if appeal.concern_id}
