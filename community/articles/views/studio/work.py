"""My work: the articles of my sites in whatever state."""

from typing import Any

from flask import request

from community.articles import policy
from community.articles.queries import desk
from community.articles.views.studio.blueprint import bp
from community.core.permissions import Permission
from community.items import queries as items
from community.web.access import current_member, needs
from community.web.answers import page
from community.web.numbering import asked_page, path_of_page


@bp.get("/")
@needs(Permission.ARTICLE_WRITE)
def my_work() -> Any:
    """Drafts, scheduled, live and withdrawn articles, narrowed by site, author and words."""
    member = current_member()
    sites = policy.sites_of(member)
    wanted = desk.Filter(
        sites=tuple(site for site in sites if request.args.get("for") in (None, "", site.code)),
        state=request.args.get("state", "") if request.args.get("state") in desk.STATES else "",
        author_id=member.id if request.args.get("mine") else None,
        words=request.args.get("q", "").strip()[:100],
    )
    counts = desk.work_counts(wanted)
    number = asked_page(counts.get(wanted.state, 0) if wanted.state else sum(counts.values()))
    return page(
        "articles/studio/my_work.html",
        articles=desk.work(wanted, number.offset, number.per_page),
        counts=counts,
        own_sites=sites,
        wanted=wanted,
        unsaved=items.drafts_of(member.id, "article"),
        number=number,
        path_of=path_of_page,
    )
