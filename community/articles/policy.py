"""Who may write and publish articles, and where."""

from typing import Any

from community.core.permissions import Permission
from community.items.models import Item, State
from community.sites.models import Site
from community.sites.queries import open_sites


def may_write(member: Any, site: Site) -> bool:
    """Editors, each at the sites where they hold the role."""
    return bool(member.can(Permission.ARTICLE_WRITE, site))


def may_publish(member: Any, site: Site) -> bool:
    """Who decides what readers of a site see."""
    return bool(member.can(Permission.ARTICLE_PUBLISH, site))


def may_save(member: Any, site: Site, state: str, article: Item | None = None) -> bool:
    """Leaving something unpublished needs the right to write; whatever readers notice, that to publish."""
    seen = State.LIVE, State.SCHEDULED
    if state in seen or (article is not None and article.state in seen):
        return may_write(member, site) and may_publish(member, site)
    return may_write(member, site)


def sites_of(member: Any) -> list[Site]:
    """The open sites whose articles this member may write."""
    return [site for site in open_sites() if may_write(member, site)]
