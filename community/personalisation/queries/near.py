"""What has the same readers as an item, as it was counted last."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from community.core.db import db
from community.core.memory import Memory
from community.personalisation.engine.votes import Ties
from community.personalisation.models import Neighbours

_near: Memory[list[tuple[int, float]]] = Memory(seconds=300, most=5_000)


def near_to(history: Sequence[int]) -> Ties:
    """What has the same readers as these items."""
    known = {item_id: _near.find(item_id) for item_id in history}
    missing = [item_id for item_id, found in known.items() if found is None]
    for item_id, others in _neighbours_of(missing) if missing else ():
        known[item_id] = [(int(other), strength) for other, strength in others]
        _near.keep(item_id, known[item_id] or [])
    return {item_id: found or [] for item_id, found in known.items()}


def _neighbours_of(item_ids: list[int]) -> Iterator[tuple[int, list[list[float]]]]:
    rows = db.session.execute(select(Neighbours.item_id, Neighbours.others).where(Neighbours.item_id.in_(item_ids)))
    others = {row.item_id: row.others for row in rows}
    return ((item_id, others.get(item_id, [])) for item_id in item_ids)
