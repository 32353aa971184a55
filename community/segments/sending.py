"""Who enters a watched audience is sent its message, once for each entry: by letter, by the bell, or both.

What may not go when it is its turn does not go later. One thing is waited for: while a complaint is open an offer is
held, and goes once that is solved to who is in the audience still."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import force_locale
from sqlalchemy import delete, insert

from community.core import clock
from community.core.db import alone, db, unit_of_work
from community.core.jobs import job
from community.members.actions import note_uses
from community.members.ledger import Use
from community.members.models import Member
from community.messages.actions import notices
from community.messages.actions.mails import send_later
from community.messages.models import OFFERS, MailClass, NoticeKind
from community.messages.policy import channels_of, may_mail, passes
from community.messages.queries.bounces import suppression_of
from community.messages.queries.choices import choices_of
from community.profiles.queries import has_open_complaint
from community.segments.conditions import of_json
from community.segments.models import Segment, Sending, SendingState, WatchMessage, WhyNot
from community.segments.queries import sendings as queries
from community.segments.queries.audience import segment_by_id
from community.segments.queries.choices import offer_of
from community.segments.queries.crossings import is_in
from community.segments.words import sentence
from community.touchpoints.actions import record
from community.touchpoints.models import Verb

LETTER = "message"
NAME = "{name}"


@dataclass(frozen=True)
class Written:
    """A message as one member gets it, and whom it goes to, in words."""

    subject: str
    text: str
    path: str
    is_offer: bool
    audience: str

    @property
    def paragraphs(self) -> list[str]:
        """Its text, in parts that an empty line divides."""
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]


def written_for(message: WatchMessage, member: Member, audience: str) -> Written:
    """With the member's own name in it."""
    subject, text = (words.replace(NAME, member.name) for words in (message.subject, message.text))
    return Written(subject, text, message.path, message.is_offer, audience)


def audience_of(segment: Segment) -> str:
    """The sentence of an audience, in the language of its site: why somebody gets the message."""
    with force_locale(segment.site.locale):
        return sentence(of_json(segment.conditions), segment.site, offer_of(segment.site))


def send_to(segment: Segment, crossing_ids: Iterable[int]) -> None:
    """Who crossed just now is to be sent the message, if there is one; who waits for it is looked at again."""
    if queries.message_of(segment.id) is None:
        return
    rows = [{"crossing_id": crossing_id, "state": SendingState.WAITING} for crossing_id in crossing_ids]
    if rows:
        db.session.execute(insert(Sending), rows)
    if queries.waiting(segment.id):
        send.later(segment.id, key=f"segment:{segment.id}")


@job
def send(segment_id: int) -> None:
    """Each who waits, in a commit of its own with the letter: where this dies, the rest goes with the next look."""
    segment = segment_by_id(segment_id)
    audience = audience_of(segment) if segment else ""
    for crossing_id in queries.waiting(segment_id):
        with unit_of_work():
            alone(f"watch:{segment_id}")
            _send(crossing_id, audience)


def forget_waiting(segment_id: int) -> None:
    """Who waits is not sent it any more."""
    db.session.execute(delete(Sending).where(Sending.crossing_id.in_(queries.waiting_in(segment_id))))


def still_holds(mail_id: int) -> bool:
    """Whether the reader of a letter is still in the audience that it was written for."""
    found = queries.crossing_of_mail(mail_id)
    return found is None or (found[0].left_at is None and is_in(found[1], found[0].member_id, Use.MAILS))


def _send(crossing_id: int, audience: str) -> None:
    found = queries.to_send(crossing_id)
    if found is None:
        return
    sending, segment, message = found
    crossing = sending.crossing
    if crossing.left_at is not None or not is_in(segment, crossing.member_id, Use.MAILS):
        sending.state, sending.why = SendingState.LEFT, ""
        return
    why = _why_not(sending, segment, message) or _bring(sending, segment, message, audience)
    if why == WhyNot.COMPLAINT:
        sending.why = why
    else:
        sending.state, sending.why = SendingState.REFUSED if why else SendingState.SENT, why or ""


def _why_not(sending: Sending, segment: Segment, message: WatchMessage) -> WhyNot | None:
    """What keeps it from a member, on whichever way."""
    crossing = sending.crossing
    if crossing.member.guarded_since is not None:
        return WhyNot.GUARDED
    if queries.mutes_its_subject(crossing.member_id, of_json(segment.conditions)):
        return WhyNot.MUTED
    if message.is_once and queries.got_it_before(crossing):
        return WhyNot.ALREADY
    return WhyNot.COMPLAINT if message.is_offer and has_open_complaint(crossing.member_id) else None


def _bring(sending: Sending, segment: Segment, message: WatchMessage, audience: str) -> WhyNot | None:
    """By each way that the message goes and the member wants; why not, where that is none."""
    member = sending.crossing.member
    written = written_for(message, member, audience)
    mail_class = MailClass.PROMOTIONAL if message.is_offer else MailClass.EDITORIAL
    if message.by_mail:
        ends = OFFERS if message.is_offer else NoticeKind.MESSAGE
        mail = send_later(member, LETTER, mail_class, ends=ends, written=written)
        sending.mail_id = mail.id if mail else None
    by_bell = message.by_notice and channels_of(choices_of(member.id), NoticeKind.MESSAGE, is_of_club=False)[0]
    if by_bell:
        key = f"crossing:{sending.crossing_id}"
        notices.tell(member, NoticeKind.MESSAGE, key, path=written.path, subject=written.subject)
    if sending.mail_id is None and not by_bell:
        return _why_unwanted(member, mail_class) if message.by_mail else WhyNot.UNWANTED
    note_uses([member.id], Use.MAILS, clock.now())
    record(member, Verb.MESSAGE_SENT, segment.key)
    return None


def _why_unwanted(member: Member, mail_class: MailClass) -> WhyNot:
    if not may_mail(member, mail_class, LETTER):
        return WhyNot.NO_YES
    return WhyNot.UNWANTED if passes(suppression_of(member.email or ""), mail_class) else WhyNot.RETURNED
