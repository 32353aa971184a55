"""What a member tells, changes and takes back."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from community.core import audit, clock
from community.core.db import db, insert_into
from community.core.refused import Refused
from community.items.models import Tag
from community.members.models import Member
from community.profiles import policy, queries
from community.profiles.models import Child, ChildKind, Interest, Profile, Standing, TaskDone
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

# What follows, in the same commit, when "something changed" begins or ends; `app.py` says it.
WHEN_GUARD_CHANGES: list[Callable[[Member], None]] = []


def profile_for(member: Member) -> Profile:
    """The member's profile row, made at first need."""
    profile = queries.profile_of(member)
    if profile is None:
        profile = Profile(member_id=member.id, visible_to={})
        db.session.add(profile)
        db.session.flush()
    return profile


def standing_of(member_id: int) -> Standing:
    """The row of what projections say of a member, made at first need."""
    row = insert_into(Standing).values(member_id=member_id)
    db.session.execute(row.on_conflict_do_nothing())
    return db.session.get_one(Standing, member_id)


def add_child(
    member: Member, kind: ChildKind, due_on: date | None, born_on: date | None, weeks_early: int = 0
) -> Child:
    """Tell of a pregnancy or a child. A new pregnancy starts clean, and lifts the guard."""
    child = Child(member_id=member.id, created_at=clock.now())
    _set_dates(child, kind, due_on, born_on, weeks_early, clock.today(member.site.zone))
    if kind == ChildKind.PREGNANCY:
        _set_guard(member, None)
    db.session.add(child)
    db.session.flush()
    return child


def check_due_date(due_on: date, today: date, field: str = "due_on") -> None:
    """Refuse a due date that cannot be one."""
    if not policy.is_due_date(due_on, today):
        raise Refused(_("The due date must be within the next 42 weeks."), field)


def change_child(child: Child, kind: ChildKind, due_on: date | None, born_on: date | None, weeks_early: int) -> None:
    """Correct a date, or tell that the baby was born."""
    member = db.session.get_one(Member, child.member_id)
    _set_dates(child, kind, due_on, born_on, weeks_early, clock.today(member.site.zone))


def remove_child(child: Child) -> None:
    """Forget a pregnancy or child."""
    db.session.delete(child)


def stop(member: Member, children: Iterable[Child]) -> None:
    """The one stop: weeks, baby items and their mails end at once. No reason is asked or stored."""
    for child in children:
        child.stopped_at = child.stopped_at or clock.now()
    _set_guard(member, member.guarded_since or clock.now())
    record(member, Verb.PREGNANCY_CHANGED, member)


def resume(member: Member, children: Iterable[Child] = ()) -> None:
    """Lift the guard, by the member's own wish alone. Stopped pregnancies stay stopped, but those named."""
    _set_guard(member, None)
    for child in children:
        child.stopped_at = None


def set_interest(member: Member, tag: Tag, weight: int) -> None:
    """Choose a subject (1), want less of it (-1), or neither (0)."""
    known = next((i for i in queries.interests_of(member) if i.tag_id == tag.id), None)
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    if weight:
        db.session.add(Interest(member_id=member.id, tag_id=tag.id, weight=weight, created_at=clock.now()))


def set_tasks(member: Member, shown: set[str], ticked: set[str]) -> None:
    """Keep the ticks of a list; tasks that were not on it stay as they were."""
    done = queries.tasks_done_by(member)
    gone = (done & shown) - ticked
    db.session.execute(delete(TaskDone).where(TaskDone.member_id == member.id, TaskDone.task_key.in_(gone)))
    for key in (ticked & shown) - done:
        db.session.add(TaskDone(member_id=member.id, task_key=key[:60], done_at=clock.now()))


def note_look(member: Member, actor: Member) -> None:
    """That somebody of the staff looked at what is known of a member, who sees that."""
    audit.keep("profile.viewed", member.key, actor.id, role=policy.role_of(actor, member.site))


def erase(member_id: int) -> None:
    """All that was told goes."""
    for table in (Child, Interest, TaskDone, Profile):
        db.session.execute(delete(table).where(table.member_id == member_id))


def _set_guard(member: Member, since: datetime | None) -> None:
    if member.guarded_since != since:
        member.guarded_since = since
        for follow_up in WHEN_GUARD_CHANGES:
            follow_up(member)


def _set_dates(
    child: Child, kind: ChildKind, due_on: date | None, born_on: date | None, weeks_early: int, today: date
) -> None:
    if kind == ChildKind.PREGNANCY:
        if due_on is None:
            raise Refused(_("When is the baby due? A guess is fine, you can correct it later."), "due_on")
        check_due_date(due_on, today)
        child.due_on, child.born_on, child.weeks_early = due_on, None, 0
    else:
        if born_on is None:
            raise Refused(_("When was the child born? Day and month may be a guess."), "born_on")
        if not policy.is_birth_date(born_on, today):
            raise Refused(_("The birth date must be today or earlier, and within 18 years."), "born_on")
        if not 0 <= weeks_early <= 18:
            raise Refused(_("Weeks early is a number from 0 to 18."), "weeks_early")
        child.born_on, child.weeks_early = born_on, weeks_early
    child.kind = kind
