"""Whose profiles somebody of the staff may see, and which audiences they may keep."""

from typing import Any

from community.core.permissions import Permission
from community.members.models import Member
from community.segments.models import Segment
from community.sites.models import SITES, Site


def sites_of(actor: Any, permission: Permission = Permission.PROFILE_VIEW) -> list[Site]:
    """The sites whose members somebody may do this with."""
    return [site for site in SITES.values() if actor.can(permission, site)]


def may_see(actor: Any, member: Member) -> bool:
    """Members of one's own sites who are there still."""
    return not member.is_erased and bool(actor.can(Permission.PROFILE_VIEW, member.site))


def may_keep(actor: Any, segment: Segment) -> bool:
    """Audiences of one's own sites."""
    return bool(actor.can(Permission.SEGMENT_KEEP, segment.site))


def may_export(actor: Any, segment: Segment) -> bool:
    """As a file, with addresses."""
    return bool(actor.can(Permission.SEGMENT_EXPORT, segment.site))


def is_profiled(member: Member) -> bool:
    """Whether there may be a profile for offers."""
    return member.offers and not member.is_erased


def shows_family(member: Member) -> bool:
    """Whether weeks and ages of children may be seen: agreed, and nothing changed."""
    return is_profiled(member) and member.guarded_since is None
