"""An author asks once that another moderator looks; the answer comes with reasons."""

from flask_babel import gettext as _

from community.core import audit, clock
from community.core.db import db
from community.core.refused import Refused
from community.items.models import State
from community.members.models import Member
from community.messages.actions import mails, notices
from community.messages.models import MailClass, NoticeKind
from community.moderation import policy
from community.moderation.actions import people
from community.moderation.actions.screening import let_stand
from community.moderation.actions.states import Words
from community.moderation.models import Appeal, Concern, ConcernKind, Decision, Deed
from community.moderation.queries.things import thing_of
from community.moderation.reasons import rule, told


def appeal(decision: Decision, author: Member, words: str) -> Appeal:
    """Ask a second moderator; it waits in the queue as a concern of its own."""
    if not policy.may_appeal(author, decision, clock.now()):
        raise Refused(_("This decision was looked at a second time already, or it is older than 30 days."))
    concern = Concern(
        about=decision.about,
        open_key=f"appeal:{decision.id}",
        post_id=decision.post_id,
        item_id=decision.item_id,
        person_id=decision.person_id if decision.about.startswith("member:") else None,
        site=decision.site,
        kind=ConcernKind.APPEAL,
        reason=decision.reason,
        harm=rule(decision.reason).harm,
        opened_at=clock.now(),
        reports=[],
    )
    made = Appeal(decision=decision, concern=concern, words=words, at=clock.now())
    db.session.add_all((concern, made))
    db.session.flush()
    audit.keep("decision.appealed", decision.about, author.id, decision=decision.id)
    return made


def answer(made: Appeal, moderator: Member, is_upheld: bool, words: str) -> Decision:
    """The second moderator's word: the decision stands, or what it did is taken back."""
    decision, now = made.decision, clock.now()
    if made.decided_at is not None or made.concern is None:
        raise Refused(_("Somebody answered this before you."))
    made.decided_at, made.decided_by_id, made.is_upheld = now, moderator.id, is_upheld
    made.concern.decided_at, made.concern.open_key = now, None
    deed = Deed.UPHOLD if is_upheld else Deed.RESTORE
    if not is_upheld:
        _take_back(decision)
        decision.undone_at = now
    person = decision.person
    given = Decision(
        concern_id=made.concern_id,
        about=decision.about,
        post_id=decision.post_id,
        item_id=decision.item_id,
        person_id=decision.person_id,
        pseudonym_id=decision.pseudonym_id,
        moderator_id=moderator.id,
        site=decision.site,
        deed=deed,
        reason=decision.reason if is_upheld else "",
        words=told(deed, "", person.site if person else decision.site, words),
        at=now,
    )
    db.session.add(given)
    db.session.flush()
    audit.keep("appeal.answered", decision.about, moderator.id, decision=decision.id, is_upheld=is_upheld)
    if person is not None:
        _tell(person, made, given)
    return given


def _take_back(decision: Decision) -> None:
    """Undo what a decision did, as far as it still holds."""
    words, person = thing_of(decision), decision.person
    if isinstance(words, Words) and words.state in (State.HIDDEN, State.HELD):
        let_stand(words)
    if person is not None and decision.deed in (Deed.MUTE, Deed.SUSPEND):
        people.lift(person)


def _tell(person: Member, made: Appeal, given: Decision) -> None:
    path = f"/account/decisions/{made.decision_id}"
    notices.tell(person, NoticeKind.DECISION, f"appeal:{made.id}", post=made.decision.post, path=path)
    mails.send_later(person, "appeal", MailClass.SERVICE, words=given.words, is_upheld=made.is_upheld, path=path)
