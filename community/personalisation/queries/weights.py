"""How much each part weighs in a slot now, and how that came about."""

from collections.abc import Mapping

from sqlalchemy import Select, select

from community.core.db import db
from community.core.memory import Memory
from community.personalisation.engine.blend import Blend
from community.personalisation.engine.scoring import Part
from community.personalisation.models import LearnedWeights
from community.sites.models import Site

NAMES = {part.value: part for part in Part}
MOST_TOLD = 50  # changes of a slot, the newest first
_kept: Memory[Mapping[str | None, Blend]] = Memory(seconds=60, most=50)
forget_weights = _kept.forget


def blend_of(site: Site, slot: str | None = None) -> Blend:
    """The weights in force in a slot: its own, else the site's, and the usual ones before there was anything to
    learn from."""
    known = _kept.of(site, lambda: _blends_of(site))
    return known.get(slot) or known.get(None) or Blend()


def in_force(site: Site, slot: str | None) -> LearnedWeights | None:
    """The change that is in force."""
    return db.session.scalar(_changes(site, slot).where(LearnedWeights.is_in_force.is_(True)).limit(1))


def before(change: LearnedWeights) -> LearnedWeights | None:
    """The change that was in force before another one."""
    query = _changes(change.site, change.slot).where(LearnedWeights.id < change.id)
    return db.session.scalar(query.limit(1))


def changes_of(site: Site, slot: str | None) -> list[LearnedWeights]:
    """What was learned, the newest first."""
    return list(db.session.scalars(_changes(site, slot).limit(MOST_TOLD)))


def as_blend(change: LearnedWeights) -> Blend:
    """The weights of a change; a part that is no more weighs nothing."""
    return Blend(
        tuple({NAMES[part]: weight for part, weight in tier.items() if part in NAMES} for tier in change.tiers)
    )


def _changes(site: Site, slot: str | None) -> Select[LearnedWeights]:
    query = select(LearnedWeights).where(LearnedWeights.site == site, LearnedWeights.slot.is_not_distinct_from(slot))
    return query.order_by(LearnedWeights.id.desc())


def _blends_of(site: Site) -> dict[str | None, Blend]:
    query = select(LearnedWeights).where(LearnedWeights.site == site, LearnedWeights.is_in_force.is_(True))
    return {change.slot: as_blend(change) for change in db.session.scalars(query.order_by(LearnedWeights.id))}
