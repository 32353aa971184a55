"""Whose reading may choose what they see."""

from typing import Any

from community.core.permissions import Permission
from community.members.models import Purpose
from community.sites.models import SITES, Site


def may_learn_from(who: Any) -> bool:
    """A member, or a visitor with a number, who agreed to personalisation."""
    is_known = who.is_member or who.visitor_id is not None
    return is_known and bool(who.consents_to(Purpose.PERSONALISATION))


def sites_to_fill(actor: Any) -> list[Site]:
    """The open sites whose slots somebody may set."""
    return [site for site in SITES.values() if site.is_open and actor.can(Permission.SLOT_KEEP, site)]
