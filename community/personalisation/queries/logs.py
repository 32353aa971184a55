"""A site's own log of reads, as the engine learns from it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from community.core.db import Model, db, send
from community.items.models import Item, State, item_tags
from community.members.queries import staff
from community.personalisation.engine.log import Log, LoggedRead
from community.personalisation.models import Read, Shown
from community.sites.models import Site

MOST = 200_000  # reads, the latest: more teach no more
AT_ONCE = 100_000
MACHINE = 300  # different items a day, from a person's first to the last: nobody reads so many


def log_of(site: Site) -> Log:
    """The latest reads of a site's live items, in the order of time."""
    live = Item.site == site, Item.state == State.LIVE, Item.is_quiet.is_(False)
    query = select(Read.person, Read.item_id, Read.last_at).join(Item, Item.id == Read.item_id).where(*live)
    rows = db.session.execute(query.order_by(Read.last_at.desc(), Read.id.desc()).limit(MOST)).all()
    tagged = select(item_tags.c.item_id, item_tags.c.tag_id).join(Item, Item.id == item_tags.c.item_id).where(*live)
    tags: defaultdict[int, set[int]] = defaultdict(set)
    for item_id, tag_id in db.session.execute(tagged):
        tags[item_id].add(tag_id)
    published = db.session.execute(select(Item.id, Item.published_at).where(*live, Item.published_at.is_not(None)))
    return Log(
        [LoggedRead(person, item_id, at.timestamp()) for person, item_id, at in reversed(rows)],
        tags={item_id: frozenset(found) for item_id, found in tags.items()},
        published={item_id: at.timestamp() for item_id, at in published if at},
    )


def rows_of_lists(site: Site, log: Log) -> dict[str, set[int]]:
    """The rows of a log that came of a list, by its slot: the person had been shown the item there."""
    query = select(Shown.slot, Read.person, Read.item_id).join(Item, Item.id == Read.item_id)
    query = query.join(Shown, and_(Shown.person == Read.person, Shown.item_id == Read.item_id))
    numbers = {read[:2]: number for number, read in enumerate(log.reads)}
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for slot, person, item_id in db.session.execute(query.where(Item.site == site, Read.last_at >= Shown.first_at)):
        if (person, item_id) in numbers:
            rows[slot].add(numbers[person, item_id])
    return rows


def begin_of_latest(count: int) -> Read | None:
    """The read before the latest so many."""
    return db.session.scalar(select(Read).order_by(Read.id.desc()).offset(count).limit(1))


def published_since(moment: datetime) -> set[int]:
    """The live items that came after a moment."""
    return set(db.session.scalars(select(Item.id).where(Item.published_at >= moment, Item.state == State.LIVE)))


def reads_in_order(after: int = 0) -> Iterator[tuple[str, int]]:
    """Who read what, all of it or what was kept after a read of this number, the first reads first; so many at once,
    and of the table alone: ten million rows of the session would cost twice as much."""
    table, others, last = Model.metadata.tables["reads"].c, _not_readers(after), after
    query = select(table.id, table.person, table.item_id).order_by(table.id).limit(AT_ONCE)
    while rows := send(query.where(table.id > last)).all():
        yield from ((person, item_id) for _id, person, item_id in rows if person not in others)
        last = rows[-1].id


def _not_readers(after: int) -> set[str]:
    """The staff, who read for their work, and whoever read so much that it is a machine."""
    times = func.count().label("times"), func.min(Read.last_at).label("first"), func.max(Read.last_at).label("last")
    much = select(Read.person, *times).where(Read.id > after).group_by(Read.person).having(times[0] > MACHINE)
    machines = {
        row.person for row in db.session.execute(much) if row.times > MACHINE * (1 + (row.last - row.first).days)
    }
    return machines | {f"m{member.id}" for member in staff() if member.is_staff}


def read_count() -> int:
    """How many reads are kept."""
    return db.session.scalar(select(func.count()).select_from(Read)) or 0


def read_items() -> Select[Any]:
    """The ids of all items that are read."""
    return select(Read.item_id)


def still_there(item_ids: Sequence[int]) -> set[int]:
    """Those of these items that were not deleted meanwhile."""
    return set(db.session.scalars(select(Item.id).where(Item.id.in_(item_ids))))
