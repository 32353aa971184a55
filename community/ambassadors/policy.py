"""Which deeds give points, how many, and when they do not; who may join; which friend counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from community.ambassadors.models import EntryState, PointEntry, Referral, ReferralState
from community.core.permissions import Permission
from community.core.text import skeleton
from community.members.models import Member
from community.sites.models import SITES, Site
from community.touchpoints.models import Verb


class Reason(StrEnum):
    """Why points are given."""

    THANKED = "thanked"
    ACCEPTED = "accepted"
    HELPFUL = "helpful"
    REVIEW = "review"
    STORY = "story"
    FRIEND = "friend"


class Why(StrEnum):
    """Why points are not given."""

    DAY = "day"  # enough of this kind for one day
    PERSON = "person"  # enough from one person for this month
    GONE = "gone"  # it was taken back, or taken away


class Doubt(StrEnum):
    """Why a friend does not count by itself."""

    SELF = "self"  # the same person
    BROWSER = "browser"  # the browser that the ambassador uses
    HOUSEHOLD = "household"  # the second friend out of one browser
    CUSTOMER = "customer"  # our shops know the address already
    MEMBER = "member"  # was here before under nearly the same address


class Tier(StrEnum):
    """How far an ambassador has come."""

    FRIEND = "friend"
    HELPER = "helper"
    AMBASSADOR = "ambassador"
    SUPER = "super"


@dataclass(frozen=True)
class Rule:
    """What one kind of help gives, and how often on one day."""

    reason: Reason
    points: int
    a_day: int
    is_by_another: bool = False  # somebody else says that it helped


RULES = {
    Verb.FRIEND_CAME: Rule(Reason.FRIEND, 25, 3),
    Verb.ANSWER_ACCEPTED: Rule(Reason.ACCEPTED, 10, 5, is_by_another=True),
    Verb.REVIEW_WRITTEN: Rule(Reason.REVIEW, 5, 2),
    Verb.STORY_PUBLISHED: Rule(Reason.STORY, 5, 1),
    Verb.POST_THANKED: Rule(Reason.THANKED, 2, 10, is_by_another=True),
    Verb.REVIEW_VOTED: Rule(Reason.HELPFUL, 1, 10, is_by_another=True),
}
_RULE_OF = {str(rule.reason): rule for rule in RULES.values()}
FROM_ONE_PERSON = 5  # lines in a month
WAITS = timedelta(hours=48)
COUNTS_FOR = timedelta(days=365)  # from when it was given
BOARD_DAYS = 30
TIERS = {Tier.FRIEND: 0, Tier.HELPER: 100, Tier.AMBASSADOR: 500, Tier.SUPER: 2_000}
ONE_POSTBOX = ("gmail.com", "googlemail.com")  # dots in the name mean nothing there


@dataclass(frozen=True)
class Help:
    """One deed that helped: who is to have points for it, and who says so."""

    touchpoint_id: int | None
    at: datetime
    reason: str
    member_id: int
    about: str
    giver_id: int | None = None


class Tally:
    """How much of each kind the ledger has taken, as far as the limits ask for it."""

    def __init__(self, taken: Iterable[tuple[Help, str]]) -> None:
        self._known: set[tuple[Any, ...]] = set()
        self._by_day: Counter[tuple[Any, ...]] = Counter()
        self._by_giver: Counter[tuple[Any, ...]] = Counter()
        for help_, why in taken:
            self._take(help_, why)

    def knows(self, help_: Help) -> bool:
        """Whether this very deed has its line: thanked, taken back and thanked again is one."""
        return _deed(help_) in self._known

    def add(self, help_: Help, rule: Rule) -> str:
        """Take one more; why it gives nothing, or nothing where it may."""
        why = self._limit(help_, rule)
        self._take(help_, why)
        return why

    def _limit(self, help_: Help, rule: Rule) -> str:
        if self._by_day[_day(help_)] >= rule.a_day:
            return Why.DAY
        is_too_much = rule.is_by_another and self._by_giver[_giver(help_)] >= FROM_ONE_PERSON
        return Why.PERSON if is_too_much else ""

    def _take(self, help_: Help, why: str) -> None:
        self._known.add(_deed(help_))
        if why not in (Why.DAY, Why.PERSON):
            self._by_day[_day(help_)] += 1
            self._by_giver[_giver(help_)] += 1


def rule_of(reason: str) -> Rule:
    """The rule behind a line."""
    return _RULE_OF[reason]


def verdict(entry: PointEntry, stands: bool, is_reported: bool, now: datetime) -> tuple[str, str]:
    """What becomes of a line, and why it is refused: what is reported stays as it is until that is decided."""
    if is_reported:
        return entry.state, entry.why_refused
    if not stands:
        return EntryState.REFUSED, Why.GONE
    if entry.due_at <= now - COUNTS_FOR:
        return EntryState.LAPSED, ""
    return (EntryState.GIVEN if entry.due_at <= now else EntryState.WAITING), ""


def was_in(spells: Iterable[tuple[datetime, bool]], moment: datetime) -> bool:
    """Whether a member was an ambassador then, by the times (in order) at which they joined and left."""
    return next((is_join for at, is_join in reversed(list(spells)) if at <= moment), False)


def tier_of(points: int) -> Tier:
    """The highest tier that so many points reach."""
    return max((tier for tier, least in TIERS.items() if least <= points), key=lambda tier: TIERS[tier])


@dataclass(frozen=True)
class Way:
    """The way to the next tier."""

    tier: Tier
    missing: int  # points
    percent: int  # of the way from this tier, gone


def way_to_next(points: int) -> Way | None:
    """What is missing to the next tier; None at the top."""
    least = TIERS[tier_of(points)]
    following = next((tier for tier, needed in TIERS.items() if needed > points), None)
    if following is None:
        return None
    needed = TIERS[following]
    return Way(following, needed - points, 100 * (points - least) // (needed - least))


def state_under(doubt: Doubt | None) -> ReferralState:
    """What becomes of a friend by itself: where there is a doubt, nothing is earned until somebody looked."""
    return ReferralState.HELD if doubt else ReferralState.COUNTED


def may_join(member: Member, now: datetime) -> bool:
    """Members who may write at present."""
    return member.is_active and (member.muted_until is None or member.muted_until <= now)


def may_decide(actor: Any, referral: Referral) -> bool:
    """Marketers of the ambassador's site, never about themselves."""
    is_own = actor.id in (referral.ambassador_id, referral.friend_id)
    return not is_own and actor.can(Permission.REFERRAL_DECIDE, referral.ambassador.site)


def sites_of(actor: Any) -> list[Site]:
    """The sites whose ambassadors a marketer looks after."""
    return [site for site in SITES.values() if actor.can(Permission.REFERRAL_DECIDE, site)]


def postbox_of(email: str | None) -> str:
    """The address without what can be added to it: `Anna+2@example.org` reaches whom `anna@example.org` does."""
    name, _at, domain = (email or "").lower().rpartition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '') if domain in ONE_POSTBOX else name}@{domain}"


def is_same_person(one: Member, other: Member) -> bool:
    """Whether two members share a postbox, or a name but for its number."""
    names = [skeleton(member.name.rstrip("0123456789 ")) for member in (one, other)]
    return postbox_of(one.email) == postbox_of(other.email) or (names[0] == names[1] and names[0] != "")


def _deed(help_: Help) -> tuple[Any, ...]:
    return help_.member_id, help_.reason, help_.about, help_.giver_id


def _day(help_: Help) -> tuple[Any, ...]:
    return help_.member_id, help_.reason, help_.at.date()


def _giver(help_: Help) -> tuple[Any, ...]:
    """All anonymous parents together count as one person."""
    return help_.member_id, help_.giver_id, help_.at.year, help_.at.month
