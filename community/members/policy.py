"""Which names, passwords and roles are allowed."""

from datetime import datetime, timedelta
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from community.core.permissions import Permission, Role
from community.core.text import display_name, mixes_scripts, skeleton
from community.members.models import Member, MemberState
from community.sites.models import Site

RESERVED = frozenset(
    {"admin", "administrator", "beheerder", "moderator", "redactie", "editor", "editors", "staff", "support", "service"}
    | {"help", "helpdesk", "community", "team", "system", "root", "postmaster", "webmaster", "anonymous", "anoniem"}
    | {"verloskundige", "midwife", "official"}
)
A_VISIT = timedelta(minutes=30)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128


def is_reserved(name: str) -> bool:
    """Whether a name looks like the brand or its staff."""
    return skeleton(name) in _reserved_skeletons()


def is_usable_name(name: str) -> bool:
    """Two letters at least, none of them invisible, one script a word."""
    kept = display_name(name)
    return len(skeleton(kept)) >= 2 and len(kept) <= 60 and not mixes_scripts(kept)


def is_common_password(password: str) -> bool:
    """Whether many others use it; the list is zxcvbn's."""
    return password.casefold() in _common_passwords()


def holds_own_words(password: str, email: str, name: str) -> bool:
    """Whether a password is little more than the person's own name, address or the brand."""
    plain = password.casefold()
    words = [email.split("@")[0].casefold(), name.casefold(), "community"]
    return any(len(word) >= 4 and word in plain and len(plain) - len(word) < 4 for word in words)


def is_new_visit(member: Member, now: datetime) -> bool:
    """Whether a member was away long enough for this to be another visit."""
    return member.last_seen_at is None or now - member.last_seen_at >= A_VISIT


def last_visit(member: Member, now: datetime) -> datetime | None:
    """When a member was here before the present visit, which may not be noted yet."""
    return member.last_seen_at if is_new_visit(member, now) else member.visited_before_at


def is_suspension_over(member: Member, now: datetime) -> bool:
    """Whether a suspended member may come in again."""
    is_suspended = member.state == MemberState.SUSPENDED
    return is_suspended and member.suspended_until is not None and member.suspended_until <= now


def may_grant(actor: Member, role: Role, member: Member) -> bool:
    """Administrators give roles, never to themselves."""
    return actor.can(Permission.ROLE_GRANT) and actor.id != member.id and role is not Role.MEMBER


def may_reset_second_step(actor: Member, member: Member) -> bool:
    """Administrators, where a phone was lost; never their own."""
    return actor.can(Permission.ROLE_GRANT) and actor.id != member.id and not member.is_erased


def may_act_on(actor: Member, member: Member, site: Site | None = None) -> bool:
    """Nobody but an administrator acts on an administrator."""
    is_admin = any(held.role == Role.ADMIN for held in member.roles)
    return actor.can(Permission.ROLE_GRANT, site) if is_admin else True


@cache
def _reserved_skeletons() -> frozenset[str]:
    return frozenset(skeleton(word) for word in RESERVED)


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"][:10_000])
