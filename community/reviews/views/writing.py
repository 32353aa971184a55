"""Writing a review, changing it, taking it away and bringing it back; and a member's own ones.

A stranger may write first and register after, as on the boards."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.db import unit_of_work
from community.core.permissions import Permission
from community.core.refused import Refused
from community.items.views import keep_for_stranger, keep_token_to_ourselves, kept_words, use_kept_words
from community.media import actions as media
from community.media.actions import Rendered
from community.media.models import Picture
from community.media.uploads import rendered_photo
from community.profiles.queries import family_of
from community.reviews import policy, queries
from community.reviews.actions import reviews as actions
from community.reviews.forms import EditedReviewForm, ReviewForm
from community.reviews.models import Review, band_of
from community.reviews.views.product import product_or_404
from community.reviews.views.single import review_or_404
from community.shop.models import Product
from community.shop.queries import bought_line
from community.web.access import current_member, everyone, needs, require
from community.web.answers import do_once, page
from community.web.limits import is_in_time, limits_of_posting

bp = Blueprint("review_writing", __name__, url_prefix="/<site:site>")
bp.after_request(keep_token_to_ourselves)
account = Blueprint("own_reviews", __name__, url_prefix="/account")
MOST_OWN = 200
KEPT = ("stars", "title", "body", "good", "less_good", "child_age")  # of a stranger; a photo can be added later


@bp.route("/products/<string:slug>/reviews/new", methods=["GET", "POST"])
@everyone
def write(slug: str) -> Any:
    """Review a product. Who did so before changes that review; a stranger's words are kept until they registered."""
    shown, member = product_or_404(slug), current_member()
    require(not member.is_member or member.can(Permission.POST_WRITE))
    form = ReviewForm(data=None if request.method == "POST" else _begun(shown))
    if form.accepted() and (answer := _written(shown, form)):
        return answer
    if member.is_member and (own := queries.review_of(member, shown)) is not None:
        return redirect(f"{own.path}/edit")
    is_bought = member.is_member and bought_line(member, shown) is not None
    return page("reviews/write.html", form=form, product=shown, is_bought=is_bought)


@bp.route("/reviews/<int:review_id>/edit", methods=["GET", "POST"])
@needs(Permission.POST_WRITE)
def edit(review_id: int) -> Any:
    """Change one's own review."""
    shown = _own(review_id, policy.may_edit)
    form = EditedReviewForm(data=_as_it_is(shown))
    if form.accepted() and (answer := _changed(shown, form)):
        return answer
    return page("reviews/edit.html", form=form, review=shown, product=shown.product)


@bp.post("/reviews/<int:review_id>/delete")
@needs(Permission.POST_WRITE)
def delete(review_id: int) -> Any:
    """Take one's own review away; the next page offers to bring it back."""
    with unit_of_work():
        shown = _own(review_id, policy.may_edit)
        actions.take_away(shown)
        path, undo = shown.product.path, f"{shown.path}/restore"
    flash(_("Your review is taken away."), undo)
    return redirect(f"{path}#reviews", 303)


@bp.post("/reviews/<int:review_id>/restore")
@needs(Permission.POST_WRITE)
def restore(review_id: int) -> Any:
    """Bring one's own review back."""
    with unit_of_work():
        shown = _own(review_id, policy.may_restore)
        actions.bring_back(shown)
        path = shown.path
    flash(_("Your review is back."))
    return redirect(path, 303)


@account.get("/reviews")
@needs(Permission.ACCOUNT_OWN)
def mine() -> Any:
    """All that a member said of products, also what waits or was hidden."""
    return page("reviews/mine.html", reviews=queries.reviews_by(current_member(), MOST_OWN))


def _begun(shown: Product) -> dict[str, str]:
    """What a stranger wrote before registering; else the child's present age alone."""
    return kept_words(shown.key) or ({"child_age": _present_age()} if current_member().is_member else {})


def _written(shown: Product, form: ReviewForm) -> Response | None:
    if not current_member().is_member:
        return keep_for_stranger(form, shown.key, f"{shown.path}/reviews/new", KEPT)
    if not is_in_time(form, *limits_of_posting()):
        return None
    rendered = rendered_photo(form)
    if form.mistakes:
        return None
    return do_once(form, lambda: _write(shown.slug, form, rendered), _("Thank you. Your review helps other parents."))


def _write(slug: str, form: ReviewForm, rendered: Rendered | None) -> str:
    shown, member = product_or_404(slug), current_member()
    if queries.review_of(member, shown) is not None:
        raise Refused(_("You reviewed this already. You can change what you wrote."))
    use_kept_words(form, shown.key)
    photo = _kept(rendered, shown)
    return actions.write_review(shown, member, form.opinion(form.child_age.data or ""), photo).path


def _changed(shown: Review, form: EditedReviewForm) -> Response | None:
    rendered = rendered_photo(form)
    return None if form.mistakes else do_once(form, lambda: _change(shown.id, form, rendered), _("It is changed."))


def _change(review_id: int, form: EditedReviewForm, rendered: Rendered | None) -> str:
    shown = _own(review_id, policy.may_edit)
    photo = _kept(rendered, shown.product)
    actions.edit_review(shown, form.opinion(), photo, keeps_photo=not form.drops_photo.data)
    return shown.path


def _kept(rendered: Rendered | None, shown: Product) -> Picture | None:
    if rendered is None:
        return None
    alt = _("%(product)s, photographed by a parent", product=shown.title)
    return media.keep_picture(rendered, alt, current_member())


def _present_age() -> str:
    """The age of the youngest child that we show things for; the member may choose another, or none."""
    member = current_member()
    days = family_of(member, clock.today(member.site.zone)).days
    return band_of(days[0].calendar) if days else ""


def _as_it_is(shown: Review) -> dict[str, Any]:
    has_title = shown.title != actions.title_without_words(shown.product)
    texts = {name: getattr(shown, name) for name in ("good", "less_good", "body")}
    return {**texts, "stars": str(shown.stars), "title": shown.title if has_title else ""}


def _own(review_id: int, may: Callable[[Any, Review], bool]) -> Review:
    shown = review_or_404(review_id)
    require(may(current_member(), shown))
    return shown
