"""Which dates are believable, and who sees a field of a profile."""

from datetime import date, timedelta
from typing import Any

from community.core.permissions import Permission, Role
from community.profiles.models import Audience, Profile
from community.sites.models import Site

LONGEST_PREGNANCY_LEFT = timedelta(weeks=42)
OLDEST_CHILD = timedelta(days=365 * 18)


def is_due_date(due_on: date, today: date) -> bool:
    """Within the next 42 weeks, or up to three weeks ago."""
    return today - timedelta(days=21) <= due_on <= today + LONGEST_PREGNANCY_LEFT


def is_birth_date(born_on: date, today: date) -> bool:
    """Not in the future, not longer ago than a childhood."""
    return today - OLDEST_CHILD <= born_on <= today


def role_of(actor: Any, site: Site) -> Role:
    """As what somebody of the staff looks at a member of this site."""
    held = (held.role for held in actor.roles if held.allows(Permission.PROFILE_VIEW, site))
    return next(held, Role.ADMIN)


def may_see_field(reader: Any, profile: Profile, field: str) -> bool:
    """A field shows to its audience; always to the member."""
    audience = profile.audience_of(field)
    if reader.is_member and reader.id == profile.member_id:
        return True
    return audience == Audience.PUBLIC or (audience == Audience.MEMBERS and bool(reader.is_member))
