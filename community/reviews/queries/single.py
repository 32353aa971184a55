"""One review, a member's own, the sums that a product keeps, and what moderators did with reviews."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from community.core.db import db
from community.items.models import Item, State
from community.members.models import Member
from community.moderation.models import Decision, Deed
from community.reviews.models import Review, ReviewVote
from community.reviews.queries.listed import is_kept
from community.shop.models import Customer, Order, OrderLine, Product
from community.sites.models import Site


def review_by_id(site: Site, review_id: int) -> Review | None:
    """A review in whatever state, with its product, author and photo."""
    query = select(Review).where(Review.id == review_id, Review.site == site).options(*_parts())
    return db.session.scalar(query)


def review_of(member: Member, product: Product) -> Review | None:
    """The review that a member wrote of a product and did not take away."""
    query = select(Review).where(Review.product_id == product.id, Review.author_id == member.id)
    query = query.where(Review.state != State.DELETED).order_by(Review.id.desc())
    return db.session.scalar(query.options(*_parts()).limit(1))


def reviews_by(member: Member, limit: int) -> list[Review]:
    """What a member wrote and did not take away, latest first."""
    query = select(Review).where(Review.author_id == member.id, Review.state != State.DELETED)
    return list(db.session.scalars(query.options(joinedload(Review.product)).order_by(Review.id.desc()).limit(limit)))


def star_sum(product_id: int) -> tuple[int, int]:
    """How many live reviews a product has, and the sum of their stars."""
    query = select(func.count(), func.coalesce(func.sum(Review.stars), 0))
    row = db.session.execute(query.where(Review.product_id == product_id, Review.state == State.LIVE)).one()
    return row[0], row[1]


def votes_on(review_id: int) -> tuple[int, int]:
    """How many found a review helpful, and how many voted."""
    helpful = func.coalesce(func.sum(case((ReviewVote.is_helpful, 1), else_=0)), 0)
    row = db.session.execute(select(helpful, func.count()).where(ReviewVote.review_id == review_id)).one()
    return row[0], row[1]


def votes_by(member_id: int) -> list[Review]:
    """The reviews on which a member voted."""
    voted = select(ReviewVote.review_id).where(ReviewVote.member_id == member_id)
    return list(db.session.scalars(select(Review).where(Review.id.in_(voted)).order_by(Review.id)))


def unlinked_lines() -> list[tuple[int, int]]:
    """(review, order line) for members' reviews that rest on no kept line, though one is there now."""
    lines, orders = OrderLine.__table__, Order.__table__
    kept = select(OrderLine.id).join(Order, Order.id == OrderLine.order_id).where(is_kept(lines, orders))
    bought = (
        select(Review.id, func.max(OrderLine.id))
        .join(Customer, Customer.member_id == Review.author_id)
        .join(Order, Order.customer_id == Customer.id)
        .join(OrderLine, (OrderLine.order_id == Order.id) & (OrderLine.product_id == Review.product_id))
        .where(is_kept(lines, orders), Review.order_line_id.is_(None) | Review.order_line_id.not_in(kept))
        .group_by(Review.id)
    )
    return [(review_id, line_id) for review_id, line_id in db.session.execute(bought)]


def standing_of_site(site: Site) -> dict[str, dict[int, int]]:
    """How many reviews of a site are in each state, by stars."""
    query = select(Review.state, Review.stars, func.count()).where(Review.site == site)
    found: dict[str, dict[int, int]] = {}
    for state, stars, count in db.session.execute(query.group_by(Review.state, Review.stars)):
        found.setdefault(state, {})[stars] = count
    return found


def verified_count(site: Site) -> int:
    """How many live reviews of a site an order stands behind."""
    lines, orders = OrderLine.__table__, Order.__table__
    query = select(func.count()).select_from(Review).join(Review.order_line).join(OrderLine.order)
    return db.session.scalar(query.where(Review.site == site, Review.state == State.LIVE, is_kept(lines, orders))) or 0


def hidden_by_rule(site: Site) -> dict[str, int]:
    """How many of the reviews that moderators hid each rule explains."""
    query = select(Decision.reason, func.count(Decision.item_id.distinct()).label("hidden")).join(
        Item, Item.id == Decision.item_id
    )
    query = query.where(Item.kind == "review", Item.site == site, Item.state == State.HIDDEN)
    query = query.where(Decision.deed.in_((Deed.HIDE, Deed.MUTE, Deed.SUSPEND)), Decision.undone_at.is_(None))
    return {row.reason: row.hidden for row in db.session.execute(query.group_by(Decision.reason))}


def _parts() -> tuple[Any, ...]:
    return joinedload(Review.product), joinedload(Review.author), joinedload(Review.picture)
