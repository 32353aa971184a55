"""Who may see and decide what waits."""

from typing import Any

from community.core.permissions import Permission
from community.items.models import Post
from community.sites.models import SITES, Site


def may_decide(member: Any, post: Post) -> bool:
    """Moderators of the post's site."""
    return bool(member.can(Permission.POST_HIDE, post.item.site))


def sites_of(member: Any) -> list[Site]:
    """The sites whose posts a member may decide about."""
    return [site for site in SITES.values() if member.can(Permission.POST_HIDE, site)]
