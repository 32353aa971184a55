"""`/moderation/`: one queue of what waits, and what moderators do about it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.members.queries import member_by_id
from community.moderation import policy, reasons
from community.moderation.actions import concerns, decisions
from community.moderation.forms import DAYS, DecisionForm
from community.moderation.models import Concern, ConcernKind, Decision, Deed
from community.moderation.queries import concerns as queries
from community.moderation.queries.things import thing_of
from community.moderation.views import names
from community.web.access import current_member, needs, require
from community.web.answers import back, page
from community.web.numbering import A_PAGE, address, asked_page, path_of_page

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
QUEUE = "/moderation/"


@bp.get("/")
@needs(Permission.POST_HIDE)
def queue() -> Any:
    """What waits on the moderator's sites: the gravest first, then the oldest."""
    own = policy.sites_of(current_member())
    site = next((site for site in own if site.code == request.args.get("of")), None)
    kind = next((kind for kind in ConcernKind if kind == request.args.get("kind")), None)
    sites = [site] if site else own
    place = asked_page(queries.waiting_count(sites, kind))
    return page(
        "moderation/queue.html",
        **_around(queries.waiting(sites, kind, place.offset, A_PAGE)),
        place=place,
        path_of_page=path_of_page,
        kinds=_choices("kind", kind, [(_("Everything"), None), *((names.KINDS[k], str(k)) for k in ConcernKind)]),
        sites=_choices("of", site, [(_("All sites"), None), *((s.language_name, s.code) for s in own)]),
    )


@bp.get("/concerns/<int:concern_id>")
@needs(Permission.POST_HIDE)
def concern(concern_id: int) -> Any:
    """One concern by itself."""
    return _concern_page(concern_id, DecisionForm())


@bp.post("/concerns/<int:concern_id>")
@needs(Permission.POST_HIDE)
def decide(concern_id: int) -> Any:
    """Keep, hide, ask for an edit, warn, mute or suspend; a bar offers to undo it."""
    form = DecisionForm()
    if not form.accepted():
        return _concern_page(concern_id, form)

    def decided() -> tuple[str, str]:
        decision = decisions.decide(_open_to_me(concern_id), current_member(), _chosen(form))
        return str(names.DONE[Deed(decision.deed)]), f"/moderation/decisions/{decision.id}/undo"

    return _done(decided)


@bp.post("/concerns/<int:concern_id>/take")
@needs(Permission.POST_HIDE)
def take(concern_id: int) -> Response:
    """Look at it, and let others see that."""

    def taken() -> tuple[str, str]:
        found = _open_to_me(concern_id)
        if policy.is_taken(found, current_member(), clock.now()):
            raise Refused(_("Another moderator looks at this at present."))
        concerns.take(found, current_member())
        return _("It is yours for 15 minutes."), ""

    return _done(taken, f"#concern-{concern_id}")


@bp.post("/decisions/<int:decision_id>/undo")
@needs(Permission.POST_HIDE)
def undo(decision_id: int) -> Response:
    """Take one's own decision back, within a minute."""

    def undone() -> tuple[str, str]:
        decision = _decision_or_404(decision_id)
        if decision.moderator_id != current_member().id:
            abort(404)
        decisions.undo(decision, current_member())
        return _("Undone. It waits again."), ""

    return _done(undone)


@bp.post("/decisions/<int:decision_id>/restore")
@needs(Permission.POST_HIDE)
def restore(decision_id: int) -> Response:
    """Bring back what a decision took away, however long ago."""

    def restored() -> tuple[str, str]:
        decision = _decision_or_404(decision_id)
        require(policy.may_decide(current_member(), decision, member_by_id(decision.person_id or 0)))
        made = decisions.restore(decision, current_member())
        return str(names.DONE[Deed.RESTORE]), f"/moderation/decisions/{made.id}/undo"

    return _done(restored)


def _done(deed: Callable[[], tuple[str, str]], anchor: str = "") -> Response:
    """Do it in one commit, say so where the moderator came from; what is refused is said there too."""
    try:
        with unit_of_work():
            saying, undo_path = deed()
    except Refused as refused:
        saying, undo_path = refused.why, ""
    flash(saying, undo_path or "message")
    came_from = back(QUEUE)
    return redirect((came_from if came_from.startswith((QUEUE + "?", "/moderation/log")) else QUEUE) + anchor, 303)


def _open_to_me(concern_id: int) -> Concern:
    """A concern of the moderator's sites; not about themselves, nor about an administrator."""
    found = queries.concern_by_id(concern_id)
    if found is None or found.site not in policy.sites_of(current_member()):
        abort(404)
    thing = thing_of(found)
    author = member_by_id(policy.author_id_of(thing) or 0) if thing else None
    require(policy.may_decide(current_member(), found, author))
    return found


def _decision_or_404(decision_id: int) -> Decision:
    found = queries.decision_by_id(decision_id)
    if found is None or found.site not in policy.sites_of(current_member()):
        abort(404)
    return found


def _concern_page(concern_id: int, form: DecisionForm) -> Any:
    card = queries.card(concern_id)
    if card is None or card.concern.site not in policy.sites_of(current_member()):
        abort(404)
    return page("moderation/concern.html", form=form, **_around([card]))


def _chosen(form: DecisionForm) -> decisions.Choice:
    return decisions.Choice(
        Deed(form.deed.data), form.reason.data or "", form.words.data or "", int(form.days.data) or None
    )


def _around(cards: list[queries.Card]) -> dict[str, Any]:
    """What a page of cards shows beside them."""
    member, now = current_member(), clock.now()
    mine = {
        card.concern.id
        for card in cards
        if policy.may_decide(member, card.concern, card.writer) and not policy.is_taken(card.concern, member, now)
    }
    return {
        "cards": cards,
        "mine": mine,
        "told": {site: reasons.rules_in(site) for site in {card.told_in for card in cards}},
        "now": now,
        "spoken": format_timedelta,
        "days": DAYS,
        "deeds_for": decisions.deeds_for,
        "policy": policy,
        "reasons": reasons,
        "names": names,
    }


def _choices(name: str, chosen: Any, options: list[tuple[Any, str | None]]) -> list[dict[str, Any]]:
    """Links that choose what the queue shows, each keeping the other choice."""
    others = {key: value for key, value in request.args.items() if key not in (name, "page")}
    return [
        {
            "label": label,
            "path": address(QUEUE, {**others, name: value} if value else others),
            "is_current": value == (str(chosen) if chosen else None),
        }
        for label, value in options
    ]
