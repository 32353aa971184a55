"""Of which sites somebody may see figures, take them away as a file, and see who stands behind them."""

from typing import Any

from community.core.permissions import Permission
from community.insights.scope import Scope
from community.marketing.policy import sites_of
from community.sites.models import Site


def sites_with_figures(actor: Any) -> list[Site]:
    """Sites whose figures somebody may see."""
    return [site for site in sites_of(actor, Permission.INSIGHT_VIEW) if site.is_open]


def may_export(actor: Any, scope: Scope) -> bool:
    """Take the table of a figure away."""
    return all(actor.can(Permission.SEGMENT_EXPORT, site) for site in scope.sites)


def may_see_members(actor: Any, scope: Scope) -> bool:
    """See who is counted."""
    return all(actor.can(Permission.PROFILE_VIEW, site) for site in scope.sites)
