"""What we know about a member, for the member: pages of the account, the public profile, the export."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from community.core import clock, stages
from community.core.audit import AuditEntry
from community.core.db import db
from community.core.permissions import Role
from community.items.models import Collection, Follow, Item, Post, State, Tag
from community.items.queries import Guard, guarded, visible_to
from community.members import queries as members
from community.members.ledger import Use
from community.members.models import ConsentGiven, Member, Purpose, SignIn
from community.messages.models import Mail
from community.personalisation import queries as personalisation
from community.personalisation.models import Dismissed, Read
from community.profiles import queries as profiles
from community.profiles.models import CORRECTED_UNTIL_DAYS, Child, Interest, Profile, Standing, TaskDone, stage_words
from community.profiles.policy import may_see_field
from community.shop.models import Customer, Order
from community.sites.models import Site
from community.touchpoints.models import LETTERS, Touchpoint


@dataclass(frozen=True)
class ShownChild:
    """A pregnancy or child with the numbers for its words; none where its weeks have stopped."""

    child: Child
    numbers: dict[str, int]


@dataclass(frozen=True)
class Known:
    """Everything that we know about a member."""

    profile: Profile
    children: list[ShownChild]
    interests: list[Interest]
    learned: list[tuple[personalisation.Subject, float]]
    consents: dict[str, ConsentGiven]
    counts: Any


LOOKS = ("member.looked-at", "profile.viewed")  # deeds of the audit log by which somebody saw a whole profile
MOST_LOOKS = 200


@dataclass(frozen=True)
class Look:
    """That somebody of the staff looked at a profile: as what, and on which day."""

    role: str
    day: date


@dataclass(frozen=True)
class PublicProfile:
    """What one reader may see of a member."""

    member: Member
    town: str
    about: str
    children: list[ShownChild]
    interests: list[Interest]
    comments: list[Post]


def known_about(member: Member, today: date) -> Known:
    """Every fact that the page "What we know about you" shows."""
    return Known(
        profile=profiles.profile_of(member) or Profile(visible_to={}, uses_reading=True),
        children=shown_children(member, today),
        interests=profiles.interests_of(member),
        learned=personalisation.learned_interests(member),
        consents=last_words(member),
        counts=counts_of(member),
    )


def shown_children(member: Member, today: date) -> list[ShownChild]:
    """All pregnancies and children in words' numbers."""
    return [ShownChild(child, numbers_of(child, today)) for child in profiles.children_of(member)]


def numbers_of(child: Child, today: date) -> dict[str, int]:
    """The week and day, or the months; `corrected` months where a child born early counts from the due date."""
    numbers = stage_words(child, today)
    day = child.day(today)
    if day is not None and child.weeks_early and day.corrected >= 0 and day.calendar < CORRECTED_UNTIL_DAYS:
        numbers["corrected"] = stages.month_of(day.corrected)
    return numbers


def last_words(member: Member) -> dict[str, ConsentGiven]:
    """The last line of the ledger for each purpose."""
    return {line.purpose: line for line in reversed(members.consents_of(member))}


def uses_this_month(member: Member) -> dict[str, int]:
    """How often what we know of a member was put to each use since the month began."""
    now = clock.now()
    began = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = select(func.count()).where(Touchpoint.member_id == member.id, Touchpoint.at >= began)
    in_figures = db.session.scalar(counted.where(Touchpoint.allows.contains(LETTERS[Purpose.ANALYTICS]))) or 0
    return {**members.uses_in(member, f"{now:%Y-%m}"), Use.FIGURES: in_figures}


def looks_at(member: Member) -> list[Look]:
    """Who looked at a member's profile, by role and day, the latest first."""
    query = select(AuditEntry.deed, AuditEntry.at, AuditEntry.facts).where(AuditEntry.about == member.key)
    rows = db.session.execute(query.where(AuditEntry.deed.in_(LOOKS)).order_by(AuditEntry.id.desc()).limit(MOST_LOOKS))
    zone = ZoneInfo(member.site.zone)
    looks = [Look(_role_in(deed, facts), at.astimezone(zone).date()) for deed, at, facts in rows]
    return list(dict.fromkeys(looks))


def counts_of(member: Member) -> Any:
    """How many of each thing we keep: one statement."""
    counted = {
        "reads": select(func.count()).select_from(Read).where(Read.person == f"m{member.id}"),
        "touchpoints": select(func.count()).select_from(Touchpoint).where(Touchpoint.member_id == member.id),
        "mails": select(func.count()).select_from(Mail).where(Mail.member_id == member.id),
        "posts": select(func.count()).select_from(Post).where(Post.author_id == member.id, Post.state != State.DELETED),
        "items": select(func.count()).select_from(Item).where(Item.author_id == member.id, Item.state != State.DELETED),
        "orders": select(func.count()).select_from(Order).join(Customer).where(Customer.member_id == member.id),
        "profiled": select(Standing.contact_count).where(Standing.member_id == member.id),
        "tasks": select(func.count()).select_from(TaskDone).where(TaskDone.member_id == member.id),
        "dismissed": select(func.count()).select_from(Dismissed).where(Dismissed.member_id == member.id),
        "sessions": select(func.count()).select_from(SignIn).where(SignIn.member_id == member.id),
    }
    return db.session.execute(select(*(query.scalar_subquery().label(name) for name, query in counted.items()))).one()


def public_profile(member: Member, reader: Any, site: Site, guard: Guard | None, today: date) -> PublicProfile:
    """A member as this reader may see them; lists are read only where they show."""
    profile = profiles.profile_of(member) or Profile(member_id=member.id, visible_to={})
    seen = {field for field in ("town", "about", "children", "interests") if may_see_field(reader, profile, field)}
    children = shown_children(member, today) if "children" in seen else []
    interests = profiles.interests_of(member) if "interests" in seen else []
    return PublicProfile(
        member=member,
        town=profile.town or "" if "town" in seen else "",
        about=profile.about or "" if "about" in seen else "",
        children=[shown for shown in children if shown.numbers],
        interests=[interest for interest in interests if interest.weight > 0],
        comments=comments_by(member, reader, site, guard, limit=10),
    )


def follows_of(member: Member, guard: Guard | None) -> list[Follow]:
    """All that a member follows, mutes or blocks and may see, latest first. A guarded one finds no baby things."""
    seen = guarded(visible_to(select(Item.id), member), guard)
    places = select(Collection.id).where(
        or_(Collection.group_id.is_(None), Collection.group_id.in_(member.group_ids)),
        *([Collection.stage_from.is_(None), Collection.group_id.is_(None)] if guard else []),
    )
    query = select(Follow).where(
        Follow.member_id == member.id,
        or_(Follow.item_id.is_(None), Follow.item_id.in_(seen)),
        or_(Follow.collection_id.is_(None), Follow.collection_id.in_(places)),
        or_(Follow.person_id.is_(None), Follow.person.has(Member.username.is_not(None))),
    )
    parts = (joinedload(part) for part in (Follow.item, Follow.collection, Follow.person, Follow.tag))
    return list(db.session.scalars(query.options(*parts).order_by(Follow.since.desc(), Follow.id.desc())))


def comments_by(author: Member, reader: Any, site: Site, guard: Guard | None, limit: int) -> list[Post]:
    """A member's latest live comments under what this reader may see on a site."""
    query = select(Post).join(Post.item).options(joinedload(Post.item))
    query = query.where(Post.author_id == author.id, Post.state == State.LIVE, Item.site == site)
    query = visible_to(guarded(query, guard), reader)
    return list(db.session.scalars(query.order_by(Post.created_at.desc(), Post.id.desc()).limit(limit)))


def tag_by_key(site: Site, key: str) -> Tag | None:
    """The tag of a key such as `tag:3`."""
    return db.session.scalar(select(Tag).where(Tag.id == _number_in(key), Tag.site == site))


def item_with_tags(site: Site, key: str) -> Item | None:
    """The item of a key such as `article:12`, with its theme and tags."""
    query = select(Item).where(Item.id == _number_in(key), Item.kind == key.partition(":")[0], Item.site == site)
    return db.session.scalar(query.options(joinedload(Item.theme), joinedload(Item.tags)))


def _role_in(deed: str, facts: dict[str, Any]) -> str:
    if deed == "member.looked-at":
        return Role.ADMIN
    return str(facts.get("role", Role.SERVICE if "case" in facts else ""))


def _number_in(key: str) -> int:
    """The number of a key; 0, which no row has, where it holds none."""
    number = key.partition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
