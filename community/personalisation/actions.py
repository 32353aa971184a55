"""What is kept of reading, and how all of it can be taken back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Float, Table, bindparam, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from community.core import clock
from community.core.db import Model, db
from community.items.models import Item
from community.members.models import Member, Purpose
from community.personalisation.engine.candidate import LITTLE
from community.personalisation.models import (
    LONG_HALF_LIFE,
    CoRead,
    Dismissed,
    Popularity,
    Read,
    person_of,
    score_of_read,
)
from community.personalisation.policy import may_learn_from
from community.personalisation.queries import counting
from community.personalisation.queries.counting import NEIGHBOURS, CountedRead
from community.personalisation.slots_actions import drop_shown
from community.touchpoints import actions as touchpoints
from community.touchpoints.actions import record
from community.touchpoints.models import Touchpoint, Verb

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
LEAST_WEIGHT = 0.05  # less is what is left of sums of tenths
LEAST_READ = 1e-6  # of a read of this moment


def keep_reads(batch: Sequence[Touchpoint]) -> None:
    """Who read what and when; and how long and how far, where the page told."""
    allowed = [touchpoint for touchpoint in batch if counting.is_allowed(touchpoint)]
    known = counting.known_items({t.about_id for t in allowed if t.verb in (Verb.PAGE_READ, Verb.PAGE_LEFT)})
    reads = {_place_of(t): t.at for t in allowed if t.verb == Verb.PAGE_READ and t.about_id in known}
    _keep({"person": person, "item_id": item, "last_at": at} for (person, item), at in reads.items())
    _keep_length([t for t in allowed if t.verb == Verb.PAGE_LEFT and t.about_id in known])


def count_reads(reads: Sequence[CountedRead], sign: int = 1) -> None:
    """Add reads to what is counted of all readers; or (sign -1) take them back."""
    _count_co_reads(reads, sign)
    _count_popularity(reads, sign)


def _count_co_reads(reads: Iterable[CountedRead], sign: int) -> None:
    """Add what was read just before to its pairs, both ways, the nearest most."""
    weights: defaultdict[tuple[int, int], float] = defaultdict(float)
    onward: defaultdict[tuple[int, int], float] = defaultdict(float)
    for read in reads:
        for distance, other in enumerate(read.before):
            weight = sign * (NEIGHBOURS - distance) / NEIGHBOURS
            weights[read.item_id, other] += weight
            weights[other, read.item_id] += weight
            onward[other, read.item_id] += weight
    rows = [
        {"item_id": pair[0], "other_id": pair[1], "weight": weight, "onward": onward.get(pair, 0.0)}
        for pair, weight in sorted(weights.items())
    ]
    _add_up(CoRead, rows)
    if sign < 0:
        items = {item for item, _other in weights}
        db.session.execute(delete(CoRead).where(CoRead.item_id.in_(items), CoRead.weight < LEAST_WEIGHT))


def _count_popularity(reads: Iterable[CountedRead], sign: int) -> None:
    """Add reads to the scores of their items."""
    scores: defaultdict[int, float] = defaultdict(float)
    lasting: defaultdict[int, float] = defaultdict(float)
    newcomers: defaultdict[int, float] = defaultdict(float)
    for read in reads:
        scores[read.item_id] += sign * score_of_read(read.at)
        lasting[read.item_id] += sign * score_of_read(read.at, LONG_HALF_LIFE)
        if len(read.before) < LITTLE:
            newcomers[read.item_id] += sign * score_of_read(read.at, LONG_HALF_LIFE)
    sites = counting.known_items(set(scores))
    rows = [
        {"item_id": i, "site": sites[i], "score": score, "lasting": lasting[i], "newcomers": newcomers[i]}
        for i, score in scores.items()
    ]
    _add_up(Popularity, rows)
    if sign < 0:
        least = LEAST_READ * score_of_read(clock.now())
        db.session.execute(delete(Popularity).where(Popularity.item_id.in_(scores), Popularity.score < least))


def dismiss(member: Member, item: Item) -> None:
    """Not this: never shown to this member again."""
    if db.session.get(Dismissed, (member.id, item.id)) is None:
        db.session.add(Dismissed(member_id=member.id, item_id=item.id, at=clock.now()))
        record(member, Verb.ITEM_DISMISSED, item)


def take_back_dismissals(member: Member) -> None:
    """What a member did not want to see may come again."""
    db.session.execute(delete(Dismissed).where(Dismissed.member_id == member.id))


def join_visitor(visitor_id: str, member: Member) -> None:
    """What a visitor read before signing in joins the member's reading, and counts as one history.

    It gives the record of the visitor to the member too."""
    if not may_learn_from(member):
        return
    visitor, joined = f"v{visitor_id}", person_of(member)
    count_reads(counting.counted_of(visitor, joined), sign=-1)
    touchpoints.join_visitor(visitor_id, member)
    count_reads(counting.counted_of(joined))
    _keep(
        {"person": joined, "item_id": r.item_id, "last_at": r.last_at, "seconds": r.seconds, "share": r.share}
        for r in counting.reads_of(visitor)
    )
    _drop_reads(visitor)


def forget(member: Member) -> None:
    """Withdrawal: a member's reading goes, with what came only of it, and is not read again."""
    _forget(person_of(member))
    touchpoints.disallow(member.id, Purpose.PERSONALISATION)


def forget_visitor(visitor_id: str) -> None:
    """A visitor withdrew: nothing of the random number stays, here and in the record."""
    _forget(f"v{visitor_id}")
    touchpoints.forget_visitor(visitor_id)


def erase(member_id: int) -> None:
    """Nothing of a person stays; to be called while the record still knows the person."""
    _forget(f"m{member_id}")
    db.session.execute(delete(Dismissed).where(Dismissed.member_id == member_id))


def forget_before(moment: datetime) -> None:
    """Who read what is kept for a stated time; the sums over all readers stay."""
    db.session.execute(delete(Read).where(Read.last_at < moment))


def forget_all() -> None:
    """Empty the tables that are derived of reading, before they are made anew."""
    for table in (Read, CoRead, Popularity):
        db.session.execute(delete(table))


def _forget(person: str) -> None:
    count_reads(counting.counted_of(person), sign=-1)
    _drop_reads(person)


def _drop_reads(person: str) -> None:
    db.session.execute(delete(Read).where(Read.person == person))
    drop_shown(person)


def _place_of(touchpoint: Touchpoint) -> tuple[str, int]:
    return counting.person_in(touchpoint), touchpoint.about_id


def _keep(rows: Iterable[dict[str, Any]]) -> None:
    """Reads that may be known already: the later moment, the sum of seconds, the greater share."""
    rows = [{"seconds": 0, "share": 0.0, **row} for row in rows]
    statement = _insert(Read)
    new = statement.excluded
    values = {
        "last_at": case((new.last_at > Read.last_at, new.last_at), else_=Read.last_at),
        "seconds": Read.seconds + new.seconds,
        "share": case((new.share > Read.share, new.share), else_=Read.share),
    }
    if rows:
        db.session.execute(statement.on_conflict_do_update(index_elements=["person", "item_id"], set_=values), rows)


def _keep_length(left: list[Touchpoint]) -> None:
    """Add to reads how long a page was seen and how far; a page that was left without being read tells nothing."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for touchpoint in left:
        place = _place_of(touchpoint)
        row = rows.setdefault(place, {"of": place[0], "what": place[1], "more": 0, "far": 0.0})
        row["more"] += touchpoint.facts.get("seconds", 0)
        row["far"] = max(row["far"], touchpoint.facts.get("share", 0.0))
    table = _table(Read)
    statement = update(table).where(table.c.person == bindparam("of"), table.c.item_id == bindparam("what"))
    far = case((table.c.share < bindparam("far"), bindparam("far")), else_=table.c.share)
    if rows:
        seconds = table.c.seconds + bindparam("more")
        db.session.connection().execute(statement.values(seconds=seconds, share=far), list(rows.values()))


def _add_up(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Add numbers to rows that may not be there yet, in one go."""
    statement = _insert(model)
    table = _table(model)
    sums = [column for column in table.columns if isinstance(column.type, Float)]
    total = {column.name: column + statement.excluded[column.name] for column in sums}
    if rows:
        keys = [key.name for key in table.primary_key]
        db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=total), rows)


def _insert(model: type[Model]) -> Any:
    return _INSERTS[db.engine.dialect.name](_table(model))


def _table(model: type[Model]) -> Table:
    return model.__table__  # type: ignore[return-value]
