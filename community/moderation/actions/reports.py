"""A reader says that something should not stand; several together hide it until a moderator looks."""

from typing import Any

from flask_babel import gettext as _

from community.core import clock
from community.core.db import db
from community.core.refused import Refused
from community.items.models import State
from community.members.models import Member
from community.moderation import policy
from community.moderation.actions.concerns import raise_concern
from community.moderation.actions.states import Words, set_state
from community.moderation.models import Concern, ConcernKind, Report
from community.moderation.policy import Thing
from community.moderation.queries import concerns as queries
from community.moderation.queries.trust import standing_of
from community.moderation.reasons import Reason, rule
from community.touchpoints.actions import record
from community.touchpoints.models import Verb


def report(thing: Thing, reporter: Any, reason: Reason, note: str = "") -> Concern:
    """Store what a reader says about a thing, and how much it counts. A visitor's word brings a moderator alone."""
    if policy.is_own(reporter, thing):
        raise Refused(_("This is yours. You can change it or take it away yourself."))
    _refuse_what_was_decided(thing)
    concern = raise_concern(thing, ConcernKind.REPORTED, reason, rule(reason).harm)
    if reporter.is_member and queries.has_reported(concern, reporter.id):
        raise Refused(_("You reported this already. A moderator will look at it."))
    concern.reports.append(_weighed(reporter, reason, note))
    concern.score = policy.total(concern.reports)
    db.session.flush()
    _hide_where_enough(thing, concern)
    record(reporter, Verb.ITEM_REPORTED, thing, site=policy.site_of(thing), reason=reason)
    return concern


def _refuse_what_was_decided(thing: Thing) -> None:
    """What a moderator decided stays decided until its author changes it."""
    if isinstance(thing, Member):
        return
    decision = queries.decision_about(thing.key)
    changed_at = thing.edited_at if isinstance(thing, Words) else thing.changed_at
    if decision is not None and (changed_at is None or changed_at <= decision.at):
        raise Refused(_("A moderator has looked at this already, and it was not changed since."))


def _weighed(reporter: Any, reason: Reason, note: str) -> Report:
    made = Report(reporter_id=reporter.id, reason=reason, note=note, at=clock.now(), weight=0.0, level=0, bonus=0.0)
    if reporter.is_member:
        standing = standing_of(reporter)
        made.level = policy.trust_level(standing)
        made.bonus = policy.accuracy_bonus(standing.reports_right, standing.reports_decided)
        made.weight = 1 + made.level + made.bonus
    return made


def _hide_where_enough(thing: Thing, concern: Concern) -> None:
    if isinstance(thing, Words) and thing.is_live and policy.hides(concern.reports):
        thing.held_because = "flags"
        set_state(thing, State.HELD)
