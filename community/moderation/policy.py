"""Who may report and decide, how far a member is trusted, and how much a report counts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from community.core.permissions import Permission, Role
from community.items.models import Item, Post, State
from community.items.policy import may_see
from community.members.models import Member
from community.moderation.models import Concern, Decision, Deed, Report
from community.sites.models import SITES, Site


class Said:
    """What somebody said in a room above this one, which keeps it: a line of a chat. Deciding asks this of it."""

    kind: ClassVar[str]
    id: Any
    author_id: Any
    author: Any
    body: Any
    body_html: Any
    state: Any
    held_because: Any
    at: Any
    edited_at: Any

    @property
    def key(self) -> str:
        """How other things name it."""
        return f"{self.kind}:{self.id}"

    @property
    def is_live(self) -> bool:
        """Whether others may read it."""
        return bool(self.state == State.LIVE)

    @property
    def byline(self) -> str:
        """Whose name stands at it; empty once the person is gone."""
        return self.author.name if self.author and not self.author.is_erased else ""

    @property
    def place(self) -> Any:
        """Where it was said: it has a site, a title and a path."""
        raise NotImplementedError

    @property
    def site(self) -> Site:
        """The site of its place."""
        found: Site = self.place.site
        return found

    @property
    def path(self) -> str:
        """Its lasting address."""
        return f"{self.place.path}/{self.kind}s/{self.id}"

    def may_be_read_by(self, reader: Any) -> bool:
        """Whether this reader finds it in its place."""
        raise NotImplementedError


Thing = Post | Item | Member | Said

# `features.md` 2.17: half of what large forums ask, since parents come in short visits.
KNOWN_TOPICS, KNOWN_POSTS = 3, 15
TRUSTED_DAYS, TRUSTED_POSTS, TRUSTED_THANKS = 7, 5, 3
GUIDE_DAYS, GUIDE_THANKS, GUIDE_THANKERS = 20, 20, 10
STANDS_AFTER = timedelta(hours=48)  # a post that nobody had to take away until then
RECENT = timedelta(days=180)
LEVEL_OF_STAFF = 5
# The bonus of who is right: none up to 5 decided reports, then by the logarithm around 70 in 100.
FEWEST_DECIDED, FAIR_SHARE, STEEPNESS, LARGEST_BONUS = 5, 0.7, 5.0, 2.0
GUIDE_DECIDED = 10
HIDES_AT, FEWEST_PEOPLE = 8.0, 2

TAKEN_FOR = timedelta(minutes=15)
UNDO_FOR = timedelta(seconds=60)
APPEAL_WITHIN = timedelta(days=30)
APPEALABLE = (Deed.HIDE, Deed.EDIT, Deed.WARN, Deed.MUTE, Deed.SUSPEND)


@dataclass(frozen=True)
class Standing:
    """What trust rests on: things that are always known, whatever somebody agreed to."""

    topics_read: int = 0
    posts_read: int = 0
    visit_days: int = 0
    posts_standing: int = 0  # live for longer than STANDS_AFTER
    thankers: int = 0  # different people
    recent_thanks: int = 0
    recent_thankers: int = 0
    reports_right: int = 0
    reports_decided: int = 0
    is_confirmed: bool = True
    is_staff: bool = False


def trust_level(standing: Standing) -> int:
    """0 newcomer, 1 known, 2 trusted, 3 guide; staff counts as 5."""
    if standing.is_staff:
        return LEVEL_OF_STAFF
    rungs = (_is_known(standing), _is_trusted(standing), _is_guide(standing))
    return next((level for level, is_reached in enumerate(rungs) if not is_reached), len(rungs))


def accuracy_bonus(right: int, decided: int) -> float:
    """What having been right (or wrong) in earlier reports adds, between -2 and 2."""
    if decided <= FEWEST_DECIDED:
        return 0.0
    share = right / decided
    distance = (share - FAIR_SHARE) / ((1 - FAIR_SHARE) if share >= FAIR_SHARE else FAIR_SHARE)
    bonus = math.log(decided, 4) * STEEPNESS * distance
    return round(max(-LARGEST_BONUS, min(LARGEST_BONUS, bonus)), 1)


def hides(reports: Iterable[Report]) -> bool:
    """Whether reports hide a post by themselves: their sum is reached by two people, or by one of the staff."""
    counted = [report for report in reports if report.weight]
    has_staff = any(report.level == LEVEL_OF_STAFF for report in counted)
    return total(counted) >= HIDES_AT and (len(counted) >= FEWEST_PEOPLE or has_staff)


def total(reports: Iterable[Report]) -> float:
    """The sum of what reports count; a visitor's counts nothing, and still brings a moderator."""
    return round(sum(report.weight for report in reports), 1)


def site_of(thing: Thing) -> Site:
    """Where a thing stands."""
    return thing.item.site if isinstance(thing, Post) else thing.site


def author_id_of(thing: Thing) -> int | None:
    """Who wrote a thing, also as an anonymous parent: for rights and notices, never for a page."""
    if isinstance(thing, Member):
        return thing.id
    return thing.writer_id if isinstance(thing, Post) else thing.author_id


def may_see_thing(reader: Any, thing: Thing) -> bool:
    """A live post under an item that the reader may see, such an item, or a public profile."""
    if isinstance(thing, Member):
        return thing.is_active
    if isinstance(thing, Said):
        return thing.may_be_read_by(reader)
    return may_see(reader, thing.item) and thing.is_live if isinstance(thing, Post) else may_see(reader, thing)


def is_own(reader: Any, thing: Thing) -> bool:
    """Whether it is about the reader."""
    return bool(reader.is_member) and author_id_of(thing) == reader.id


def may_decide(moderator: Any, about: Concern | Decision, author: Member | None) -> bool:
    """Moderators of its site; never about themselves, nor about an administrator unless they are one."""
    if not moderator.can(Permission.POST_HIDE, about.site):
        return False
    return author is None or (author.id != moderator.id and (not is_admin(author) or is_admin(moderator)))


def may_restrain(moderator: Any, person: Member, site: Site, permission: Permission = Permission.MEMBER_MUTE) -> bool:
    """Mute or suspend: never oneself; a moderator no other one of the staff, nobody but an administrator one."""
    if moderator.id == person.id or person.is_erased or not moderator.can(permission, site):
        return False
    return not person.is_staff or is_admin(moderator)


def may_appeal(author: Any, decision: Decision, now: datetime) -> bool:
    """Whom it is about, once, within its time, while it holds."""
    is_theirs = bool(author.is_member) and decision.person_id == author.id and decision.deed in APPEALABLE
    return is_theirs and decision.appeal is None and not decision.undone_at and now - decision.at <= APPEAL_WITHIN


def may_answer(moderator: Any, decision: Decision) -> bool:
    """Any other moderator of the site than the one who decided. Where there is none, an administrator is one."""
    if moderator.id in (decision.moderator_id, decision.person_id) or not moderator.can(
        Permission.POST_HIDE, decision.site
    ):
        return False
    return decision.person is None or not is_admin(decision.person) or is_admin(moderator)


def is_taken(concern: Concern, moderator: Any, now: datetime) -> bool:
    """Whether another moderator looks at it at present."""
    if concern.taken_by_id in (None, moderator.id) or concern.taken_at is None:
        return False
    return now - concern.taken_at < TAKEN_FOR


def is_admin(member: Any) -> bool:
    """Whether this is an administrator."""
    return any(held.role == Role.ADMIN for held in member.roles)


def sites_of(member: Any, permission: Permission = Permission.POST_HIDE) -> list[Site]:
    """The sites where a member may do this; to decide, where nothing else is said."""
    return [site for site in SITES.values() if member.can(permission, site)]


def _is_known(standing: Standing) -> bool:
    has_read = standing.topics_read >= KNOWN_TOPICS and standing.posts_read >= KNOWN_POSTS
    return standing.is_confirmed and has_read


def _is_trusted(standing: Standing) -> bool:
    is_here = standing.visit_days >= TRUSTED_DAYS
    return is_here and standing.posts_standing >= TRUSTED_POSTS and standing.thankers >= TRUSTED_THANKS


def _is_guide(standing: Standing) -> bool:
    is_right = (
        standing.reports_decided >= GUIDE_DECIDED and standing.reports_right >= FAIR_SHARE * standing.reports_decided
    )
    is_thanked = standing.recent_thanks >= GUIDE_THANKS and standing.recent_thankers >= GUIDE_THANKERS
    return is_right and is_thanked and standing.visit_days >= GUIDE_DAYS
