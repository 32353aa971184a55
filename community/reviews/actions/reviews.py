"""What members do with reviews: write, change, take away, bring back, and say which one helped."""

from dataclasses import dataclass, replace
from secrets import token_hex

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, update

from community.core import clock
from community.core.db import db, hold, insert_into, unit_of_work
from community.core.generation import changed
from community.core.jobs import every, job
from community.core.text import excerpt, to_safe_html
from community.items import actions as items
from community.items.models import Item, State
from community.items.queries import items_written_by
from community.media import actions as media
from community.media.models import Picture
from community.members.models import Member
from community.moderation.actions.screening import publish, screen_again
from community.reviews import queries
from community.reviews.models import Review, ReviewVote, lower_bound
from community.shop.models import Product
from community.shop.queries import bought_line
from community.touchpoints.actions import record
from community.touchpoints.models import Verb


@dataclass(frozen=True)
class Opinion:
    """What somebody says of a product."""

    stars: int
    title: str = ""
    body: str = ""
    good: str = ""
    less_good: str = ""
    age_band: str = ""


def write_review(product: Product, author: Member, opinion: Opinion, photo: Picture | None = None) -> Review:
    """A review: live at once, or held for a moderator. It is verified where an order of its author stands behind it."""
    review = new_review(product, opinion)
    review.author, review.author_id, review.picture = author, author.id, photo
    review.order_line = bought_line(author, product)
    db.session.flush()
    publish(review, author)
    return review


def new_review(product: Product, opinion: Opinion) -> Review:
    """The row of a review and its address; nobody's, and not live yet."""
    now = clock.now()
    review = Review(
        site=product.site,
        product=product,
        product_id=product.id,
        slug=f"new-{token_hex(8)}",
        path="",
        created_at=now,
        changed_at=now,
        state=State.DRAFT,
        stage_from=product.stage_from,
        stage_to=product.stage_to,
        stage_basis=product.stage_basis,
        tags=[],
    )
    _say(review, opinion)
    db.session.add(review)
    db.session.flush()
    items.move_item(review, str(review.id), f"{review.site.path}reviews/{review.id}")
    return review


def edit_review(review: Review, opinion: Opinion, photo: Picture | None, keeps_photo: bool) -> None:
    """Say it differently: what it says now, and with how many stars, is screened. The age stays as it was told."""
    _say(review, replace(opinion, age_band=review.age_band))
    review.edited_at = clock.now()
    if photo is not None or not keeps_photo:
        before, review.picture = review.picture, photo
        if before is not None and before.uploader_id == review.author_id:
            media.remove_picture(before)
    db.session.flush()
    screen_again(review)
    count_again(review)
    changed(review.site.code)


def take_away(review: Review) -> None:
    """Delete one's own review."""
    items.set_item_state(review, State.DELETED)


def bring_back(review: Review) -> None:
    """Undo what was just taken away: live, or waiting as it was before."""
    items.set_item_state(review, State.HELD if review.held_because else State.LIVE)


def vote(review: Review, member: Member, is_helpful: bool) -> None:
    """Say whether it helped; a later word takes the place of an earlier one, and is told once."""
    hold(review)
    row = insert_into(ReviewVote).values(
        review_id=review.id, member_id=member.id, is_helpful=is_helpful, at=clock.now()
    )
    first = db.session.scalar(row.on_conflict_do_nothing().returning(ReviewVote.review_id))
    if first is None:
        same = ReviewVote.review_id == review.id, ReviewVote.member_id == member.id
        db.session.execute(update(ReviewVote).where(*same).values(is_helpful=is_helpful))
    else:
        record(member, Verb.REVIEW_VOTED, review, author_id=review.author_id, is_helpful=is_helpful)
    _count_votes(review)
    changed(review.site.code)


def erase(member_id: int) -> None:
    """A member leaves: their votes are counted no more, and no order leads from a review to who wrote it."""
    voted = queries.votes_by(member_id)
    db.session.execute(delete(ReviewVote).where(ReviewVote.member_id == member_id))
    for review in voted:
        _count_votes(review)
    for item in items_written_by(member_id):
        if isinstance(item, Review):
            item.order_line_id = None


def count_again(item: Item) -> None:
    """What a product says of its reviews follows each change of one of them, in the same commit."""
    if not isinstance(item, Review):
        return
    db.session.flush()
    product = db.session.get_one(Product, item.product_id)
    hold(product)
    product.review_count, product.star_sum = queries.star_sum(product.id)


@every(3_600)
@job
def link_purchases() -> None:
    """Orders may come in after the review that they stand behind."""
    with unit_of_work():
        for review_id, line_id in queries.unlinked_lines():
            review = db.session.get_one(Review, review_id)
            review.order_line_id = line_id
            changed(review.site.code)


def title_without_words(product: Product) -> str:
    """How a review is called to which nobody gave a title."""
    with force_locale(product.site.locale):
        return _("Review of %(product)s", product=product.title)[:200]


def _say(review: Review, opinion: Opinion) -> None:
    review.stars, review.age_band = opinion.stars, opinion.age_band
    review.title = opinion.title or title_without_words(review.product)
    review.good, review.less_good = opinion.good, opinion.less_good
    review.body, review.body_html = opinion.body, to_safe_html(opinion.body)
    review.summary = excerpt(review.body_html) or opinion.good or opinion.less_good


def _count_votes(review: Review) -> None:
    db.session.flush()
    review.helpful_count, review.vote_count = queries.votes_on(review.id)
    review.helpful_bound = lower_bound(review.helpful_count, review.vote_count)
