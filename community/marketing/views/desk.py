"""`/marketing/`: who our members are, and one of them whole. Each look at a profile is on record first."""

from typing import Any

from flask import Blueprint, abort, request

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.marketing import policy
from community.marketing.queries import people as queries
from community.members.models import Member, Purpose
from community.members.queries import member_by_id
from community.profiles.actions import note_look
from community.profiles.models import Phase
from community.profiles.words import PHASES, STAGES
from community.segments.conditions import Group, of_json
from community.segments.models import Segment
from community.segments.queries import audience
from community.segments.queries.choices import PURPOSES
from community.web.access import current_member, needs, require
from community.web.answers import page
from community.web.numbering import A_PAGE, address, asked_number

bp = Blueprint("marketing", __name__, url_prefix="/marketing")
EVENTS = 50


@bp.get("/")
@needs(Permission.PROFILE_VIEW)
def members() -> Any:
    """Members, who joined last first: all, those of an audience, or those with a name or an address."""
    sites = policy.sites_of(current_member())
    segments = audience.segments_of(sites)
    chosen = next((segment for segment in segments if str(segment.id) == request.args.get("segment")), None)
    words = request.args.get("q", "").strip()[:100]
    before = asked_number("before")
    rows = _of_segment(chosen, before) if chosen else queries.members_page(sites, words, before, A_PAGE + 1)
    shown = rows[:A_PAGE]
    kept = {"segment": chosen.id} if chosen else {"q": words} if words else {}
    older = address(request.path, {**kept, "before": shown[-1][0].id}) if len(rows) > A_PAGE else ""
    return page(
        "marketing/members.html",
        rows=shown,
        segments=segments,
        chosen=chosen,
        words=words,
        older=older,
        phases=PHASES,
        stages=STAGES,
    )


@bp.get("/members/<int:member_id>")
@needs(Permission.PROFILE_VIEW)
def member(member_id: int) -> Any:
    """One profile: who this is, where we stand, why, and what happened between us."""
    with unit_of_work():
        seen = _member_or_404(member_id)
        note_look(seen, current_member())
    shown = _member_or_404(member_id)
    events, older_id = queries.timeline_of(shown, asked_number("before"), EVENTS)
    return page(
        "marketing/member.html",
        shown=shown,
        portrait=queries.portrait_of(shown),
        events=events,
        older=address(request.path, {"before": older_id}) + "#history" if older_id else "",
        phases=PHASES,
        order=[phase.value for phase in Phase],
        stages=STAGES,
        purposes=PURPOSES,
        all_purposes=list(Purpose),
        is_profiled=policy.is_profiled(shown),
    )


def _of_segment(segment: Segment, before: int | None) -> list[Any]:
    return audience.page_of(of_json(segment.conditions) or Group(), segment.site, before, A_PAGE + 1)


def _member_or_404(member_id: int) -> Member:
    found = member_by_id(member_id)
    if found is None or found.is_erased:
        abort(404)
    require(policy.may_see(current_member(), found))
    return found
