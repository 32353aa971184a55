"""What every import shares: the memory of what was taken before, and the report of what was taken now."""

import hashlib
import html
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model, db
from community.core.text import display_name

OUTCOMES = ("created", "updated", "unchanged", "skipped")


class Unreadable(Exception):
    """Not one row can be read; the text says why, in one sentence."""


class ImportedRow(Model):
    """One row of another site's export and what it became here, so that a second run knows it again."""

    __tablename__ = "imported_rows"
    __table_args__ = (UniqueConstraint("site", "source", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(200))  # the site it came from
    kind: Mapped[str] = mapped_column(String(40))  # as the report counts it
    key: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))  # of the row as last taken
    thing_id: Mapped[int | None]  # the article, post, tag or picture


@dataclass(frozen=True)
class Known:
    """A row as it was last taken."""

    row_id: int
    digest: str
    thing_id: int | None


class Memory:
    """What earlier runs took from one source."""

    def __init__(self, site: str, source: str) -> None:
        self.site, self.source = site, source
        query = select(ImportedRow).where(ImportedRow.site == site, ImportedRow.source == source)
        self._known = {
            (row.kind, row.key): Known(row.id, row.digest, row.thing_id) for row in db.session.scalars(query)
        }

    def of(self, kind: str, key: str) -> Known | None:
        """The row of this kind and key, if it was taken before this run."""
        return self._known.get((kind, key))

    def keep(self, kind: str, key: str, digest: str, thing_id: int | None = None) -> None:
        """Remember a row as it was taken now, in the commit of what it became."""
        known = self.of(kind, key)
        if known is None:
            row = ImportedRow(site=self.site, source=self.source, kind=kind, key=key, digest=digest, thing_id=thing_id)
            db.session.add(row)
        else:
            change = update(ImportedRow).where(ImportedRow.id == known.row_id)
            db.session.execute(change.values(digest=digest, thing_id=thing_id))


@dataclass(frozen=True)
class Problem:
    """What could not be taken, in words for the person who runs the import."""

    where: str
    what: str
    why: str


@dataclass
class Report:
    """How many rows of each kind the file holds and what became of them; the outcomes add up to `found`."""

    found: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in OUTCOMES})
    problems: list[Problem] = field(default_factory=list)
    is_broken: bool = False  # parts of the file could not be read

    def count(self, kind: str, outcome: str) -> None:
        """One row of a kind came to this end."""
        self.outcomes[outcome][kind] += 1

    def name(self, line: int, what: str, why: str, file: str = "") -> None:
        """Say what was not taken, or not as it was; with the file where there are several."""
        self.problems.append(Problem(f"{file} line {line}".strip(), what, why))

    @property
    def status(self) -> int:
        """The exit status: 3 where a row was skipped or lost; 0 where all was taken, if not all as it was."""
        return 3 if self.is_broken or self.outcomes["skipped"].total() else 0

    def as_json(self) -> dict[str, Any]:
        """The one object that `--json` prints."""
        counts = {name: {kind: self.outcomes[name][kind] for kind in self.found} for name in OUTCOMES}
        return {"found": dict(self.found), **counts, "problems": [asdict(problem) for problem in self.problems]}


def public_name(written: str) -> str:
    """A name to show. An e-mail address or a web address is none, and is not kept."""
    name = display_name(html.unescape(written))
    return "" if "@" in name or "://" in name else name[:80]


def digest_of(said: object) -> str:
    """A digest over anything that JSON can hold."""
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()
