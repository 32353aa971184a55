"""`/moderation/log`: who decided what, when and why, and what became of it."""

from flask import Blueprint, render_template, request
from flask_babel import format_timedelta

from community.core.permissions import Permission
from community.moderation import policy, reasons
from community.moderation.queries import log as queries
from community.moderation.queries.things import said_in
from community.moderation.views import names
from community.web.access import current_member, needs
from community.web.numbering import A_PAGE, asked_page, path_of_page

bp = Blueprint("moderation_log", __name__, url_prefix="/moderation")


@bp.get("/log")
@needs(Permission.POST_HIDE)
def log() -> str:
    """One's own decisions, or (with the right to look at the record) everybody's, on one's own sites."""
    member = current_member()
    seen = policy.sites_of(member, Permission.AUDIT_VIEW)
    is_own = not seen or request.args.get("who") == "me"
    sites = policy.sites_of(member) if is_own else seen
    moderator_id = member.id if is_own else None
    place = asked_page(queries.decision_count(sites, moderator_id))
    shown = queries.decisions(sites, moderator_id, place.offset, A_PAGE)
    return render_template(
        "moderation/log.html",
        decisions=shown,
        said=said_in(shown),
        figures=queries.figures(sites, moderator_id),
        is_own=is_own,
        may_see_all=bool(seen),
        place=place,
        path_of_page=path_of_page,
        spoken=format_timedelta,
        names=names,
        reasons=reasons,
    )
