"""One review: its lasting address, whether it helped; and how reviews work here."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect
from flask_babel import gettext as _

from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.items.models import State
from community.moderation.reasons import rule, rule_path
from community.reviews import policy, queries
from community.reviews.actions import reviews as actions
from community.reviews.forms import VoteForm
from community.reviews.models import Review
from community.reviews.queries.listed import SCALE
from community.web.access import current_member, everyone, needs, require
from community.web.answers import back, page
from community.web.cache import shared_page
from community.web.limits import limited
from community.web.schema import absolute

bp = Blueprint("reviews", __name__, url_prefix="/<site:site>/reviews")


@bp.get("/<int:review_id>")
@everyone
def review(review_id: int) -> Any:
    """One review by itself, with the way to all the others of its product."""
    shown = review_or_404(review_id)
    member = current_member()
    if not policy.may_read(member, shown):
        abort(404)
    return page(
        "reviews/review.html",
        review=shown,
        line=queries.line_of(shown),
        product=shown.product,
        is_own=policy.is_own(member, shown),
        may_vote=policy.may_vote(member, shown),
        vote=queries.vote_by_id(member, [shown.id]).get(shown.id),
        address=absolute(shown.path),
    )


@bp.post("/<int:review_id>/vote")
@needs(Permission.POST_WRITE)
@limited("tie")
def vote(review_id: int) -> Any:
    """Say whether a review helped."""
    form = VoteForm()
    if not form.accepted():
        abort(400)
    with unit_of_work():
        shown = review_or_404(review_id)
        require(policy.may_vote(current_member(), shown))
        actions.vote(shown, current_member(), form.helpful.data == "yes")
        path = shown.path
    flash(_("Thank you. It counts."))
    return redirect(f"{back(path)}#review-{review_id}", 303)


@bp.get("/how-they-work")
@everyone
@shared_page
def explained() -> Any:
    """How we check reviews, with the true numbers of this site."""
    standing = queries.standing_of_site(g.site)
    by_rule = queries.hidden_by_rule(g.site)
    states = {state: sum(standing.get(state, {}).values()) for state in (State.LIVE, State.HELD, State.HIDDEN)}
    return page(
        "reviews/explained.html",
        states=states,
        verified_count=queries.verified_count(g.site),
        by_stars=[(stars, *(standing.get(state, {}).get(stars, 0) for state in states)) for stars in SCALE],
        by_rule=[(rule(reason).label, rule_path(reason, g.site), count) for reason, count in by_rule.items() if reason],
        address=absolute(f"{g.site.path}reviews/how-they-work"),
    )


def review_or_404(review_id: int) -> Review:
    """A review of this site that the reader may see, or may bring back."""
    shown = queries.review_by_id(g.site, review_id)
    if shown is None or not (policy.may_read(current_member(), shown) or policy.may_restore(current_member(), shown)):
        abort(404)
    return shown
