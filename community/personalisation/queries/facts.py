"""Items with the numbers that are weighed: the same for all readers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, select

from community.core.asking import numbers, rows_of
from community.core.memory import Memory
from community.items.models import Item, State, item_tags
from community.personalisation.engine.candidate import Candidate, freshness_of, popularity_of
from community.personalisation.models import LONG_HALF_LIFE, Popularity, score_of_read
from community.sites.models import Site

_kept: Memory[dict[int, Candidate | None]] = Memory(seconds=60, most=50)  # as old as what a wish finds


def facts_of(site: Site, item_ids: Collection[int], now: datetime) -> list[Candidate]:
    """The live ones of these items with the numbers that are weighed: the same for all readers for a minute."""
    known = _kept.of(site.code, dict)
    missing = [item_id for item_id in item_ids if item_id not in known]
    if missing:
        known.update(dict.fromkeys(missing) | _asked(site, missing, now))
    return [found for item_id in item_ids if (found := known[item_id]) is not None]


def _asked(site: Site, item_ids: list[int], now: datetime) -> dict[int, Candidate]:
    worth = score_of_read(now), score_of_read(now, LONG_HALF_LIFE)
    rows = rows_of(_FACTS, {"site": site.code, "item_ids": item_ids}).all()
    return {row.id: _candidate(row, now, *worth) for row in rows}


def _of_numbers() -> Select[Any]:
    """The site by no index, or SQLite, which knows no counts, would look through all of it."""
    tags = func.aggregate_strings(cast(item_tags.c.tag_id, String), ",")
    query: Any = select(
        Item.id,
        Item.kind,
        Item.theme_id,
        Item.stage_from,
        Item.stage_to,
        Item.stage_basis,
        Item.published_at,
        func.coalesce(Popularity.score, 0.0).label("score"),
        func.coalesce(Popularity.lasting, 0.0).label("lasting"),
        func.coalesce(Popularity.newcomers, 0.0).label("newcomers"),
        select(tags).where(item_tags.c.item_id == Item.id).correlate(Item).scalar_subquery().label("tag_ids"),
    )
    here = func.lower(Item.site) == bindparam("site"), Item.state == State.LIVE, Item.is_quiet.is_(False)
    query = query.outerjoin(Popularity, Popularity.item_id == Item.id)
    return query.where(Item.id.in_(numbers("item_ids")), *here)


def _candidate(row: Any, now: datetime, worth: float, lasting: float) -> Candidate:
    """By what a read of this moment is worth in scores, and in those that are slowly forgotten."""
    reads, all_reads = row.score / worth, row.lasting / lasting
    return Candidate(
        id=row.id,
        kind=row.kind,
        theme_id=row.theme_id,
        tag_ids=frozenset(map(int, row.tag_ids.split(","))) if row.tag_ids else frozenset(),
        stage_from=row.stage_from,
        stage_to=row.stage_to,
        stage_basis=row.stage_basis,
        reads=reads,
        all_reads=all_reads,
        popularity=popularity_of(reads),
        lasting=popularity_of(all_reads),
        newcomers=popularity_of(row.newcomers / lasting),
        freshness=freshness_of(now - (row.published_at or now)),
    )


_FACTS = _of_numbers()
