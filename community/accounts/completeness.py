"""How much a member told us, what is missing, and what it would give them."""

from typing import NamedTuple

from flask_babel import gettext as _

from community.accounts.queries import Known
from community.members.models import Member
from community.personalisation.tiers import Tier


class Step(NamedTuple):
    """Something to tell, what it gives, and where it is told."""

    name: str
    gives: str
    path: str
    is_done: bool


class Completeness(NamedTuple):
    """All steps of a member, and what recommendations may rest on so far."""

    steps: list[Step]
    tier: Tier

    @property
    def percent(self) -> int:
        """How many of them are done, in hundredths."""
        return round(100 * sum(step.is_done for step in self.steps) / len(self.steps))

    @property
    def missing(self) -> list[Step]:
        """Those that are not done."""
        return [step for step in self.steps if not step.is_done]


def completeness_of(member: Member, known: Known) -> Completeness:
    """Of whom something changed we ask no dates."""
    dates = [] if member.guarded_since else [_dates(known)]
    return Completeness([*dates, *_choices(member, known), *_words(known)], _tier(known))


def _dates(known: Known) -> Step:
    gives = _("Pages, lists and the weekly letter fit your week or your child's age.")
    return Step(_("A due date or a date of birth"), gives, "/account/children", bool(known.children))


def _choices(member: Member, known: Known) -> list[Step]:
    return [
        Step(
            _("Subjects that interest you"),
            _("More of what you like on your page, and less of the rest."),
            "/account/interests",
            any(interest.weight > 0 for interest in known.interests),
        ),
        Step(
            _("A yes to choosing by what you read"),
            _("What you read last leads to what you see next. Nothing of it is kept without your yes."),
            "/account/privacy",
            member.personalisation,
        ),
        Step(
            _("A yes to mail"),
            _("A letter for your week, and answers to what you write."),
            "/account/privacy",
            member.mail,
        ),
    ]


def _words(known: Known) -> list[Step]:
    profile = known.profile
    return [
        Step(
            _("What we call the other parent"),
            _("Our texts use the right word."),
            "/account/profile",
            bool(profile.partner_role),
        ),
        Step(
            _("A few words about you"),
            _("Those to whom you show them know who answers."),
            "/account/profile",
            bool(profile.about or profile.town),
        ),
    ]


def _tier(known: Known) -> Tier:
    if known.learned:
        return Tier.BEHAVIOUR
    return Tier.PROFILE if known.children or known.interests else Tier.NONE
