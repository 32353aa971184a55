"""How rules, tiers and outcomes are called."""

from flask_babel import lazy_gettext as _l

from community.ambassadors.models import EntryState, ReferralState
from community.ambassadors.policy import Doubt, Reason, Tier, Why

RULES = {
    Reason.FRIEND: _l("A friend whom you brought became a member"),
    Reason.ACCEPTED: _l("Your answer was the one that helped"),
    Reason.REVIEW: _l("You wrote a review"),
    Reason.STORY: _l("You published a story"),
    Reason.THANKED: _l("Somebody thanked you for your words"),
    Reason.HELPFUL: _l("Somebody found your review helpful"),
}
TIERS = {
    Tier.FRIEND: _l("Friend"),
    Tier.HELPER: _l("Helper"),
    Tier.AMBASSADOR: _l("Ambassador"),
    Tier.SUPER: _l("Super ambassador"),
}
STATES = {
    EntryState.WAITING: _l("waits until"),
    EntryState.GIVEN: _l("given"),
    EntryState.LAPSED: _l("lapsed after a year"),
    EntryState.REFUSED: _l("not given"),
}
WHYS = {
    Why.DAY: _l("That was enough of this kind for one day."),
    Why.PERSON: _l("That was enough from one person for this month."),
    Why.GONE: _l("It was taken back, or it does not stand there any more."),
}
DOUBTS = {
    Doubt.SELF: _l("The same person: one postbox, or one name."),
    Doubt.BROWSER: _l("Registered in the browser in which the ambassador was signed in."),
    Doubt.HOUSEHOLD: _l("The second friend who registered in one browser."),
    Doubt.CUSTOMER: _l("Our shops knew this address before."),
    Doubt.MEMBER: _l("Was here before with nearly the same address."),
}
REFERRALS = {
    ReferralState.HELD: _l("To be looked at"),
    ReferralState.COUNTED: _l("Counted"),
    ReferralState.REFUSED: _l("Refused"),
    ReferralState.WAITING: _l("Not confirmed yet"),
}
