"""A product with what parents say of it."""

from functools import lru_cache
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2.utils import htmlsafe_json_dumps

from community.core import clock
from community.core.permissions import Permission
from community.core.text import plain
from community.items.queries import refuses
from community.personalisation.slots import Slot
from community.personalisation.views.showing import offered
from community.profiles.queries import Family, family_of
from community.reviews import queries
from community.reviews.forms import AGES, STARS
from community.reviews.queries import Asked, Counts, ProductLook, ReviewLine
from community.shop.models import Product
from community.sites.models import Site
from community.touchpoints.models import READING
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import generation_of_page, shared_page
from community.web.numbering import A_PAGE, address, asked_page, path_of_page
from community.web.schema import absolute, without_gaps

bp = Blueprint("product", __name__, url_prefix="/<site:site>/products")
IN_SCHEMA = 5  # so many reviews are told to search engines
MOST_TOLD = 200


class Choices(NamedTuple):
    """What narrows and orders the reviews, as links."""

    histogram: tuple["Bar", ...]
    filters: tuple["Chip", ...]
    sorts: tuple["Chip", ...]


class Bar(NamedTuple):
    """One number of stars, with its share of all reviews."""

    label: str
    percent: int
    value: int
    path: str
    is_current: bool


class Chip(NamedTuple):
    """One choice among several."""

    label: str
    path: str
    is_current: bool


@bp.get("/<string:slug>")
@everyone
@shared_page
def product(slug: str) -> Any:
    """Pictures, price, and the reviews with their histogram."""
    _site, generation = generation_of_page()
    shown = queries.look_at(g.site, slug, generation) or abort(404)
    note_read(shown)
    reader, asked = current_member(), _asked(shown)
    counts = queries.counts_of(asked, generation)
    place = asked_page(counts.of(asked))
    lines = queries.lines_of(asked, place.offset, A_PAGE, generation)
    votes = queries.vote_by_id(reader, [line.id for line in lines])
    return page(
        "reviews/product.html",
        product=shown,
        lines=tuple((line, votes.get(line.id), reader.is_member and line.author_id == reader.id) for line in lines),
        may_vote=reader.can(Permission.POST_WRITE),
        place=place,
        path_of_page=path_of_page,
        choices=_choices(shown.path, asked, counts, g.site),
        is_filtered=asked != Asked(shown.id, asked.reader_id, is_newest=asked.is_newest),
        is_counted=any(reader.consents_to(purpose) for purpose in READING),
        address=absolute(path_of_page(place.number)),
        picture=absolute(shown.large_picture) if shown.picture else "",
        schema=None if reader.is_member else _schema(shown, tuple(lines[:IN_SCHEMA]), current_app.config["BASE_URL"]),
        recommended=_also(shown),
    )


def _also(shown: ProductLook) -> Any:
    """What goes with a product, whatever week the reader is in; only "something changed" asks for their children."""
    reader, today = current_member(), clock.today(g.site.zone)
    family = family_of(reader, today) if reader.guarded_since else Family()
    return offered(Slot.PRODUCT, family, today, shown)


def product_or_404(slug: str) -> Product:
    """The product of this address, where the reader may see it."""
    return queries.product_at(g.site, slug) or abort(404)


def _asked(shown: ProductLook) -> Asked:
    reader, stars, band = current_member(), request.args.get("stars", ""), request.args.get("age", "")
    if stars not in ("", "1", "2", "3", "4", "5") or band not in ("", *AGES):
        abort(404)
    return Asked(
        product_id=shown.id,
        reader_id=reader.id if refuses(reader) else None,
        stars=int(stars) if stars else None,
        band=band,
        is_verified=request.args.get("bought") == "yes",
        is_newest=request.args.get("sort") == "newest",
    )


@lru_cache(MOST_TOLD)
def _choices(path: str, asked: Asked, counts: Counts, _site: Site) -> Choices:
    """In the words of a site."""
    return Choices(_histogram(path, asked, counts), _filters(path, asked, counts), _sorts(path, asked))


def _path(path: str, asked: Asked, **other: Any) -> str:
    """The same page with something chosen otherwise, from its first reviews."""
    values = {
        "stars": asked.stars,
        "age": asked.band,
        "bought": "yes" if asked.is_verified else "",
        "sort": "newest" if asked.is_newest else "",
    } | other
    return address(path, {name: value for name, value in values.items() if value}) + "#reviews"


def _histogram(path: str, asked: Asked, counts: Counts) -> tuple[Bar, ...]:
    by_stars = counts.by_stars(asked)
    total = sum(by_stars.values())
    return tuple(
        Bar(
            label=str(STARS[stars]),
            percent=round(100 * count / total) if total else 0,
            value=count,
            path=_path(path, asked, stars=None if asked.stars == stars else stars),
            is_current=asked.stars == stars,
        )
        for stars, count in by_stars.items()
    )


def _filters(path: str, asked: Asked, counts: Counts) -> tuple[Chip, ...]:
    """By the child's age where somebody told it, and by who bought it; each with how many there are."""
    ages, bought = counts.by_band(asked), counts.verified(asked)
    found = [
        Chip(
            label=f"{AGES[band]} ({ages[band]})",
            path=_path(path, asked, age="" if asked.band == band else band),
            is_current=asked.band == band,
        )
        for band in AGES
        if band in ages
    ]
    if bought or asked.is_verified:
        label = ngettext("%(num)d bought it", "%(num)d bought it", bought)
        found.append(Chip(label, _path(path, asked, bought="" if asked.is_verified else "yes"), asked.is_verified))
    return tuple(found)


def _sorts(path: str, asked: Asked) -> tuple[Chip, ...]:
    return (
        Chip(_("Most helpful"), _path(path, asked, sort=""), not asked.is_newest),
        Chip(_("Newest"), _path(path, asked, sort="newest"), asked.is_newest),
    )


@lru_cache(MOST_TOLD)
def _schema(shown: ProductLook, lines: tuple[ReviewLine, ...], host: str) -> str:
    """The product for search engines, which never sign in, as JSON for a page; with its rating only where somebody
    gave one."""
    price = shown.price_cents
    rating = {"@type": "AggregateRating", "ratingValue": round(shown.stars or 0, 2), "reviewCount": shown.review_count}
    offer = {
        "@type": "Offer",
        "price": f"{price / 100:.2f}" if price is not None else None,
        "priceCurrency": shown.currency,
        "url": shown.shop_url or f"{host}{shown.path}",
        "availability": f"https://schema.org/{'InStock' if shown.is_available else 'OutOfStock'}",
    }
    told = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": shown.title,
        "description": shown.summary,
        "url": f"{host}{shown.path}",
        "image": f"{host}{shown.large_picture}" if shown.picture else None,
        "brand": {"@type": "Brand", "name": shown.brand} if shown.brand else None,
        "gtin": shown.gtin,
        "offers": offer if price is not None else None,
        "aggregateRating": rating if shown.review_count else None,
        "review": [_review_schema(line) for line in lines],
    }
    return htmlsafe_json_dumps(without_gaps(told))


def _review_schema(line: ReviewLine) -> dict[str, Any]:
    return without_gaps(
        {
            "@type": "Review",
            "name": line.title,
            "reviewRating": {"@type": "Rating", "ratingValue": line.stars, "bestRating": 5},
            "author": {"@type": "Person", "name": line.byline} if line.byline else None,
            "datePublished": line.published_at.date().isoformat(),
            "reviewBody": plain(line.body_html),
        }
    )
