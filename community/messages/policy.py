"""Who gets which mail, and who hears of what: the classes of mail, and rules over choices and bounces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.members.models import Member, MemberState, Purpose
from community.messages.models import (
    ALL,
    ALWAYS_TOLD,
    NEW_ADDRESS,
    OFFERS,
    WEEKLY,
    Bounce,
    BounceKind,
    Choices,
    MailClass,
    NoticeKind,
)


@dataclass(frozen=True)
class Rule:
    """What a class of mail needs, and what holds it back."""

    needs: Purpose | None  # the consent that is asked when it is composed and again when it is sent
    can_end: bool  # by unsubscribing, by a pause, by other choices
    after_complaint: bool = False  # sent even where its reader once called us spam
    when_guarded: bool = True  # sent after "something changed"
    when_complaining: bool = True  # sent while a complaint to the service is open


RULES = {
    MailClass.TRANSACTIONAL: Rule(None, can_end=False, after_complaint=True),  # asked for this minute
    MailClass.SERVICE: Rule(None, can_end=False),
    MailClass.COMMUNITY: Rule(Purpose.MAIL, can_end=True),
    MailClass.EDITORIAL: Rule(Purpose.MAIL, can_end=True, when_guarded=False),
    MailClass.PROMOTIONAL: Rule(Purpose.OFFERS, can_end=True, when_guarded=False, when_complaining=False),
}
TO_UNCONFIRMED = ("confirm", "already-registered")  # an unconfirmed address gets nothing else
SOFT_BOUNCES, SOFT_WITHIN = 3, timedelta(days=30)
BETWEEN_TRIES = timedelta(days=1)


def may_mail(member: Member, mail_class: MailClass, name: str) -> bool:
    """Whether a member in this state and with these consents gets mail of a class at all."""
    rule = RULES[mail_class]
    if member.state == MemberState.UNCONFIRMED:
        return name in TO_UNCONFIRMED
    if member.state == MemberState.SUSPENDED:
        return mail_class == MailClass.SERVICE
    if member.is_erased or (member.guarded_since and not rule.when_guarded):
        return False
    return rule.needs is None or member.consents_to(rule.needs)


def still_wants(choices: Choices, ends: str, now: datetime) -> bool:
    """Whether a member's choices let a mail pass that an unsubscribe link with this end belongs to."""
    return not is_paused(choices, now) and _chose(choices, ends)


def has_ended(member: Member, choices: Choices, ends: str) -> bool:
    """Whether what an unsubscribe link ends is not sent any more."""
    if member.state == MemberState.UNCONFIRMED:
        return False
    if ends == NEW_ADDRESS:
        return member.new_email is None
    if ends == ALL:
        return not (member.mail or member.offers)
    if ends == OFFERS:
        return not member.offers
    return not member.mail or not _chose(choices, ends)


def is_paused(choices: Choices, now: datetime) -> bool:
    """Whether all mail that needs a yes waits at present."""
    return choices.paused_until is not None and choices.paused_until > now


def stopping(bounces: Sequence[Bounce], now: datetime) -> Bounce | None:
    """Which of the bounces of an address, newest first, stops mail to it."""
    counted = [bounce for bounce in bounces if bounce.lifted_at is None]
    soft = [bounce for bounce in counted if bounce.kind == BounceKind.SOFT and now - bounce.at < SOFT_WITHIN]
    final = [bounce for bounce in counted if bounce.kind != BounceKind.SOFT]
    hard = [bounce for bounce in final if bounce.kind == BounceKind.HARD]
    return next(iter(hard or final), soft[0] if len(soft) >= SOFT_BOUNCES else None)


def passes(stop: Bounce | None, mail_class: MailClass) -> bool:
    """Whether a mail of a class goes to an address in spite of what was told of it."""
    return stop is None or (stop.kind == BounceKind.COMPLAINT and RULES[mail_class].after_complaint)


def channels_of(choices: Choices, kind: NoticeKind, is_of_club: bool) -> tuple[bool, bool]:
    """Whether the bell tells of a kind of notice, and whether a mail may."""
    by_mail = kind in choices.mail and kind != NoticeKind.MESSAGE and (is_of_club or not choices.only_club)
    return kind in ALWAYS_TOLD or kind in choices.bell, by_mail


def _chose(choices: Choices, ends: str) -> bool:
    if ends == WEEKLY:
        return choices.weekly
    return ends in (ALL, OFFERS) or bool(set(ends.split("+")) & set(choices.mail))
