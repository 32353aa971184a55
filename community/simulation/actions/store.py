"""Rows in large numbers: numbered here, stored table by table, one commit for each batch."""

from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Table, func, insert

from community.core.db import Model, db, unit_of_work
from community.items.models import Follow, Stance
from community.messages.models import Notice
from community.simulation import queries
from community.simulation.world import DAY, HOUR, Person, at
from community.sites.models import Site
from community.touchpoints.models import Touchpoint, Verb

BATCH = 20_000
NOTICED, READ = 14 * DAY, 0.75  # what is newer than this was told; so much of it was read


def read_at(chance: Random, when: int, until: int) -> int | None:
    """When somebody read what was told at a moment, if they did."""
    return min(until, when + 3 * HOUR) if chance.random() < READ else None


class Told(NamedTuple):
    """A touchpoint that waits until all of its time are known."""

    at: int
    verb: Verb
    site: Site
    person: Person
    about: str | None
    facts: dict[str, Any]


class Store:
    """What waits to be stored. The rows of one table all name the same columns."""

    def __init__(self) -> None:
        self.rows: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
        self.waiting = 0
        self.deeds: list[Told] = []
        self.numbers: dict[Table, int] = {}
        self.order = {table: place for place, table in enumerate(Model.metadata.sorted_tables)}

    def number(self, model: Any) -> int:
        """The next number of a table."""
        table = model.__table__
        self.numbers[table] = (self.numbers.get(table) or queries.last_number(table)) + 1
        return self.numbers[table]

    def add(self, model: Any, **row: Any) -> None:
        """Keep a row until there are many."""
        self.rows[getattr(model, "__table__", model)].append(row)
        self.waiting += 1

    def follow(self, person: Person, since: int, item_id: int | None = None, collection_id: int | None = None) -> None:
        """Let a member follow an item or a collection."""
        things = {"item_id": item_id, "collection_id": collection_id}
        self.add(Follow, member_id=person.id, stance=Stance.FOLLOW, since=at(since), **things)

    def notify(self, person: Person, when: int, read: int | None, **told: Any) -> None:
        """Let a member hear of something, and read of it at a moment, or not yet."""
        person.unread += read is None
        row = {"item_id": None, "post_id": None, "actor_id": None, "path": ""} | told
        self.add(Notice, member_id=person.id, at=at(when), read_at=None if read is None else at(read), **row)

    def tell(self, when: int, site: Site, person: Person, verb: Verb, about: str | None, **facts: Any) -> None:
        """Keep a deed for the record."""
        self.deeds.append(Told(when, verb, site, person, about, facts))

    def record(self, touchpoints: Iterable[Told]) -> None:
        """Store touchpoints, in the order in which they come."""
        for told in touchpoints:
            self.add(
                Touchpoint,
                at=at(told.at),
                verb=told.verb,
                site=told.site,
                member_id=told.person.id,
                visitor_id=told.person.visitor_id,
                about=told.about,
                allows=told.person.allows,
                facts=told.facts,
            )
            self.settle(BATCH)

    def settle(self, most: int = 0) -> None:
        """Store what waits, if it is more than this."""
        if self.waiting <= most:
            return
        with unit_of_work():
            for table in sorted(self.rows, key=self.order.__getitem__):
                db.session.execute(insert(table), self.rows[table])
        self.rows.clear()
        self.waiting = 0

    def take_room(self) -> None:
        """Let SQLite work in memory, and tidy its log seldom: batches touch pages all over the indexes."""
        if db.engine.dialect.name == "sqlite":
            for setting in ("cache_size = -400000", "wal_autocheckpoint = 50000"):
                db.session.connection().exec_driver_sql(f"PRAGMA {setting}")

    def hand_over(self) -> None:
        """Let the database number on where we ended; SQLite does so by itself."""
        if db.engine.dialect.name == "postgresql":
            with unit_of_work():
                for table, number in self.numbers.items():
                    db.session.execute(func.setval(func.pg_get_serial_sequence(table.name, "id"), number))
