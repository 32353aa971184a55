"""How slots are filled at present, and what came of experiments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, null, or_, select, union_all

from community.core.db import db
from community.core.memory import Memory
from community.items.models import Item, State, Visibility
from community.members.models import Member
from community.personalisation.experiments import Outcome, Uplift, Way, uplift_of
from community.personalisation.models import Experiment, Read, Shown, SlotSetting, Trial
from community.personalisation.slots import Plan, Rules, Running, Slot, rules_of, usual_rules
from community.sites.models import Site

SECONDS = 60
MOST_TOLD = 50  # experiments of a site, the newest first
_plans: Memory[Plan] = Memory(SECONDS, 100)
forget_plans = _plans.forget


def plan_of(site: Site) -> Plan:
    """How a site's slots are filled: asked for once a minute in each process."""
    return _plans.of(site.code, lambda: _plan_of(site))


def setting_of(site: Site, slot: Slot) -> SlotSetting | None:
    """What the staff said of a slot, if anything."""
    return db.session.get(SlotSetting, (site, slot.value))


def present_rules(site: Site, slot: Slot) -> Rules:
    """The rules of a slot as they stand now."""
    setting = setting_of(site, slot)
    return rules_of(setting.rules) if setting else usual_rules(slot)


def settings_of(site: Site) -> dict[str, SlotSetting]:
    """All that the staff said of a site's slots."""
    rows = db.session.scalars(select(SlotSetting).where(SlotSetting.site == site))
    return {row.slot: row for row in rows}


def items_at(site: Site, paths: Sequence[str]) -> dict[str, int]:
    """What stands at these addresses of a site for everybody to see: its number by its address."""
    query = select(Item.path, Item.id).where(Item.site == site, Item.path.in_(paths), Item.state == State.LIVE)
    rows = db.session.execute(query.where(Item.visibility == Visibility.PUBLIC))
    return {row.path: row.id for row in rows}


def paths_of(item_ids: Sequence[int]) -> list[str]:
    """The addresses of items, in their order; what is gone is left out."""
    rows = db.session.execute(select(Item.id, Item.path).where(Item.id.in_(item_ids)))
    found = {row.id: row.path for row in rows}
    return [found[item_id] for item_id in item_ids if item_id in found]


def item_at(site: Site, path: str) -> Item | None:
    """What stands at an address of a site for everybody to see."""
    item_id = items_at(site, [path]).get(path)
    return db.session.get(Item, item_id) if item_id else None


def experiment_by_id(experiment_id: int) -> Experiment | None:
    """One experiment."""
    return db.session.get(Experiment, experiment_id)


def running_at(site: Site) -> list[Experiment]:
    """The experiments that run at a site, the newest first."""
    return list(db.session.scalars(_experiments(site).where(Experiment.ended_at.is_(None))))


def ended_at(site: Site) -> list[Experiment]:
    """Those that have ended, the newest first."""
    return list(db.session.scalars(_experiments(site).where(Experiment.ended_at.is_not(None)).limit(MOST_TOLD)))


def running_in(site: Site, slot: Slot | None) -> Experiment | None:
    """The experiment that runs in a slot; the holdout for no slot."""
    query = select(Experiment).where(Experiment.site == site, Experiment.ended_at.is_(None))
    return db.session.scalar(query.where(Experiment.slot.is_(None) if slot is None else Experiment.slot == slot.value))


@dataclass(frozen=True)
class Report:
    """What came of an experiment so far."""

    usual: Outcome
    other: Outcome
    open_count: int  # persons whose week is not over
    is_holdout: bool

    @property
    def uplift(self) -> Uplift | None:
        """Of the new way over the present one; of a holdout, of choosing over what is read most."""
        new, base = (self.usual, self.other) if self.is_holdout else (self.other, self.usual)
        return uplift_of(new, base)


def silent_among(persons: Collection[str]) -> set[str]:
    """Those of these persons who are members and do not agree, or no more, that their reading is used."""
    members = {int(person[1:]) for person in persons if person.startswith("m")}
    if not members:
        return set()
    query = select(Member.id).where(Member.id.in_(members), Member.personalisation)
    return {f"m{number}" for number in members - set(db.session.scalars(query))}


def report_of(experiment: Experiment) -> Report:
    """Counted now: one statement."""
    count, counted = Trial.read_count, func.count(Trial.read_count)
    total, squares = func.sum(count), func.sum(count * count)
    query = select(Trial.arm, func.count(), counted, total, squares).group_by(Trial.arm)
    rows = db.session.execute(query.where(Trial.experiment_id == experiment.id)).all()
    found = {arm: _outcome(persons, total or 0, squares or 0) for arm, _all, persons, total, squares in rows}
    return Report(
        usual=found.get(Way.USUAL, Outcome()),
        other=found.get(Way.OTHER, Outcome()),
        open_count=sum(everybody - persons for _arm, everybody, persons, *_sums in rows),
        is_holdout=experiment.is_holdout,
    )


def reads_within() -> Any:
    """How many items of an experiment's lists the person of a trial has read since it began: for an UPDATE."""
    read_it = and_(Read.person == Shown.person, Read.item_id == Shown.item_id, Read.last_at >= Shown.first_at)
    query = select(func.count(Shown.item_id.distinct())).select_from(Shown).join(Read, read_it)
    query = query.join(Experiment, Experiment.id == Trial.experiment_id)
    since = Shown.person == Trial.person, Shown.last_at >= Trial.began_at, Read.last_at >= Trial.began_at
    return query.where(*since, _is_its_slot()).correlate(Trial).scalar_subquery()


def _experiments(site: Site) -> Select[Experiment]:
    return select(Experiment).where(Experiment.site == site).order_by(Experiment.id.desc())


def _is_its_slot() -> ColumnElement[bool]:
    return or_(Experiment.slot.is_(None), Experiment.slot == Shown.slot)


def _outcome(persons: int, total: float, squares: float) -> Outcome:
    if persons < 2:
        return Outcome(persons, total)
    mean = total / persons
    return Outcome(persons, mean, (squares - persons * mean**2) / (persons - 1))


def _plan_of(site: Site) -> Plan:
    settings, running = {}, []
    for experiment_id, slot, rules, number in db.session.execute(_all_of(site)):
        if experiment_id is None:
            settings[slot] = rules_of(rules), number
        else:
            running.append(Running(experiment_id, slot, number, rules_of(rules) if slot else None))
    return Plan(settings, tuple(running))


def _all_of(site: Site) -> Any:
    """The settings and running experiments of a site in one statement: an experiment has a number, a setting none."""
    none = cast(null(), Integer).label("id")
    settings = select(none, SlotSetting.slot, SlotSetting.rules, SlotSetting.version).where(SlotSetting.site == site)
    columns = Experiment.id, Experiment.slot, Experiment.rules, Experiment.percent
    running = select(*columns).where(Experiment.site == site, Experiment.ended_at.is_(None))
    return union_all(settings, running)
