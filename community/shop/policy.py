"""Who may say how products are sold."""

from typing import Any

from community.core.permissions import Permission
from community.shop.models import Product
from community.sites.models import SITES, Site


def may_relate(member: Any, product: Product) -> bool:
    """Who fills the slots of its site."""
    return bool(member.can(Permission.SLOT_KEEP, product.site))


def sites_to_relate(member: Any) -> list[Site]:
    """The open sites whose products somebody may relate."""
    return [site for site in SITES.values() if site.is_open and member.can(Permission.SLOT_KEEP, site)]
