"""The reviews of a product as its page shows them: narrow statements that are built once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select

from community.core.asking import numbers, rows_of
from community.core.db import db
from community.core.memory import Memory
from community.items.models import Item, State
from community.items.models.ties import Follow
from community.items.queries import ANY_MEMBER, refused
from community.items.queries.shown import byline_of
from community.media.models import Picture
from community.members.models import Member
from community.reviews.models import Review, ReviewVote
from community.shop.models import Order, OrderLine
from community.shop.queries.orders import STANDING

SCALE = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Asked:
    """Which reviews of a product a reader asked for."""

    product_id: int
    reader_id: int | None  # of who muted or blocked somebody; all others find the same
    stars: int | None = None
    band: str = ""
    is_verified: bool = False
    is_newest: bool = False  # first; else the most helpful

    def holds(self, stars: int, band: str, is_verified: bool, but: str = "") -> bool:
        """Whether a review with this much of everything was asked for; `but` names what does not matter now."""
        return (
            (but == "stars" or self.stars in (None, stars))
            and (but == "band" or self.band in ("", band))
            and (but == "is_verified" or is_verified or not self.is_verified)
        )


@dataclass(frozen=True)
class Counts:
    """How many live reviews of a product there are of each sort: ((stars, band, verified), count)."""

    rows: tuple[tuple[tuple[int, str, bool], int], ...]

    def of(self, asked: Asked, but: str = "") -> int:
        """How many were asked for."""
        return sum(count for sort, count in self.rows if asked.holds(*sort, but=but))

    def by_stars(self, asked: Asked) -> dict[int, int]:
        """The histogram of what was asked for, five stars first."""
        return {stars: self._sum(asked, "stars", 0, stars) for stars in SCALE}

    def by_band(self, asked: Asked) -> dict[str, int]:
        """How many for each age of the child that somebody told."""
        bands = {band for (_stars, band, _verified), _count in self.rows if band}
        return {band: self._sum(asked, "band", 1, band) for band in bands}

    def verified(self, asked: Asked) -> int:
        """How many by parents who bought it."""
        return self._sum(asked, "is_verified", 2, True)

    def _sum(self, asked: Asked, but: str, place: int, value: Any) -> int:
        rows = ((sort, count) for sort, count in self.rows if sort[place] == value)
        return sum(count for sort, count in rows if asked.holds(*sort, but=but))


class Photo(NamedTuple):
    """A picture as a page needs it."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str


class ReviewLine(NamedTuple):
    """All that a page shows of a review, and nothing else: the same line looks the same."""

    id: int
    stars: int
    title: str
    good: str
    less_good: str
    body_html: str
    age_band: str
    is_verified: bool
    helpful_count: int
    vote_count: int
    published_at: datetime
    edited_at: datetime | None
    author_id: int | None
    byline: str
    path: str
    photo: Photo | None


_counts: Memory[Counts] = Memory(seconds=300, most=500)  # as old as a page in the cache may be
_lines: Memory[tuple[ReviewLine, ...]] = Memory(seconds=300, most=100)


def counts_of(asked: Asked, generation: int) -> Counts:
    """All figures of a product's page in one statement; once for all who find the same, while no page of the site
    has changed since."""
    if asked.reader_id is not None:
        return _counts_of(asked)
    return _counts.of((asked, generation), lambda: _counts_of(asked))


def lines_of(asked: Asked, offset: int, limit: int, generation: int) -> Sequence[ReviewLine]:
    """A stretch of a product's reviews, in the order that was asked for; kept as the figures are."""
    if asked.reader_id is not None:
        return _lines_of(asked, offset, limit)
    return _lines.of((asked, offset, limit, generation), lambda: _lines_of(asked, offset, limit))


def _counts_of(asked: Asked) -> Counts:
    rows = rows_of(_counted(asked.reader_id is not None), _values(asked))
    return Counts(tuple(((stars, band, bool(is_verified)), count) for stars, band, is_verified, count in rows))


def _lines_of(asked: Asked, offset: int, limit: int) -> tuple[ReviewLine, ...]:
    shape = asked.reader_id is not None, asked.stars is not None, bool(asked.band), asked.is_verified, asked.is_newest
    rows = rows_of(_listed(*shape), {**_values(asked), "offset": offset, "limit": limit}).all()
    photos = _photos([row.picture_id for row in rows if row.picture_id])
    return tuple(ReviewLine._make((*row[:-1], photos.get(row.picture_id))) for row in rows)


def line_of(review: Review) -> ReviewLine:
    """One review as a page shows it, in whatever state."""
    row = db.session.execute(_one(), {"id": review.id}).one()
    return ReviewLine._make((*row[:-1], _photos([row.picture_id] if row.picture_id else []).get(row.picture_id)))


def vote_by_id(reader: Any, review_ids: Iterable[int]) -> dict[int, bool]:
    """What a member said of each of these reviews: helpful or not."""
    ids = list(review_ids) if reader.is_member else []
    rows = rows_of(_VOTES, {"member_id": reader.id, "ids": ids}) if ids else ()
    return {review_id: bool(is_helpful) for review_id, is_helpful in rows}


def is_kept(lines: Any, orders: Any) -> Any:
    """The condition that what a line names was bought and not sent back; the badge rests on nothing else."""
    return and_(lines.c.quantity > 0, lines.c.returned_at.is_(None), orders.c.state.in_(STANDING))


def _photos(picture_ids: Sequence[int]) -> dict[int, Photo]:
    pictures = db.session.scalars(select(Picture).where(Picture.id.in_(picture_ids))) if picture_ids else ()
    return {
        picture.id: Photo(picture.path(320), picture.srcset, picture.width, picture.height, picture.alt)
        for picture in pictures
    }


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "product_id": asked.product_id,
        "reader_id": asked.reader_id,
        "stars": asked.stars,
        "band": asked.band,
    }


@lru_cache
def _counted(is_member: bool) -> Select[Any]:
    reviews = Review.__table__
    verified = _verified().label("is_verified")
    query = select(reviews.c.stars, reviews.c.age_band, verified, func.count().label("count")).select_from(_place())
    return _of_product(query, is_member).group_by(reviews.c.stars, reviews.c.age_band, verified)


@lru_cache
def _listed(is_member: bool, has_stars: bool, has_band: bool, is_verified: bool, is_newest: bool) -> Select[Any]:
    reviews, items = Review.__table__, Item.__table__
    query = _of_product(_seen(), is_member)
    if has_stars:
        query = query.where(reviews.c.stars == bindparam("stars"))
    if has_band:
        query = query.where(reviews.c.age_band == bindparam("band"))
    if is_verified:
        query = query.where(_verified())
    first = items.c.published_at if is_newest else reviews.c.helpful_bound
    query = query.order_by(first.desc(), reviews.c.id.desc())
    return query.offset(bindparam("offset")).limit(bindparam("limit"))


@lru_cache
def _one() -> Select[Any]:
    return _seen().where(Review.__table__.c.id == bindparam("id"))


def _seen() -> Select[Any]:
    """The columns of a `ReviewLine`."""
    reviews, items, author = Review.__table__, Item.__table__, Member.__table__
    columns = (
        *(reviews.c.id, reviews.c.stars, items.c.title, reviews.c.good, reviews.c.less_good, reviews.c.body_html),
        *(reviews.c.age_band, _verified().label("is_verified"), reviews.c.helpful_count, reviews.c.vote_count),
        *(
            func.coalesce(items.c.published_at, items.c.created_at),
            reviews.c.edited_at,
            items.c.author_id,
            byline_of(items, author),
            items.c.path,
        ),
        items.c.picture_id,
    )
    return select(*columns).select_from(_place().outerjoin(author, author.c.id == items.c.author_id))


def _place() -> Any:
    """Reviews with the order lines that they rest on."""
    reviews, items, lines, orders = Review.__table__, Item.__table__, OrderLine.__table__, Order.__table__
    place = reviews.join(items, items.c.id == reviews.c.id)
    place = place.outerjoin(lines, lines.c.id == reviews.c.order_line_id)
    return place.outerjoin(orders, orders.c.id == lines.c.order_id)


def _of_product(query: Select[Any], is_member: bool) -> Select[Any]:
    """Live reviews of a product, none by people whom the reader muted."""
    reviews, items = Review.__table__, Item.__table__
    query = query.where(reviews.c.product_id == bindparam("product_id"), items.c.state == State.LIVE)
    if not is_member:
        return query
    muted = refused(ANY_MEMBER, Follow.person_id)
    return query.where(items.c.author_id.is_(None) | items.c.author_id.not_in(muted))


def _verified() -> Any:
    lines, orders = OrderLine.__table__, Order.__table__
    return func.coalesce(is_kept(lines, orders), False)


_VOTES = select(ReviewVote.review_id, ReviewVote.is_helpful).where(
    ReviewVote.member_id == bindparam("member_id"), ReviewVote.review_id.in_(numbers("ids"))
)
