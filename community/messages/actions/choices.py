"""What a member chooses: where to hear of what, and how much mail; kept, ended and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from community.core import clock
from community.core.db import db
from community.members import actions as members
from community.members.models import Member, MemberState, Purpose
from community.messages.models import ALL, NEW_ADDRESS, OFFERS, WEEKLY, Choices
from community.messages.policy import is_paused
from community.messages.queries.choices import usual
from community.touchpoints import actions as touchpoints

PAUSE = timedelta(days=30)
_forget: list[Callable[[Member], Any]] = []


@dataclass(frozen=True)
class Chosen:
    """What a member chose on one page."""

    bell: list[str]
    mail: list[str]
    has_agreed: bool
    is_weekly: bool
    is_only_club: bool
    is_paused: bool


def forget_with(forget: Callable[[Member], Any]) -> None:
    """Say how a registration is forgotten that its address never confirmed."""
    _forget[:] = [forget]


def choose(member: Member, chosen: Chosen) -> None:
    """Keep what was chosen. Without the yes to mail, what was chosen of mails before stays for another day."""
    choices = choices_for(member)
    members.set_consent(member, Purpose.MAIL, chosen.has_agreed, source="notices")
    choices.bell, choices.only_club = chosen.bell, chosen.is_only_club
    if chosen.has_agreed:
        choices.mail, choices.weekly = chosen.mail, chosen.is_weekly
    set_pause(choices, chosen.is_paused)


def choices_for(member: Member) -> Choices:
    """The member's row, made at first need."""
    known = db.session.get(Choices, member.id)
    if known is None:
        known = usual()
        known.member_id = member.id
        db.session.add(known)
        db.session.flush()
    return known


def set_pause(choices: Choices, is_wanted: bool) -> None:
    """Hold all mail that needs a yes for 30 days from now, or no more; a pause that runs is not made longer."""
    now = clock.now()
    if not is_wanted:
        choices.paused_until = None
    elif not is_paused(choices, now):
        choices.paused_until = now + PAUSE


def end_mails(member: Member, ends: str) -> None:
    """What an unsubscribe link promises, once or many times: only what it names, or with `ALL` every yes.

    Whoever never confirmed the address is forgotten: somebody else may have typed it."""
    if member.state == MemberState.UNCONFIRMED:
        _forget[0](member)
    elif ends in (ALL, OFFERS):
        if member.consents_to(Purpose.OFFERS):
            touchpoints.disallow(member.id, Purpose.OFFERS)
        for purpose in (Purpose.MAIL, Purpose.OFFERS) if ends == ALL else (Purpose.OFFERS,):
            members.set_consent(member, purpose, False, source="unsubscribe")
    elif ends == NEW_ADDRESS:
        member.new_email = None
    elif ends == WEEKLY:
        choices_for(member).weekly = False
    else:
        choices = choices_for(member)
        choices.mail = [kind for kind in choices.mail if kind not in ends.split("+")]


def begin_mails(member: Member, ends: str) -> None:
    """Take the end back: the same mails come again, with the yes that they need."""
    if ends == NEW_ADDRESS or member.state != MemberState.ACTIVE:
        return
    purpose = Purpose.OFFERS if ends == OFFERS else Purpose.MAIL
    members.set_consent(member, purpose, True, source="unsubscribe")
    choices = choices_for(member)
    if ends == WEEKLY:
        choices.weekly = True
    elif ends not in (ALL, OFFERS):
        choices.mail = [*choices.mail, *(kind for kind in ends.split("+") if kind not in choices.mail)]
