"""What was shown is kept; rules of slots are changed; experiments begin, are counted and end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import case, delete, update

from community.core import audit, clock, generation
from community.core.db import after_commit, db, insert_into, unit_of_work
from community.core.jobs import every, job
from community.members.actions import note_uses
from community.members.ledger import Use
from community.members.models import Member
from community.personalisation.models import Experiment, Shown, SlotSetting, Trial
from community.personalisation.queries import plans
from community.personalisation.slots import Offer, Rules, Slot
from community.sites.models import Site

KEPT = timedelta(days=60)  # what was not shown for so long is new again
VISIT = timedelta(minutes=30)  # after so long without a look the next one is another visit
FOLLOWED = timedelta(days=7)  # so long it is looked at what came of somebody's first list


def keep_offers(lists: Iterable[dict[str, Any]]) -> None:
    """Keep lists as `Offer.as_log()` tells them, of persons who still agree."""
    lists = list(lists)
    silent = plans.silent_among({one["person"] for one in lists})
    agreed = [one for one in lists if one["item_ids"] and one["person"] not in silent]
    rows = [row for one in agreed for row in _rows_of(one)]
    _keep({(row["person"], row["slot"], row["item_id"]): row for row in rows})
    _note_uses(agreed)
    _begin_trials({(trial_id, one["person"]): (way, one["at"]) for one in agreed for trial_id, way in one["trials"]})


def keep_offer(offer: Offer) -> None:
    """Keep one list, in the deed's own commit."""
    if offer.person is not None:
        keep_offers([offer.as_log(clock.now())])


def drop_shown(person: str) -> None:
    """Nothing of what a person was shown stays, nor of what came of it."""
    db.session.execute(delete(Shown).where(Shown.person == person))
    db.session.execute(delete(Trial).where(Trial.person == person))


@every(86_400)
@job
def forget_shown() -> None:
    """What was not shown for long goes, and may be shown again."""
    with unit_of_work():
        db.session.execute(delete(Shown).where(Shown.last_at < clock.now() - KEPT))


@every(3_600)
@job
def count_outcomes() -> None:
    """What came of those whose week is over."""
    is_over = Trial.read_count.is_(None), Trial.began_at <= clock.now() - FOLLOWED
    with unit_of_work():
        db.session.execute(
            update(Trial).where(*is_over).values(read_count=plans.reads_within()),
            execution_options={"synchronize_session": False},
        )


def change_rules(site: Site, slot: Slot, rules: Rules, actor: Member) -> None:
    """Fill a slot by these rules from now on."""
    setting = plans.setting_of(site, slot)
    if setting is None:
        setting = SlotSetting(site=site, slot=slot.value, version=0)
        db.session.add(setting)
    setting.rules, setting.version, setting.changed_at = rules.as_json(), setting.version + 1, clock.now()
    audit.keep("slot.changed", f"slot:{slot}", actor.id, site=site.code, version=setting.version, **rules.as_json())
    _plan_changed(site)


def begin_experiment(site: Site, slot: Slot | None, name: str, percent: int, rules: Rules, actor: Member) -> Experiment:
    """Let so many in a hundred see a slot in another way from now on; without a slot, the holdout."""
    made = Experiment(
        site=site,
        slot=slot.value if slot else None,
        name=name,
        percent=percent,
        rules=rules.as_json(),
        began_at=clock.now(),
        maker_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    audit.keep("experiment.begun", made.key, actor.id, site=site.code, slot=made.slot, percent=percent)
    _plan_changed(site)
    return made


def end_experiment(experiment: Experiment, actor: Member) -> None:
    """All see the usual way again; weeks that were cut short do not count."""
    experiment.ended_at = clock.now()
    cut_short = delete(Trial).where(Trial.experiment_id == experiment.id, Trial.read_count.is_(None))
    db.session.execute(cut_short)
    audit.keep("experiment.ended", experiment.key, actor.id, site=experiment.site.code)
    _plan_changed(experiment.site)


def take_over(experiment: Experiment, slot: Slot, rules: Rules, actor: Member) -> None:
    """What was tried becomes the slot's own way."""
    end_experiment(experiment, actor)
    change_rules(experiment.site, slot, rules, actor)


def note_export(experiment: Experiment, actor: Member) -> None:
    """That the report of an experiment left as a file."""
    audit.keep("experiment.exported", experiment.key, actor.id)


def _plan_changed(site: Site) -> None:
    generation.changed(site.code)
    after_commit(plans.forget_plans)


def _note_uses(lists: Iterable[dict[str, Any]]) -> None:
    """What we know of members was put to use: each list counts once."""
    by_use: dict[Use, list[int]] = defaultdict(list)
    for one in lists:
        for use in one["uses"] if one["person"].startswith("m") else ():
            by_use[use].append(int(one["person"][1:]))
    for use, member_ids in by_use.items():
        note_uses(member_ids, use, clock.now())


def _rows_of(one: dict[str, Any]) -> Iterable[dict[str, Any]]:
    same = {name: one[name] for name in ("person", "slot", "channel", "version", "arm")}
    for at, item_id in enumerate(one["item_ids"]):
        first = {"first_at": one["at"], "last_at": one["at"], "times": 1}
        place = {"position": at + 1, "by_chance": at == one["chance_at"], "tier": one["tiers"][at]}
        yield same | first | place | {"item_id": item_id}


def _keep(rows: dict[Any, dict[str, Any]]) -> None:
    """Whoever looks twice in one visit was shown it once."""
    if not rows:
        return
    statement = insert_into(Shown)
    visit = min(row["last_at"] for row in rows.values()) - VISIT
    later = ("last_at", "channel", "position", "version", "arm", "by_chance", "tier")
    values: dict[str, Any] = {name: statement.excluded[name] for name in later}
    values["times"] = case((Shown.last_at < visit, Shown.times + 1), else_=Shown.times)
    keys = ["person", "slot", "item_id"]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows.values()))


def _begin_trials(begun: dict[tuple[int, str], tuple[str, Any]]) -> None:
    rows = [
        {"experiment_id": experiment_id, "person": person, "arm": way, "began_at": at}
        for (experiment_id, person), (way, at) in begun.items()
        if (experiment := plans.experiment_by_id(experiment_id)) and experiment.ended_at is None
    ]
    if rows:
        db.session.execute(insert_into(Trial).on_conflict_do_nothing(), rows)
