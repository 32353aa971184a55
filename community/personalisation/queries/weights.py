"""How much each part weighs at a site now, and how that came about."""

from sqlalchemy import select

from community.core.db import db
from community.core.memory import Memory
from community.personalisation.engine.blend import Blend
from community.personalisation.engine.scoring import Part
from community.personalisation.models import LearnedWeights
from community.sites.models import Site

NAMES = {part.value: part for part in Part}
_kept: Memory[Blend] = Memory(seconds=60, most=50)


def blend_of(site: Site) -> Blend:
    """The weights in force; the usual ones before there was anything to learn from."""
    return _kept.of(site, lambda: _blend_of(site))


def in_force(site: Site) -> LearnedWeights | None:
    """The change that is in force."""
    query = select(LearnedWeights).where(LearnedWeights.site == site, LearnedWeights.is_in_force.is_(True))
    return db.session.scalar(query.order_by(LearnedWeights.id.desc()).limit(1))


def before(change: LearnedWeights) -> LearnedWeights | None:
    """The change that was in force before another one."""
    query = select(LearnedWeights).where(LearnedWeights.site == change.site, LearnedWeights.id < change.id)
    return db.session.scalar(query.order_by(LearnedWeights.id.desc()).limit(1))


def _blend_of(site: Site) -> Blend:
    row = in_force(site)
    if row is None:
        return Blend()
    return Blend(tuple({NAMES[part]: weight for part, weight in tier.items() if part in NAMES} for tier in row.tiers))
