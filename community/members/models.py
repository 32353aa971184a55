"""Who somebody is to us: a member with roles, consents and sessions, or a visitor."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Model
from community.core.permissions import ALLOWS, STAFF_ROLES, Permission, Role
from community.sites.models import SITES, Site, SiteColumn


class Purpose(StrEnum):
    """What a person may agree to, each apart."""

    PERSONALISATION = "personalisation"  # what I read chooses what I see
    ANALYTICS = "analytics"  # what I read counts in figures
    MAIL = "mail"  # the weekly mail and news
    OFFERS = "offers"  # a profile for offers


class MemberState(StrEnum):
    """Whether a member can sign in."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ERASED = "erased"  # the row stays, without a name, so that posts keep their place


@dataclass(frozen=True)
class Visitor:
    """Somebody who is not signed in, known by a random number only after consent."""

    consents: frozenset[Purpose] = frozenset()
    visitor_id: str | None = None
    id: None = None
    name: str = ""
    is_member: bool = False
    is_staff: bool = False
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True
    guarded_since: None = None
    site: Site | None = None
    group_ids: tuple[int, ...] = ()
    withheld: tuple[str, ...] = ()
    notice_count: int = 0

    def can(self, permission: Permission, site: Site | None = None) -> bool:
        """A visitor holds no permission."""
        return False

    def consents_to(self, purpose: Purpose) -> bool:
        """Whether this person agreed."""
        return purpose in self.consents


@dataclass(frozen=True)
class RoleHeld:
    """A role that a member holds, for one site or (None) for all."""

    role: Role
    site: Site | None

    def __str__(self) -> str:
        return f"{self.role}@{self.site or '*'}"

    def allows(self, permission: Permission, site: Site | None) -> bool:
        """Whether this role, where it is held, allows it."""
        return permission in ALLOWS[self.role] and (self.site is None or site is None or self.site == site)


class Member(Model):
    """A registered person. Children, interests and the like stand in profiles/."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # None once erased
    new_email: Mapped[str | None] = mapped_column(String(254))  # wants confirming
    name: Mapped[str] = mapped_column(String(60))
    name_skeleton: Mapped[str | None] = mapped_column(String(80), unique=True)
    username: Mapped[str | None] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(String(160), default="")
    title: Mapped[str] = mapped_column(String(80), default="")  # shown beside the name: "Child nurse"
    state: Mapped[str] = mapped_column(String(12), default=MemberState.UNCONFIRMED)
    site: Mapped[Site] = mapped_column(SiteColumn)
    joined_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime | None]
    visited_before_at: Mapped[datetime | None]  # the visit before the present one
    guarded_since: Mapped[datetime | None]  # "something changed": no weeks and no baby items since
    personalisation: Mapped[bool] = mapped_column(default=False)
    analytics: Mapped[bool] = mapped_column(default=False)
    mail: Mapped[bool] = mapped_column(default=False)
    offers: Mapped[bool] = mapped_column(default=False)
    muted_until: Mapped[datetime | None]  # a moderator's decision: reads, and does not write until then
    suspended_until: Mapped[datetime | None]  # with SUSPENDED; none: until somebody lifts it
    visit_days: Mapped[int] = mapped_column(default=0)  # days on which this member was here
    notice_count: Mapped[int] = mapped_column(default=0)  # unread notices; kept by messages/
    group_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # clubs; kept by groups/, as the badge is
    withheld: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # see `members/ledger.py`
    role_names: Mapped[list[str]] = mapped_column(JSON, default=list)  # "editor@nl", "admin@*"; see `roles`

    is_member = True
    is_authenticated = True
    is_anonymous = False
    visitor_id = None
    session_token: ClassVar[str | None] = None  # set on the instance: of the request that it was loaded for

    def get_id(self) -> str | None:
        """What Flask-Login keeps in the cookie: the session's token, never the member's number."""
        return self.session_token

    @property
    def is_active(self) -> bool:
        """Whether this member may sign in."""
        return self.state == MemberState.ACTIVE

    @property
    def is_erased(self) -> bool:
        """Whether the person is gone and only the place remains."""
        return self.state == MemberState.ERASED

    @property
    def roles(self) -> list[RoleHeld]:
        """The roles given to this member; each row carries its own, so that a badge costs no statement."""
        named = [name.partition("@") for name in self.role_names or []]
        return [RoleHeld(Role(role), SITES.get(site)) for role, _at, site in named]

    @property
    def consents(self) -> frozenset[Purpose]:
        """What this member agrees to at present."""
        return frozenset(purpose for purpose in Purpose if getattr(self, purpose))

    def consents_to(self, purpose: Purpose) -> bool:
        """Whether this person agreed."""
        return bool(getattr(self, purpose))

    def can(self, permission: Permission, site: Site | None = None) -> bool:
        """Whether a role of this member allows it at a site (None: at any site)."""
        if not self.is_active:
            return False
        if permission in ALLOWS[Role.MEMBER]:
            return True
        return any(held.allows(permission, site) for held in self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether this member holds any staff role."""
        return any(held.role in STAFF_ROLES for held in self.roles)

    @property
    def is_expert(self) -> bool:
        """Whether this is a verified professional."""
        return any(held.role == Role.EXPERT for held in self.roles)

    @property
    def path(self) -> str:
        """The public profile."""
        return f"/{self.site.code}/members/{self.username}"

    @property
    def key(self) -> str:
        """How other things name this member."""
        return f"member:{self.id}"


class SignIn(Model):
    """A session: one browser that is signed in. The cookie holds the token, the row its digest."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(80), default="")  # "Firefox on Android", for the member's list

    member: Mapped[Member] = relationship(lazy="raise_on_sql")


class SecondStep(Model):
    """That a member proves a phone beside the password. What opens is in no row: `second_step.py` makes it anew."""

    __tablename__ = "second_steps"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    last_step: Mapped[int]  # of 30 seconds: no code is taken twice
    spare_digests: Mapped[list[str]] = mapped_column(JSON, default=list)  # of codes that were not used yet
    began_at: Mapped[datetime]


class TokenUse(StrEnum):
    """What a mailed token gives."""

    CONFIRM = "confirm"
    RESET = "reset"
    NEW_EMAIL = "new-email"


class Token(Model):
    """A single-use right that was mailed; the row holds only a digest."""

    __tablename__ = "tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    use: Mapped[str] = mapped_column(String(12))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")


class ConsentGiven(Model):
    """One line of the consent ledger: what was agreed or withdrawn, when, to which words. Never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # or one use of one kind of data, as `members/ledger.py` names it
    is_given: Mapped[bool]
    words_version: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(40))  # the page where it was said
    at: Mapped[datetime]


class DataUse(Model):
    """How often a member's data were put to a use in one month."""

    __tablename__ = "data_uses"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # "2026-11"
    use: Mapped[str] = mapped_column(String(8), primary_key=True)
    times: Mapped[int]


@dataclass(frozen=True)
class Identity:
    """What registration asks for: checked in shape, not yet against the database."""

    email: str
    name: str
    password: str
    site: Site
    consents: frozenset[Purpose] = field(default_factory=frozenset)
