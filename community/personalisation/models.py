"""What is derived of reading: histories, interests, co-reads, popularity; and what was shown or refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Model
from community.sites.models import Site, SiteColumn

HALF_LIFE, LONG_HALF_LIFE = timedelta(days=14), timedelta(days=180)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)  # a read at this moment has the score 1


class Read(Model):
    """That a person read an item: a projection of touchpoints, under consent to personalisation.

    `person` is `m<member id>` or, for a consenting visitor, `v<random number>`."""

    __tablename__ = "reads"
    __table_args__ = (
        UniqueConstraint("person", "item_id"),
        Index("ix_reads_latest", "person", "last_at"),
        Index("ix_reads_by_item", "item_id", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(36))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    last_at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(default=0)
    share: Mapped[float] = mapped_column(default=0.0)


class CoRead(Model):
    """How often readers of one item read another within their last reads, and how often after it."""

    __tablename__ = "co_reads"
    __table_args__ = {"sqlite_with_rowid": False}  # a read writes twenty rows: none of them into a second tree

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(primary_key=True)  # no key: it would need an index, and items do not go
    weight: Mapped[float]
    onward: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of the weight, what was read after it


class Neighbours(Model):
    """The items that have the same readers as an item, the nearest first: counted anew every few minutes or, where
    there are too many reads for that, every night."""

    __tablename__ = "neighbours"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    others: Mapped[list[list[float]]] = mapped_column(JSON)  # of [item id, similarity; below 0 it speaks against]


class PeerLift(Model):
    """How much more an item is read by parents at one time than by all readers of its site, as a logarithm that is
    drawn to 0 where few read; counted anew with the neighbours."""

    __tablename__ = "peer_lifts"
    __table_args__ = (Index("ix_peer_lifts_site", "site"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)  # of stage days, see `queries.peers`
    site: Mapped[Site] = mapped_column(SiteColumn)
    lift: Mapped[float]


class LearnedWeights(Model):
    """How much each part weighs in a slot of a site, as its own log taught; each change is a row, the one in force
    is marked. Without a slot it counts in all slots that have learned nothing of their own."""

    __tablename__ = "learned_weights"
    __table_args__ = (Index("ix_learned_weights_in_force", "site", "is_in_force"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    slot: Mapped[str | None] = mapped_column(String(12))
    tiers: Mapped[list[dict[str, float]]] = mapped_column(JSON)  # part -> weight, for few, some and many known reads
    quality: Mapped[float]  # of lists by these weights (nDCG of ten), on what was read next
    quality_before: Mapped[float]  # by those that were in force
    learned_at: Mapped[datetime]
    is_in_force: Mapped[bool] = mapped_column(default=True)


class Popularity(Model):
    """How much an item is read. Each read counts double what one a half-life earlier did, so that scores compare
    at any moment without touching a row; `read_now()` says how many reads of this moment a score is worth."""

    __tablename__ = "popularities"
    __table_args__ = (Index("ix_popularities_most_read", "site", "score"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    score: Mapped[float]
    lasting: Mapped[float] = mapped_column(default=0.0, server_default="0")  # the same, with the long half-life
    newcomers: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of it, by who had read little of late


class Dismissed(Model):
    """Not this: never shown to this member again."""

    __tablename__ = "dismissed"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class Shown(Model):
    """In how many visits a person was shown an item in a slot, and how it last stood there, under consent.

    One row for each person, slot and item, so that it grows with what there is, not with how often it is looked at."""

    __tablename__ = "shown"
    __table_args__ = (Index("ix_shown_often", "person", "times", "item_id"),)

    person: Mapped[str] = mapped_column(String(36), primary_key=True)
    slot: Mapped[str] = mapped_column(String(12), primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True)  # no key: of what is gone the number goes in time too
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str] = mapped_column(String(6))
    position: Mapped[int]  # 1 is the first
    version: Mapped[int]  # of the slot's setting
    arm: Mapped[str] = mapped_column(String(8), default="")  # of the experiment that chose the list
    by_chance: Mapped[bool] = mapped_column(default=False)
    tier: Mapped[str] = mapped_column(String(9), default="", server_default="")  # what it rested on, see `tiers.py`


class SlotSetting(Model):
    """How a site fills a slot, where somebody of the staff said so; each change has a number of its own."""

    __tablename__ = "slot_settings"

    site: Mapped[Site] = mapped_column(SiteColumn, primary_key=True)
    slot: Mapped[str] = mapped_column(String(12), primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # see `slots.Rules`
    version: Mapped[int]
    changed_at: Mapped[datetime]


class Experiment(Model):
    """Two ways to fill a slot, side by side: some persons see it in another way (its `rules`) than all others do.

    Without a slot it is the holdout: these persons see what is read most, wherever lists are chosen for others."""

    __tablename__ = "experiments"
    __table_args__ = (Index("ix_experiments_running", "site", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    slot: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    percent: Mapped[int]  # of persons who see the other way
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)

    @property
    def key(self) -> str:
        """How the audit log names it."""
        return f"experiment:{self.id}"

    @property
    def is_holdout(self) -> bool:
        """Whether it measures all slots against what is read most."""
        return self.slot is None


class Trial(Model):
    """That a person takes part in an experiment, from their first list on; and, a week later, what came of it."""

    __tablename__ = "trials"
    __table_args__ = (Index("ix_trials_open", "read_count", "began_at"),)

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(36), primary_key=True)
    arm: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime]
    read_count: Mapped[int | None]  # items of its lists that the person read within the week; none while it runs


def score_of_read(at: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """What one read at a moment adds to a score."""
    return float(2 ** ((at - BEGINNING) / half_life))


def read_now(score: float, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """A score in reads of this moment."""
    return score / score_of_read(now, half_life)


def person_of(who: Any) -> str:
    """How reading names a member or a visitor."""
    return f"m{who.id}" if who.is_member else f"v{who.visitor_id}"
