"""Whose reading may choose what they see."""

from typing import Any

from community.core.permissions import Permission
from community.members.ledger import DataKind, Use, withholds
from community.members.models import Purpose
from community.profiles.queries import Family
from community.sites.models import SITES, Site


def may_learn_from(who: Any) -> bool:
    """A member, or a visitor with a number, who agreed to personalisation."""
    is_known = who.is_member or who.visitor_id is not None
    return is_known and bool(who.consents_to(Purpose.PERSONALISATION))


def may_look_up_orders(who: Any) -> bool:
    """A member who agreed to offers that fit, and to whom nothing happened that stops them."""
    is_open = who.is_member and who.guarded_since is None and not withholds(who, Use.SHOP, DataKind.ORDERS)
    return is_open and bool(who.consents_to(Purpose.OFFERS))


def family_for(use: Use, who: Any, family: Family) -> Family:
    """What a use may know of a reader's family: where they withhold it, no more than that something changed."""
    return Family(guard=family.guard) if withholds(who, use, DataKind.STAGE) else family


def may_look_through(actor: Any, member: Any) -> bool:
    """Whether somebody of the staff may see what a member is offered: one who agreed to a profile, and of whom no
    list tells that something changed."""
    is_open = member.offers and not member.is_erased and member.guarded_since is None
    return is_open and bool(actor.can(Permission.PROFILE_VIEW, member.site))


def sites_to_fill(actor: Any) -> list[Site]:
    """The open sites whose slots somebody may set."""
    return [site for site in SITES.values() if site.is_open and actor.can(Permission.SLOT_KEEP, site)]
