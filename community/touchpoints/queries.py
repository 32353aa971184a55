"""Reads of the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select, tuple_

from community.core.db import db
from community.items.models import Item, State, Visibility
from community.items.queries import Guard, guarded
from community.members.models import Member, Purpose
from community.touchpoints.models import LETTERS, RULES, Touchpoint, Verb


def touchpoints_between(after: int, newest: int, limit: int) -> list[Touchpoint]:
    """The next touchpoints in order, up to the newest that may be read."""
    query = select(Touchpoint).where(Touchpoint.id > after, Touchpoint.id <= newest).order_by(Touchpoint.id)
    return list(db.session.scalars(query.limit(limit)))


def newest() -> int:
    """The id of the newest touchpoint."""
    return db.session.scalar(select(func.max(Touchpoint.id))) or 0


def still_agrees(row: dict[str, Any]) -> bool:
    """Whether a gathered read may still be stored: consent may have been withdrawn since."""
    if row["member_id"] is None:
        return True
    member = db.session.get(Member, row["member_id"])
    return member is not None and any(member.consents_to(need) for need in RULES[Verb(row["verb"])].needs)


def reads_of(member_id: int, limit: int) -> list[Touchpoint]:
    """A member's page reads, newest first."""
    query = select(Touchpoint).where(Touchpoint.member_id == member_id, Touchpoint.verb == Verb.PAGE_READ)
    return list(db.session.scalars(query.order_by(Touchpoint.id.desc()).limit(limit)))


def history_of(member_id: int, before: int | None, limit: int, purposes: Sequence[Purpose] = ()) -> list[Touchpoint]:
    """A member's contacts for staff, the newest first: for the service deeds alone, for others what may serve one of
    their purposes. Never "something changed", nor what was reported, nor what tells nothing by itself."""
    reading = [verb for verb, rule in RULES.items() if rule.needs]
    allowed = [Touchpoint.allows.contains(LETTERS[purpose]) for purpose in purposes]
    query = select(Touchpoint).where(
        Touchpoint.member_id == member_id,
        Touchpoint.verb.not_in((Verb.PREGNANCY_CHANGED, Verb.PAGE_LEFT, Verb.ITEM_REPORTED)),
        or_(*allowed) if allowed else Touchpoint.verb.not_in(reading),
    )
    last = db.session.get(Touchpoint, before) if before else None
    if last is not None:
        query = query.where(tuple_(Touchpoint.at, Touchpoint.id) < (last.at, last.id))
    return list(db.session.scalars(query.order_by(Touchpoint.at.desc(), Touchpoint.id.desc()).limit(limit)))


def touchpoints_of(member_id: int, ids: Sequence[int]) -> list[Touchpoint]:
    """Those of a member's touchpoints that these numbers name, in order."""
    query = select(Touchpoint).where(Touchpoint.id.in_(ids), Touchpoint.member_id == member_id)
    return list(db.session.scalars(query.order_by(Touchpoint.id)))


def items_told(touchpoints: Iterable[Touchpoint], is_guarded: bool) -> dict[str, Item]:
    """The items that a history may name, by key: those that every member may see, and that are not kept quiet; after
    "something changed" none that is for a week or an age."""
    ids = {touchpoint.about_id for touchpoint in touchpoints if touchpoint.about}
    seen_by_all = Item.visibility.in_((Visibility.PUBLIC, Visibility.MEMBERS))
    query = select(Item).where(Item.id.in_(ids), Item.state == State.LIVE, seen_by_all, Item.is_quiet.is_(False))
    query = guarded(query, Guard() if is_guarded else None)
    found: Iterable[Item] = db.session.scalars(query) if ids else ()
    return {item.key: item for item in found}


def touchpoint_count() -> int:
    """How many touchpoints there are."""
    return db.session.scalar(select(func.count()).select_from(Touchpoint)) or 0
