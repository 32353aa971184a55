"""What a moderator decides: done at once, explained to the author, and undone within a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import db, unit_of_work
from community.core.jobs import job
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items.models import Item, Post, State, Written
from community.members.models import Member
from community.members.queries import member_by_id, staff
from community.messages.actions import mails, notices
from community.messages.models import MailClass, NoticeKind
from community.moderation import policy
from community.moderation.actions import people
from community.moderation.actions.screening import let_stand
from community.moderation.actions.states import Words, set_state
from community.moderation.models import Concern, ConcernKind, Decision, Deed
from community.moderation.policy import Thing
from community.moderation.queries import concerns as queries
from community.moderation.queries.things import thing_of
from community.moderation.reasons import told
from community.sites.models import Site

TOLD_AFTER = timedelta(seconds=15)  # the undo bar stands for ten
NEEDS = {Deed.MUTE: Permission.MEMBER_MUTE, Deed.SUSPEND: Permission.MEMBER_SUSPEND}
ANEW = (Deed.RESTORE, Deed.LIFT)  # what an earlier decision did ends
TO_A_POST = (Deed.KEEP, Deed.HIDE, Deed.EDIT, Deed.WARN, Deed.MUTE, Deed.SUSPEND)
TO_WHAT_WAS_SAID = (Deed.KEEP, Deed.HIDE, Deed.WARN, Deed.MUTE, Deed.SUSPEND)
TO_A_MEMBER = (Deed.KEEP, Deed.WARN, Deed.MUTE, Deed.SUSPEND)
TO_AN_ITEM = (Deed.KEEP, Deed.TELL)
Facts = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """What a moderator chose: the deed, its reason, words of their own, and for how many days (None: no end)."""

    deed: Deed
    reason: str = ""
    added: str = ""
    days: int | None = None
    hidden_on: tuple[Site, ...] = ()  # where all that stands under the member's name goes with it


def decide(concern: Concern, moderator: Member, choice: Choice) -> Decision:
    """Do what a moderator chose about a concern; who decides second is told so."""
    thing = thing_of(concern)
    if concern.decided_at is not None or thing is None:
        raise Refused(_("Somebody decided about this before you."))
    if concern.kind == ConcernKind.APPEAL:
        raise Refused(_("An appeal has a page of its own, where it is answered with reasons."))
    if policy.is_taken(concern, moderator, clock.now()):
        raise Refused(_("Another moderator looks at this at present."))
    decision = decide_about(thing, moderator, choice)
    decision.concern_id = concern.id
    _close(concern, choice.deed)
    return decision


def restore(decision: Decision, moderator: Member) -> Decision:
    """Bring back what an earlier decision took away."""
    thing = thing_of(decision)
    if not isinstance(thing, Words) or thing.state not in (State.HIDDEN, State.HELD):
        raise Refused(_("There is nothing to bring back."))
    return decide_about(thing, moderator, Choice(Deed.RESTORE))


def undo(decision: Decision, moderator: Member) -> None:
    """Let everything be as it was before a decision; where its author was told, tell that too."""
    if decision.undone_at is not None or clock.now() - decision.at > policy.UNDO_FOR:
        raise Refused(_("It is too late to undo this. You can decide anew from the log."))
    if decision.about.startswith("topic:"):
        raise Refused(_("This is undone where the conversation stands."))
    decision.undone_at = clock.now()
    thing = thing_of(decision)
    if isinstance(thing, Words):
        thing.held_because = decision.facts["held_because"]
        set_state(thing, State(decision.facts["post_state"]))
    person = member_by_id(decision.person_id or 0)
    if person is not None:
        people.put_back(person, decision.facts)
        if clock.now() - decision.at > TOLD_AFTER:
            notices.tell(person, NoticeKind.DECISION, f"undone:{decision.id}", path=_path(decision), deed="undone")
    _reopen(decision)
    audit.keep("decision.undone", decision.about, moderator.id, decision=decision.id)


@job
def tell_of_decision(decision_id: int) -> None:
    """The time to undo is over: the author and the reporters hear of it."""
    with unit_of_work():
        decision = queries.decision_by_id(decision_id)
        if decision is None or decision.undone_at is not None:
            return
        _tell_author(decision)
        concern = queries.concern_by_id(decision.concern_id) if decision.concern_id else None
        if concern is not None:
            _tell_reporters(decision, concern)


def decide_about(thing: Thing, moderator: Member, choice: Choice) -> Decision:
    """Do what a moderator chose about a thing, whether or not it waits in the queue."""
    author = member_by_id(policy.author_id_of(thing) or 0)
    _check(thing, moderator, author, choice)
    pseudonym = thing.pseudonym if isinstance(thing, Post) else None
    site = author.site if author and not pseudonym else policy.site_of(thing)
    decision = Decision(
        about=thing.key,
        post_id=thing.id if isinstance(thing, Post) else None,
        item_id=thing.item_id if isinstance(thing, Post) else thing.id if isinstance(thing, Item) else None,
        person_id=author and author.id,
        pseudonym_id=pseudonym and pseudonym.id,
        moderator_id=moderator.id,
        site=policy.site_of(thing),
        deed=choice.deed,
        reason=choice.reason,
        words=told(choice.deed, choice.reason, site, choice.added),
        at=clock.now(),
        facts=_before(thing) | ACTS.get(choice.deed, _nothing)(thing, author, choice),
    )
    db.session.add(decision)
    db.session.flush()
    audit.keep(f"decision.{choice.deed}", thing.key, moderator.id, reason=choice.reason, decision=decision.id)
    tell_of_decision.later(decision.id, at=decision.at + TOLD_AFTER, key=f"decision:{decision.id}")
    return decision


def deeds_for(thing: Any) -> tuple[Deed, ...]:
    """What can be done to a thing of this kind. What editors wrote is theirs to change."""
    if isinstance(thing, Member):
        return TO_A_MEMBER
    if isinstance(thing, policy.Said):
        return TO_WHAT_WAS_SAID
    return TO_A_POST if isinstance(thing, Post | Written) else TO_AN_ITEM


def _check(thing: Thing, moderator: Member, author: Member | None, choice: Choice) -> None:
    if choice.deed not in ANEW and choice.deed not in deeds_for(thing):
        raise Refused(_("This cannot be done here."))
    if choice.deed not in NEEDS:
        return
    if author is None:
        raise Refused(_("Its author is gone."))
    if not policy.may_restrain(moderator, author, policy.site_of(thing), NEEDS[choice.deed]):
        raise Refused(_("You may not do this to one of the staff."))


def _before(thing: Thing) -> Facts:
    return {"post_state": thing.state, "held_because": thing.held_because} if isinstance(thing, Words) else {}


def _keep(thing: Thing, _author: Member | None, _choice: Choice) -> Facts:
    if isinstance(thing, Words) and not thing.is_live:
        let_stand(thing)
    return {}


def _hide(thing: Thing, _author: Member | None, _choice: Choice) -> Facts:
    if isinstance(thing, Words):
        set_state(thing, State.HIDDEN)
    return {}


def _ask_for_edit(thing: Any, _author: Member | None, _choice: Choice) -> Facts:
    set_state(thing, State.HELD)
    thing.held_because = "edit"
    return {}


def _mute(thing: Thing, author: Any, choice: Choice) -> Facts:
    if not choice.days:
        raise Refused(_("Choose for how many days."), "days")
    return _hide(thing, author, choice) | people.mute(author, choice.days) | _hide_earlier(author, choice)


def _suspend(thing: Thing, author: Any, choice: Choice) -> Facts:
    return _hide(thing, author, choice) | people.suspend(author, choice.days) | _hide_earlier(author, choice)


def _hide_earlier(author: Any, choice: Choice) -> Facts:
    return people.hide_earlier(author, choice.hidden_on) if choice.hidden_on else {}


def _lift(_thing: Thing, author: Any, _choice: Choice) -> Facts:
    return people.lift(author)


def _tell_editors(thing: Any, _author: Member | None, choice: Choice) -> Facts:
    for editor in staff():
        if editor.can(Permission.ARTICLE_WRITE, thing.site):
            key = f"told:{thing.key}:{clock.now().isoformat()}"
            notices.tell(editor, NoticeKind.REPORT, key, item=thing, path=thing.path, reason=choice.reason)
    return {}


def _nothing(_thing: Thing, _author: Member | None, _choice: Choice) -> Facts:
    return {}


ACTS: dict[Deed, Callable[[Thing, Member | None, Choice], Facts]] = {
    Deed.KEEP: _keep,
    Deed.HIDE: _hide,
    Deed.EDIT: _ask_for_edit,
    Deed.WARN: _keep,
    Deed.MUTE: _mute,
    Deed.SUSPEND: _suspend,
    Deed.RESTORE: _keep,
    Deed.TELL: _tell_editors,
    Deed.LIFT: _lift,
}


def _close(concern: Concern, deed: Deed) -> None:
    concern.decided_at, concern.open_key = clock.now(), None
    for report in concern.reports:
        report.was_right = deed is not Deed.KEEP


def _reopen(decision: Decision) -> None:
    concern = queries.concern_by_id(decision.concern_id) if decision.concern_id else None
    if concern is None:
        return
    concern.decided_at = None
    concern.open_key = concern.about
    for report in concern.reports:
        report.was_right = None


def _tell_author(decision: Decision) -> None:
    """Who never knew of a report that came to nothing is not told of it."""
    person = decision.person
    was_live = decision.facts.get("post_state", State.LIVE) == State.LIVE
    if person is None or decision.deed == Deed.TELL or (decision.deed == Deed.KEEP and was_live):
        return
    key = f"{NoticeKind.DECISION}:{decision.id}"
    notices.tell(person, NoticeKind.DECISION, key, item=decision.item, path=_path(decision), deed=decision.deed)
    if decision.deed != Deed.KEEP:
        title = decision.item.title if decision.item else ""
        words, path = decision.words, _path(decision)
        mails.send_later(person, "decision", MailClass.SERVICE, words=words, title=title, path=path)


def _tell_reporters(decision: Decision, concern: Concern) -> None:
    path = decision.item.path if decision.item and decision.deed == Deed.KEEP else ""
    for reporter in {report.reporter_id: report.reporter for report in concern.reports if report.reporter}.values():
        key = f"{NoticeKind.REPORT}:{decision.id}"
        notices.tell(reporter, NoticeKind.REPORT, key, path=path, deed=decision.deed, about=decision.about)


def _path(decision: Decision) -> str:
    return f"/account/decisions/{decision.id}"
