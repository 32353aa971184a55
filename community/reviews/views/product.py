"""A product with what parents say of it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _
from flask_babel import ngettext

from community.core import clock
from community.core.permissions import Permission
from community.core.text import plain
from community.items.queries import refuses
from community.personalisation.slots import Slot
from community.personalisation.views.showing import offered
from community.profiles.queries import Family, family_of
from community.reviews import queries
from community.reviews.forms import AGES, STARS
from community.reviews.queries import Asked, Counts, ReviewLine
from community.shop.models import Product
from community.touchpoints.models import READING
from community.touchpoints.views import note_read
from community.web.access import current_member, everyone
from community.web.answers import page
from community.web.cache import generation_of_page, shared_page
from community.web.numbering import A_PAGE, address, asked_page, path_of_page
from community.web.schema import absolute, without_gaps

bp = Blueprint("product", __name__, url_prefix="/<site:site>/products")
IN_SCHEMA = 5  # so many reviews are told to search engines
MOST_TOLD = 1_000


@bp.get("/<string:slug>")
@everyone
@shared_page
def product(slug: str) -> Any:
    """Pictures, price, and the reviews with their histogram."""
    shown = product_or_404(slug)
    note_read(shown)
    reader, asked = current_member(), _asked(shown)
    _site, generation = generation_of_page()
    counts = queries.counts_of(asked, generation)
    place = asked_page(counts.of(asked))
    lines = queries.lines_of(asked, place.offset, A_PAGE, generation)
    return page(
        "reviews/product.html",
        product=shown,
        beside=queries.beside(shown, generation),
        reviews=lines,
        votes=queries.vote_by_id(reader, [line.id for line in lines]),
        may_vote=reader.can(Permission.POST_WRITE),
        place=place,
        path_of_page=path_of_page,
        histogram=_histogram(shown, asked, counts),
        filters=_filters(shown, asked, counts),
        sorts=_sorts(shown, asked),
        is_filtered=asked != Asked(shown.id, asked.reader_id, is_newest=asked.is_newest),
        is_counted=any(reader.consents_to(purpose) for purpose in READING),
        address=absolute(path_of_page(place.number)),
        picture=absolute(shown.picture.path(1280)) if shown.picture else "",
        schema=None if reader.is_member else _schema(shown, lines),
        recommended=_also(shown),
    )


def _also(shown: Product) -> Any:
    """What goes with a product, whatever week the reader is in; only "something changed" asks for their children."""
    reader, today = current_member(), clock.today(g.site.zone)
    family = family_of(reader, today) if reader.guarded_since else Family()
    return offered(Slot.PRODUCT, family, today, shown)


def product_or_404(slug: str) -> Product:
    """The product of this address, where the reader may see it."""
    return queries.product_at(g.site, slug) or abort(404)


def _asked(shown: Product) -> Asked:
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


def _path(shown: Product, asked: Asked, **other: Any) -> str:
    """The same page with something chosen otherwise, from its first reviews."""
    values = {
        "stars": asked.stars,
        "age": asked.band,
        "bought": "yes" if asked.is_verified else "",
        "sort": "newest" if asked.is_newest else "",
    } | other
    return address(shown.path, {name: value for name, value in values.items() if value}) + "#reviews"


def _histogram(shown: Product, asked: Asked, counts: Counts) -> list[dict[str, Any]]:
    by_stars = counts.by_stars(asked)
    total = sum(by_stars.values())
    return [
        {
            "label": STARS[stars],
            "percent": round(100 * count / total) if total else 0,
            "value": count,
            "path": _path(shown, asked, stars=None if asked.stars == stars else stars),
            "is_current": asked.stars == stars,
        }
        for stars, count in by_stars.items()
    ]


def _filters(shown: Product, asked: Asked, counts: Counts) -> list[dict[str, Any]]:
    """By the child's age where somebody told it, and by who bought it; each with how many there are."""
    ages = counts.by_band(asked)
    found = [
        {
            "label": f"{AGES[band]} ({ages[band]})",
            "path": _path(shown, asked, age="" if asked.band == band else band),
            "is_current": asked.band == band,
        }
        for band in AGES
        if band in ages
    ]
    verified = {
        "label": ngettext("%(num)d bought it", "%(num)d bought it", counts.verified(asked)),
        "path": _path(shown, asked, bought="" if asked.is_verified else "yes"),
        "is_current": asked.is_verified,
    }
    return [*found, *([verified] if counts.verified(asked) or asked.is_verified else [])]


def _sorts(shown: Product, asked: Asked) -> list[dict[str, Any]]:
    helpful, newest = _path(shown, asked, sort=""), _path(shown, asked, sort="newest")
    return [
        {"label": _("Most helpful"), "path": helpful, "is_current": not asked.is_newest},
        {"label": _("Newest"), "path": newest, "is_current": asked.is_newest},
    ]


def _schema(shown: Product, lines: Sequence[ReviewLine]) -> dict[str, Any]:
    """The product for search engines, which never sign in; with its rating only where somebody gave one."""
    price = shown.price_cents
    rating = {"@type": "AggregateRating", "ratingValue": round(shown.stars or 0, 2), "reviewCount": shown.review_count}
    offer = {
        "@type": "Offer",
        "price": f"{price / 100:.2f}" if price is not None else None,
        "priceCurrency": shown.currency,
        "url": shown.shop_url or absolute(shown.path),
        "availability": f"https://schema.org/{'InStock' if shown.is_available else 'OutOfStock'}",
    }
    told = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": shown.title,
        "description": shown.summary,
        "url": absolute(shown.path),
        "image": absolute(shown.picture.path(1280)) if shown.picture else None,
        "brand": {"@type": "Brand", "name": shown.brand} if shown.brand else None,
        "gtin": shown.gtin,
        "offers": offer if price is not None else None,
        "aggregateRating": rating if shown.review_count else None,
        "review": [_review_schema(line) for line in lines[:IN_SCHEMA]],
    }
    return without_gaps(told)


@lru_cache(MOST_TOLD)
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
