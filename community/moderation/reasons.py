"""Why something may not stand: how grave it is, how a reporter says it, and what its author is told."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from community.moderation.models import Concern, ConcernKind, Deed
from community.sites.models import Site

URGENT = 3


class Reason(StrEnum):
    """What a report or a decision says, the gravest first."""

    DANGER = "danger"
    PRIVACY = "privacy"
    HATE = "hate"
    MEDICAL = "medical"
    SPAM = "spam"
    OFF_TOPIC = "off-topic"
    OTHER = "other"


@dataclass(frozen=True)
class Rule:
    """One reason in words: as a reporter chooses it, and as the author reads it."""

    harm: int  # 1 to URGENT: what is graver is looked at first
    label: Any
    told: Any


RULES: dict[Reason, Rule] = {
    Reason.DANGER: Rule(
        3,
        _l("Somebody is in danger, or speaks of harming themselves"),
        _l("We worry about somebody's safety here. If you or somebody near you is in danger, ring 112 now."),
    ),
    Reason.PRIVACY: Rule(
        3,
        _l("It is about a child or shows private details"),
        _l("It shows private details, of a child or of somebody else. The house rules keep those out of public."),
    ),
    Reason.HATE: Rule(
        2,
        _l("Hate, threats or bullying"),
        _l("It hurts people for who they are or how they are parents. The house rules ask for kindness, always."),
    ),
    Reason.MEDICAL: Rule(
        2,
        _l("Medical advice that may do harm"),
        _l("It gives medical advice that may do harm. The house rules ask to leave diagnoses and doses to a doctor."),
    ),
    Reason.SPAM: Rule(
        1,
        _l("Advertising or spam"),
        _l("It advertises something. The house rules ask for no selling here, and none in disguise."),
    ),
    Reason.OFF_TOPIC: Rule(
        1,
        _l("It does not belong here"),
        _l("It is about something else than this conversation. In a place of its own it is welcome."),
    ),
    Reason.OTHER: Rule(
        1,
        _l("Something else"),
        _l("It does not fit our house rules."),
    ),
}

DONE: dict[Deed, Any] = {
    Deed.KEEP: _l("A moderator looked at it, and it stands."),
    Deed.HIDE: _l("A moderator has hidden it."),
    Deed.EDIT: _l("A moderator asks you to change it. Until then only you can see it."),
    Deed.WARN: _l("A moderator asks you to keep to the house rules from now on."),
    Deed.MUTE: _l("You can read everything, and cannot write for some days."),
    Deed.SUSPEND: _l("Your account is closed for now."),
    Deed.RESTORE: _l("A moderator looked again, and it is back."),
    Deed.TELL: _l("The editors were told."),
    Deed.LIFT: _l("You can write and sign in again."),
    Deed.UPHOLD: _l("Another moderator looked again, and the decision stands."),
    Deed.LOCK: _l("A moderator closed your conversation for answers."),
    Deed.MOVE: _l("A moderator moved your conversation to the board where it fits."),
    Deed.MERGE: _l("A moderator put your conversation together with another one about the same."),
}
# Where the house rule stands that a reason rests on: its number on `/<site>/rules`.
HOUSE_RULES: dict[str, int] = {
    Reason.DANGER: 11,
    Reason.PRIVACY: 3,
    Reason.HATE: 5,
    Reason.MEDICAL: 2,
    Reason.SPAM: 6,
    Reason.OFF_TOPIC: 10,
}

WHY_HELD: dict[str, Any] = {
    "first-link": _l("The first post of this member, and it holds a link."),
    "same-link": _l("The same site is linked to a third time by this member."),
    "word": _l("It holds a word that you watch."),
    "refused": _l("It was changed and holds a word that you refuse."),
    "flags": _l("Several members reported it, so it waits for you."),
    "edit": _l("A moderator asked its author to change it."),
}

GOALS = {ConcernKind.HELD: timedelta(hours=4)}  # `features.md` 2.17: first posts 4 h, reports 12 h, danger 1 h
GOAL_OF_THE_URGENT = timedelta(hours=1)
GOAL = timedelta(hours=12)


def rule(reason: str) -> Rule:
    """The rule behind a reason as it is stored."""
    return RULES[Reason(reason) if reason in RULES else Reason.OTHER]


def rule_path(reason: str, site: Site) -> str:
    """The address of the house rule behind a reason."""
    number = HOUSE_RULES.get(reason)
    return f"{site.path}rules#rule-{number}" if number else f"{site.path}rules"


def goal(concern: Concern) -> timedelta:
    """Within which time somebody should look."""
    return GOAL_OF_THE_URGENT if concern.harm >= URGENT else GOALS.get(ConcernKind(concern.kind), GOAL)


def told(deed: str, reason: str, site: Site, added: str = "") -> str:
    """What an author is told, in the language of this site: what was done, the rule, and a moderator's own words."""
    with force_locale(site.locale):
        parts = [str(DONE.get(Deed(deed), "")), str(rule(reason).told) if reason else "", added]
    return "\n\n".join(part for part in parts if part)


def rules_in(site: Site) -> dict[str, str]:
    """What authors are told of each rule, in the language of this site."""
    with force_locale(site.locale):
        return {reason: str(rule.told) for reason, rule in RULES.items()}
