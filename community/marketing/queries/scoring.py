"""What the phases are made of: rows of the record that serve offers, subjects, and what is known so far."""

from collections.abc import Collection as Some
from collections.abc import Iterator

from sqlalchemy import Row, Select, func, select

from community.core.db import db
from community.items.models import Collection, Item
from community.marketing.hourglass import Evidence
from community.members.models import Member, MemberState, Purpose
from community.profiles.models import Phase, Standing
from community.touchpoints.models import LETTERS, Bookmark, Touchpoint

LETTER = LETTERS[Purpose.OFFERS]
A_CHUNK = 100  # members at a time


def evidence_of(member_ids: Some[int]) -> dict[int, Evidence]:
    """What is known of each so far; nothing yet where nothing is."""
    query = select(Standing.member_id, Standing.evidence).where(Standing.member_id.in_(member_ids))
    known = {member_id: Evidence(**evidence) for member_id, evidence in db.session.execute(query)}
    return {member_id: known.get(member_id) or Evidence() for member_id in member_ids}


def allowed_rows(member_ids: Some[int], until: int) -> list[Row]:
    """All that these members did and that may make a profile for offers, in the order of the record."""
    columns = (getattr(Touchpoint, name) for name in ("id", "at", "member_id", "verb", "about", "allows", "facts"))
    query = select(*columns).where(Touchpoint.member_id.in_(member_ids), Touchpoint.id <= until)
    return list(db.session.execute(query.where(Touchpoint.allows.contains(LETTER)).order_by(Touchpoint.id)))


def subjects_of(keys: Some[str]) -> dict[str, str]:
    """What each of these items is about: its theme, else its place's, else itself."""
    ids = {int(key.partition(":")[2]) for key in keys}
    query = select(Item.id, func.coalesce(Item.theme_id, Collection.theme_id)).outerjoin(Item.collection)
    themes = dict(db.session.execute(query.where(Item.id.in_(ids))).all()) if ids else {}
    return {key: f"tag:{theme}" if (theme := themes.get(int(key.partition(":")[2]))) else key for key in keys}


def read_until() -> int:
    """The last touchpoint that the phases have read."""
    return db.session.scalar(select(Bookmark.touchpoint_id).where(Bookmark.projection == "phases")) or 0


def chunks_of_members() -> Iterator[list[int]]:
    """Everybody of whom a profile may stand, or stands, some at a time."""
    last = 0
    while found := list(db.session.scalars(_of_interest().where(Member.id > last).order_by(Member.id).limit(A_CHUNK))):
        yield found
        last = found[-1]


def count_of_interest() -> int:
    """How many that are."""
    return db.session.scalar(select(func.count()).select_from(_of_interest().subquery())) or 0


def phase_counts() -> dict[str, int]:
    """How many members are in each phase, in the order of the hourglass."""
    query = select(Standing.phase, func.count()).where(Standing.phase != "").group_by(Standing.phase)
    counts = dict(db.session.execute(query).all())
    return {phase.value: counts.get(phase.value, 0) for phase in Phase}


def _of_interest() -> Select[int]:
    profiled = select(Standing.member_id).where(Standing.phase != "")
    return select(Member.id).where(Member.state != MemberState.ERASED, Member.offers | Member.id.in_(profiled))
