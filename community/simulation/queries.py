"""What stands already: counts, themes and boards of a site, and the numbers that are taken."""

from typing import Any

from sqlalchemy import Table, func, select

from community.articles.models import Article
from community.chat.models import Room
from community.core.db import db
from community.forums.models import Board, Topic
from community.groups.models import Group, Membership
from community.items.models import Item, Post, Tag
from community.media.models import Picture
from community.members.models import Member
from community.reviews.models import Review
from community.shop.models import Product
from community.sites.models import Site
from community.touchpoints.models import Touchpoint

SIMULATED = "@simulated.example"
OF_A_DEMONSTRATION = "@demo.example"


def address_of(username: str) -> str:
    """The address of somebody simulated; nobody reads what is sent there."""
    return f"{username}{SIMULATED}"


def standing() -> dict[str, int]:
    """How large the community is; members: those that were simulated."""
    counted = {"articles": Article, "topics": Topic, "posts": Post, "touchpoints": Touchpoint}
    found = {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in counted.items()}
    members = select(func.count()).select_from(Member).where(Member.email.endswith(SIMULATED))
    return {"members": db.session.scalar(members) or 0, **found}


def has_members_of_its_own() -> bool:
    """Whether anybody is here who was neither simulated nor part of the demonstration."""
    known = Member.email.endswith(SIMULATED) | Member.email.endswith(OF_A_DEMONSTRATION)
    return db.session.scalar(select(Member.id).where(Member.email.is_not(None), ~known).limit(1)) is not None


def last_number(table: Table) -> int:
    """The highest number that a table has given."""
    return db.session.scalar(select(func.max(table.c.id))) or 0


def themes(site: Site) -> list[int]:
    """The numbers of a site's themes."""
    return list(db.session.scalars(select(Tag.id).where(Tag.site == site, Tag.is_theme.is_(True)).order_by(Tag.id)))


def boards(site: Site) -> list[Board]:
    """A site's boards, without those of clubs."""
    query = select(Board).where(Board.site == site, Board.group_id.is_(None)).order_by(Board.id)
    return list(db.session.scalars(query))


def clubs(site: Site) -> list[tuple[Group, Board]]:
    """A site's clubs with their boards."""
    query = select(Group, Board).join(Board, Board.group_id == Group.id).where(Group.site == site)
    return [(*row,) for row in db.session.execute(query.order_by(Group.month))]


def rooms(site: Site) -> dict[int | None, int]:
    """A site's rooms by club; its own is nobody's."""
    found = db.session.scalars(select(Room).where(Room.site == site))
    return {room.group_id: room.id for room in found}


def counts_of_product() -> dict[str, Any]:
    """What a product's columns say of its reviews, as expressions for an update of products."""
    of_it = Review.__table__.c.product_id == Product.__table__.c.id
    stars = func.coalesce(func.sum(Review.__table__.c.stars), 0)
    return {
        "review_count": select(func.count()).select_from(Review.__table__).where(of_it).scalar_subquery(),
        "star_sum": select(stars).where(of_it).scalar_subquery(),
    }


def pictures() -> list[int]:
    """The pictures that there are."""
    return list(db.session.scalars(select(Picture.id).order_by(Picture.id)))


def taken(column: Any) -> set[str]:
    """What stands in a column that holds nothing twice."""
    return set(db.session.scalars(select(column).where(column.is_not(None))))


def members_in_club() -> Any:
    """How many are in a club, as an expression for an update of clubs."""
    return select(func.count()).select_from(Membership).where(Membership.group_id == Group.id).scalar_subquery()


def last_post_number() -> Any:
    """The highest number of a post under an item, as an expression for an update of items."""
    return select(func.coalesce(func.max(Post.number), 0)).where(Post.item_id == Item.id).scalar_subquery()
