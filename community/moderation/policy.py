"""Who may see and decide what waits."""

from typing import Any

from community.core.permissions import Permission
from community.items.models import Post


def may_decide(member: Any, post: Post) -> bool:
    """Moderators of the post's site."""
    return bool(member.can(Permission.POST_HIDE, post.item.site))
