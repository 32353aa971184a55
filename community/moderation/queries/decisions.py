"""Reads of decisions: what an author is told, what the second moderator needs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Post
from community.members.models import Member
from community.moderation.models import Appeal, Decision, Deed
from community.sites.models import Site

SHOWN = 50
# What an author is told of; that a report led to nothing is not among it.
TOLD = (
    *(Deed.HIDE, Deed.EDIT, Deed.WARN, Deed.MUTE, Deed.SUSPEND, Deed.RESTORE, Deed.LIFT, Deed.UPHOLD),
    *(Deed.LOCK, Deed.MOVE, Deed.MERGE),
)


def told_to(person: Member) -> list[Decision]:
    """What was decided about a member and what they wrote, latest first."""
    return list(db.session.scalars(_told_to(person).order_by(Decision.id.desc()).limit(SHOWN)))


def told_decision(person: Member, decision_id: int) -> Decision | None:
    """One decision about a member."""
    return db.session.scalar(_told_to(person).where(Decision.id == decision_id))


def suspension_of(person: Member) -> Decision | None:
    """The decision that closed an account."""
    query = _told_to(person).where(Decision.deed == Deed.SUSPEND, Decision.undone_at.is_(None))
    return db.session.scalar(query.order_by(Decision.id.desc()).limit(1))


def appeal_by_id(appeal_id: int) -> Appeal | None:
    """An appeal with all that a second moderator reads; never who an anonymous parent is."""
    decision = joinedload(Appeal.decision)
    query = (
        select(Appeal)
        .where(Appeal.id == appeal_id)
        .options(
            decision.joinedload(Decision.moderator),
            decision.joinedload(Decision.person),
            decision.joinedload(Decision.item),
            decision.joinedload(Decision.post).joinedload(Post.item),
            decision.joinedload(Decision.post).joinedload(Post.author),
            decision.joinedload(Decision.post).joinedload(Post.pseudonym),
            joinedload(Appeal.concern),
        )
    )
    return db.session.scalar(query)


def answer_to(appeal: Appeal | None) -> Decision | None:
    """What a second moderator decided about an appeal."""
    if appeal is None or appeal.decided_at is None:
        return None
    query = select(Decision).where(Decision.concern_id == appeal.concern_id, Decision.about == appeal.decision.about)
    return db.session.scalar(query.order_by(Decision.id.desc()).limit(1))


def decided_about(person: Member, sites: Sequence[Site]) -> list[Decision]:
    """What moderators of these sites decided about a member by name, latest first; nothing of an anonymous parent."""
    query = select(Decision).where(Decision.person_id == person.id, Decision.pseudonym_id.is_(None))
    query = query.where(Decision.site.in_(sites)).options(*_parts(), joinedload(Decision.moderator))
    return list(db.session.scalars(query.order_by(Decision.id.desc()).limit(SHOWN)))


def _told_to(person: Member) -> Select[Any]:
    """A deed that its moderator undid at once was never said; one that an appeal undid stays to be read."""
    query = select(Decision).outerjoin(Decision.appeal).where(Decision.person_id == person.id)
    query = query.where(Decision.deed.in_(TOLD), or_(Decision.undone_at.is_(None), Appeal.id.is_not(None)))
    return query.options(*_parts())


def _parts() -> tuple[Any, ...]:
    post = joinedload(Decision.post).joinedload(Post.item)
    return post, joinedload(Decision.item), joinedload(Decision.appeal)
